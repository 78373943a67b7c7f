//! Secrets that are one item.

use super::{SecretsManager, Updated, check_validity};
use crate::{Error, Item, Kind, PutMode, Result, Secret, SecretName, Values};

/// How often an update is tried when others write the same secret on a service that can tell. Each conflict means that
/// another was done, so this many writers at once are all done in the end.
const ATTEMPTS: usize = 100;

impl SecretsManager {
    pub(super) async fn register_item(&self, secret: &Secret) -> Result<()> {
        let name = &secret.name;
        let item = self.layout.encode(secret, None)?;
        if let Some(found) = self.backend.get(&item.name, None).await?.filter(|found| !found.is_revived) {
            return Err(if self.layout.owns(name, &found.tags) {
                already_exists(name)
            } else {
                self.layout.foreign(name, &found.name, &found.tags)
            });
        }
        let atomic = self.backend.rules().compare_and_set;
        let mode = if atomic { PutMode::Create } else { PutMode::Upsert };
        match self.backend.put(&item, mode).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == Kind::AlreadyExists => Err(already_exists(name)),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn get_item(&self, name: &SecretName) -> Result<Option<Secret>> {
        let Some(item) = self.own_item(name).await? else { return Ok(None) };
        check_validity(name, item.validity)?;
        self.layout.decode(name, &item).map(Some)
    }

    pub(super) async fn update_item(
        &self,
        name: &SecretName,
        change: &(dyn Fn(Values) -> Result<Values> + Sync),
    ) -> Result<Updated> {
        let mut attempt = 1;
        loop {
            let item = self.own_item(name).await?.ok_or_else(|| Error::not_found("secret", name))?;
            check_validity(name, item.validity)?;
            let before = self.layout.decode(name, &item)?;
            let after = Self::new_secret(name, &before, change(before.values.clone())?)?;
            if after == before {
                return Ok(Updated::Unchanged);
            }
            let written = self.layout.encode(&after, Some(&item))?;
            let mode = match &item.revision {
                Some(revision) if self.backend.rules().compare_and_set => PutMode::Replace(revision),
                _ => PutMode::Upsert,
            };
            match self.backend.put(&written, mode).await {
                Ok(_) => return Ok(Updated::Written),
                Err(error)
                    if error.kind() == Kind::Conflict && matches!(mode, PutMode::Replace(_)) && attempt < ATTEMPTS =>
                {
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) async fn delete_item(&self, name: &SecretName) -> Result<bool> {
        let Some(item) = self.item_of(name).await? else { return Ok(false) };
        let was_there = self.backend.delete(&item.name, crate::DeleteMode::Recoverable).await?;
        // What came back to life by an interrupted register is gone for other machines too, and was never there for this one.
        Ok(was_there && !item.is_revived)
    }

    /// The item of `name` if it is this manager's and counts.
    async fn own_item(&self, name: &SecretName) -> Result<Option<Item>> {
        Ok(self.item_of(name).await?.filter(|item| !item.is_revived))
    }

    /// The item of `name` if it is this manager's, whatever its state.
    async fn item_of(&self, name: &SecretName) -> Result<Option<Item>> {
        let item = self.backend.get(&self.layout.item_name(name)?, None).await?;
        Ok(item.filter(|item| self.layout.owns(name, &item.tags)))
    }
}

pub(super) fn already_exists(name: &SecretName) -> Error {
    Error::already_exists("secret", name).with_hint(format!("change it with `update {name}`"))
}
