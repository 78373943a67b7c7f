//! Several secrets in their writers' turns, and readers who must wait for a writer.

use super::lock::{WriteLock, in_order};
use super::{OpenManager, Session};
use futures::future::try_join_all;
use strongroom_core::{Error, Kind, Result, Secret, SecretName};

/// For how many secrets turns are held at once: twice what is deleted side by side.
const TURNS_AT_ONCE: usize = 32;

impl Session {
    /// Does `work` to all `names`, some at a time, each while it is this process's turn to write them. Says of how many it
    /// was true that they were there.
    ///
    /// # Errors
    /// As [`Self::lock`], and the first failure of `work`; once the service is [`Kind::Unavailable`], nothing more is begun.
    pub(crate) fn in_turns(
        &self,
        manager: &OpenManager,
        names: Vec<SecretName>,
        work: impl Fn(&[SecretName]) -> Result<usize>,
    ) -> Result<usize> {
        let (mut done, mut failure) = (0, None);
        for some in in_order(&manager.secrets, names).chunks(TURNS_AT_ONCE) {
            let turns = WriteLock::acquire_all(&self.home.locks(), &manager.secrets, some)?;
            match work(some) {
                Ok(count) => done += count,
                Err(error) if error.kind() == Kind::Unavailable => return Err(error),
                Err(error) => drop(failure.get_or_insert(error)),
            }
            drop(turns);
        }
        failure.map_or(Ok(done), Err)
    }

    /// These secrets, read side by side.
    ///
    /// One of several items that looks torn may be written at this moment by another process; it is looked at again when it is
    /// nobody else's turn.
    ///
    /// # Errors
    /// As [`strongroom_core::SecretsManager::require`].
    pub(crate) fn read(&self, manager: &OpenManager, names: &[SecretName]) -> Result<Vec<Secret>> {
        let read = || self.block_on(try_join_all(names.iter().map(|name| manager.secrets.require(name))));
        match read() {
            Err(error) if error.kind() == Kind::Corrupt && manager.secrets.is_per_key() => {
                let names = in_order(&manager.secrets, names.to_vec());
                let turns = WriteLock::acquire_all(&self.home.locks(), &manager.secrets, &names);
                turns.map_or(Err(error), |_turns| read())
            }
            outcome => outcome,
        }
    }

    /// One secret, as [`Self::read`] does.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn read_one(&self, manager: &OpenManager, name: &SecretName) -> Result<Secret> {
        let read = self.read(manager, std::slice::from_ref(name))?.pop();
        read.ok_or_else(|| Error::not_found("secret", name))
    }
}
