//! Taking back what migrations did: what they made goes, what they overwrote comes back, what they deleted is restored. Only
//! what nobody changed since; and a secret goes from the store only when the manager has it again.

use super::journal::{Entry, Origin, Record};
use super::standing::values_of;
use super::text::Shape;
use super::{AT_ONCE, Migration};
use futures::StreamExt;
use std::collections::BTreeMap;
use strongroom_core::central::{SecretChange, Visibility};
use strongroom_core::{Error, Kind, Result, Schema, Secret, SecretName};

/// What was done in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBack {
    /// The secret that a migration made is gone.
    Removed,
    /// The secret has the values from before.
    RolledBack,
    /// It was changed since, or was there before: it stays.
    Left,
    /// Nothing, or not to its end.
    Failed,
}

impl TakenBack {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::RolledBack => "rolled back",
            Self::Left => "left",
            Self::Failed => "failed",
        }
    }
}

/// What became of one secret.
#[derive(Debug)]
pub struct Undone {
    /// Its name in the manager.
    pub name: SecretName,
    /// Its name in the store.
    pub target: SecretName,
    /// What was done in the store.
    pub action: TakenBack,
    /// Whether it was written into the manager again.
    pub restored: bool,
    /// What went wrong, if something did.
    pub error: Option<Error>,
}

/// Whether anything was done, so that there is something to take back.
fn is_of_interest(entry: &&Entry) -> bool {
    entry.deleting || matches!(entry.origin, Origin::Created | Origin::Updated { .. })
}

impl Migration<'_> {
    /// The secrets that migrations did something with. The manager must have them before they go from the store.
    ///
    /// # Errors
    /// What reading the store fails with, and when the journal cannot be written.
    pub async fn to_undo(&self) -> Result<Vec<SecretName>> {
        self.settle_all().await?;
        Ok(self
            .journal
            .history(|history| history.entries().filter(is_of_interest).map(|entry| entry.name.clone()).collect()))
    }

    /// Writes those of these into the manager again that it does not have; says which. Other writers of them must be kept away
    /// meanwhile.
    pub async fn restore(&self, names: &[SecretName]) -> Vec<(SecretName, Result<bool>)> {
        let wanted = |entry: &&Entry| is_of_interest(entry) && names.contains(&entry.name);
        let mut entries = BTreeMap::<SecretName, Entry>::new();
        self.journal.history(|history| {
            // of several copies, the one that was verified before the deletion
            for entry in history.entries().filter(wanted) {
                if entry.deleting || !entries.contains_key(&entry.name) {
                    entries.insert(entry.name.clone(), entry.clone());
                }
            }
        });
        let restore = |entry: Entry| async move {
            let restored = self.restore_one(&entry).await;
            (entry.name, restored)
        };
        futures::stream::iter(entries.into_values()).map(restore).buffer_unordered(AT_ONCE).collect().await
    }

    async fn restore_one(&self, entry: &Entry) -> Result<bool> {
        let Entry { name, target, id, revision, digest, shape, .. } = entry;
        match self.source.get(name).await {
            Ok(Some(_)) => return Ok(false),
            Ok(None) => {}
            // a run was killed while it deleted one item of it after the other
            Err(error) if entry.deleting && !entry.deleted && error.kind() == Kind::Corrupt => {}
            Err(error) => return Err(error),
        }
        // the revision that was verified, whatever came after it
        let copy = self.store()?.get(*id, Some(*revision)).await?;
        let schema = copy.schema.as_deref().map_or(Schema::ARBITRARY, Schema::stored);
        let text = values_of(copy)?;
        if self.digest(&text) != *digest {
            return Err(Error::corrupt(format!("the store no longer has the values of `{target}` that were verified")));
        }
        let values = schema.check_stored(shape.restore(&text))?;
        self.source.register(&Secret { name: name.clone(), schema, values }).await?;
        let read = self.source.require(name).await?;
        if self.digest(&Shape::text(&read.values).0) != *digest {
            return Err(Error::corrupt(format!(
                "the secrets manager gives other values for `{name}` than it was given"
            )));
        }
        Ok(true)
    }

    /// Takes back what migrations did in the store; not for the secrets that `kept` names, which the manager did not get back.
    /// When nothing is left, the journal goes.
    ///
    /// # Errors
    /// What listing the store fails with, and when the journal cannot be written.
    pub async fn undo(
        &self,
        kept: &BTreeMap<SecretName, Error>,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Undone>> {
        let entries: Vec<Entry> = self.journal.history(|history| history.entries().cloned().collect());
        let wanted = entries.into_iter().filter(|entry| !kept.contains_key(&entry.name));
        let undo = |entry: Entry| async move {
            let undone = self.undo_one(&entry).await;
            (entry, undone)
        };
        let done = futures::stream::iter(wanted).map(undo).buffer_unordered(AT_ONCE);
        let done: Vec<_> =
            done.enumerate().inspect(|(index, _)| progress(index + 1)).map(|(_, done)| done).collect().await;
        let mut outcomes = Vec::new();
        for (Entry { name, target, .. }, undone) in done {
            let (action, error) = match undone {
                Ok(action) => (action, None),
                Err(error) => (TakenBack::Failed, Some(error)),
            };
            outcomes.push(Undone { name, target, action, restored: false, error });
        }
        outcomes.sort_by(|one, other| one.name.cmp(&other.name));
        self.journal.sync()?;
        if self.journal.history(|history| history.entries().next().is_none()) {
            self.journal.forget()?;
        }
        Ok(outcomes)
    }

    async fn undo_one(&self, entry: &Entry) -> Result<TakenBack> {
        let done = match &entry.origin {
            Origin::Created => self.remove(entry).await?,
            Origin::Updated { revision, schema } => self.roll_back(entry, *revision, schema.as_deref()).await?,
            Origin::Kept | Origin::Nowhere => TakenBack::Left,
        };
        let (name, target) = (entry.name.to_string(), entry.target.to_string());
        let private = entry.visibility == Visibility::Private;
        self.journal.add(vec![Record::Undone { name, target, private }])?;
        Ok(done)
    }

    async fn remove(&self, entry: &Entry) -> Result<TakenBack> {
        let store = self.store()?;
        let there = match store.get(entry.id, None).await {
            Ok(there) => there,
            Err(error) if error.kind() == Kind::NotFound => return Ok(TakenBack::Removed),
            Err(error) => return Err(error),
        };
        let is_same = there.revision == entry.revision && there.name == entry.target;
        if !is_same || self.digest(&values_of(there)?) != entry.digest {
            return Ok(TakenBack::Left);
        }
        store.delete(entry.id).await?;
        Ok(TakenBack::Removed)
    }

    async fn roll_back(&self, entry: &Entry, before: u32, schema: Option<&str>) -> Result<TakenBack> {
        let store = self.store()?;
        let there = match store.get(entry.id, None).await {
            Ok(there) => there,
            Err(error) if error.kind() == Kind::NotFound => return Ok(TakenBack::Left),
            Err(error) => return Err(error),
        };
        let (revision, has) = (there.revision, there.schema.clone());
        let now = self.digest(&values_of(there)?);
        if revision == entry.revision && now == entry.digest {
            store.rollback(entry.id, before).await?;
        } else if self.digest(&values_of(store.get(entry.id, Some(before)).await?)?) != now {
            return Ok(TakenBack::Left);
        }
        if has.as_deref() != schema {
            let schema = Some(schema.unwrap_or_default().to_owned());
            store.update(entry.id, SecretChange { schema, ..SecretChange::default() }).await?;
        }
        Ok(TakenBack::RolledBack)
    }
}
