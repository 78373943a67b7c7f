//! Writers of one secret on one machine take turns: Key Vault has no conditional write.

use crate::home;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use strongroom_core::{Error, Kind, Result, SecretName, SecretsManager};

/// Longer than the default deadline of one command against a vault.
const PATIENCE: Duration = Duration::from_secs(35);
const PAUSE: Duration = Duration::from_millis(20);

/// The turn to write one secret. Dropping it passes the turn on; so does the end of the process, however it ends.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for the turn.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when others hold it for longer than a command may take.
    pub(super) fn acquire(folder: &Path, secrets: &SecretsManager, name: &SecretName) -> Result<Self> {
        Self::acquire_within(PATIENCE, folder, secrets, name)
    }

    /// Waits for the turns to write all of `names`, which are [`in_order`].
    ///
    /// # Errors
    /// As [`Self::acquire`].
    pub(super) fn acquire_all(folder: &Path, secrets: &SecretsManager, names: &[SecretName]) -> Result<Vec<Self>> {
        // Two names may share a turn, and nobody waits for oneself.
        let mut names: Vec<_> = names.iter().map(|name| (file_name(secrets, name), name)).collect();
        names.dedup_by(|(one, _), (other, _)| one == other);
        names.into_iter().map(|(_, name)| Self::acquire(folder, secrets, name)).collect()
    }

    fn acquire_within(patience: Duration, folder: &Path, secrets: &SecretsManager, name: &SecretName) -> Result<Self> {
        let path = folder.join(file_name(secrets, name));
        let file = home::open_private(&path)?;
        let give_up = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(
                        Kind::Unavailable,
                        format!("another process keeps writing secret `{name}`"),
                    )
                    .with_hint("try again when it is done"));
                }
                Err(TryLockError::Error(error)) => {
                    return Err(
                        Error::new(Kind::Unavailable, format!("cannot lock `{}`", path.display())).with_source(error)
                    );
                }
            }
        }
    }
}

/// `names` in the order in which all who need several turns must wait for them, so that no two wait for each other.
pub(super) fn in_order(secrets: &SecretsManager, mut names: Vec<SecretName>) -> Vec<SecretName> {
    names.sort_by_cached_key(|name| file_name(secrets, name));
    names
}

/// The lock file of the writers of `name`.
fn file_name(secrets: &SecretsManager, name: &SecretName) -> String {
    // Case is folded, as some services fold it; two names that share a lock by chance only wait for each other.
    let identity = format!("{} {}", secrets.backend(), secrets.turn(name)).to_lowercase();
    format!("{:016x}.lock", fnv(identity.as_bytes()))
}

/// FNV-1a, 64 bits: the same in every version of this program, which std's hasher does not promise.
pub(super) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use strongroom_backends::memory::{Memory, RULES};
    use strongroom_core::{Configuration, ManagerLayout, Owner};
    use uuid::Uuid;

    const SHORT: Duration = Duration::from_millis(60);

    fn manager(scope: &str) -> SecretsManager {
        let attributes = Configuration::from_iter([("scope".to_owned(), scope.to_owned())]);
        let owner = Owner { id: Uuid::nil(), name: "m".into() };
        let layout = ManagerLayout::new(&RULES, &attributes, owner).unwrap();
        SecretsManager::new(layout, Arc::new(Memory::new()))
    }

    #[test]
    fn one_writer_of_a_secret_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let locks = folder.path().join("locks");
        let turn = |manager: &SecretsManager, name: &str| {
            WriteLock::acquire_within(SHORT, &locks, manager, &name.parse().unwrap())
        };
        let global = manager("global");
        let first = turn(&global, "db").unwrap();
        assert_eq!(turn(&global, "DB").unwrap_err().kind(), Kind::Unavailable, "case is folded, as vaults do");
        let _other_name = turn(&global, "other").unwrap();
        let _other_scope = turn(&manager("component"), "db").unwrap();
        drop(first);
        let _second = turn(&global, "db").unwrap();
    }

    #[test]
    fn a_writer_waits_for_its_turn() {
        let folder = tempfile::tempdir().unwrap();
        let (global, name) = (manager("global"), "db".parse().unwrap());
        let first = WriteLock::acquire(folder.path(), &global, &name).unwrap();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| WriteLock::acquire(folder.path(), &global, &name).map(drop));
            thread::sleep(SHORT);
            assert!(!waiting.is_finished());
            drop(first);
            waiting.join().unwrap().unwrap();
        });
    }

    #[test]
    fn several_turns_are_waited_for_in_one_order_and_shared_ones_once() {
        let folder = tempfile::tempdir().unwrap();
        let global = manager("global");
        let names: Vec<SecretName> = ["b", "a", "A", "c"].map(|name| name.parse().unwrap()).into();
        let ordered = in_order(&global, names.clone());
        let reversed = in_order(&global, names.into_iter().rev().collect());
        let files = |names: &[SecretName]| names.iter().map(|name| file_name(&global, name)).collect::<Vec<_>>();
        assert_eq!(files(&ordered), files(&reversed));
        assert_eq!(WriteLock::acquire_all(folder.path(), &global, &ordered).unwrap().len(), 3);
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
