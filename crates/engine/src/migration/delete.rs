//! Deleting from the manager what is verified in the store.

use super::journal::Record;
use super::text::Shape;
use super::{AT_ONCE, Migration};
use futures::StreamExt;
use strongroom_core::central::Visibility;
use strongroom_core::{Error, Kind, Result, SecretName};

/// A secret of the manager that may be deleted: the store has the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doomed {
    /// Its name in the manager.
    pub name: SecretName,
    pub(super) target: SecretName,
    pub(super) visibility: Visibility,
    pub(super) digest: String,
    /// Whether a run that was killed had deleted a part of it.
    pub(super) is_half: bool,
}

impl Migration<'_> {
    /// Notes that these are about to be deleted.
    ///
    /// # Errors
    /// When the journal cannot be written; then nothing may be deleted.
    pub fn begin_deleting(&self, doomed: &[Doomed]) -> Result<()> {
        let record = |Doomed { name, target, visibility, .. }: &Doomed| Record::Delete {
            name: name.to_string(),
            target: target.to_string(),
            private: *visibility == Visibility::Private,
        };
        self.journal.note(doomed.iter().map(record).collect())
    }

    /// Deletes these from the manager, side by side, each only if it still is what was migrated. Other writers of them must be kept
    /// away meanwhile.
    pub async fn delete<'d>(&self, doomed: &[&'d Doomed]) -> Vec<(&'d SecretName, Result<()>)> {
        let delete = |doomed: &'d Doomed| async move { (&doomed.name, self.delete_one(doomed).await) };
        futures::stream::iter(doomed.to_vec()).map(delete).buffer_unordered(AT_ONCE).collect().await
    }

    async fn delete_one(&self, doomed: &Doomed) -> Result<()> {
        let Doomed { name, target, visibility, digest, is_half } = doomed;
        let is_there = match self.source.get(name).await {
            Ok(None) => false,
            Ok(Some(secret)) if self.digest(&Shape::text(&secret.values).0) == *digest => true,
            Ok(Some(_)) => {
                return Err(Error::new(Kind::Conflict, format!("secret `{name}` was changed since it was migrated"))
                    .with_hint("it was not deleted; migrate it again"));
            }
            // what is left of it cannot be read, and the store has all of it
            Err(error) if *is_half && error.kind() == Kind::Corrupt => true,
            Err(error) => return Err(error),
        };
        if is_there {
            self.source.delete(name).await?;
        }
        let private = *visibility == Visibility::Private;
        self.journal.add(vec![Record::Deleted { name: name.to_string(), target: target.to_string(), private }])
    }
}
