//! Unscoped secrets: several items, found by one listing, read and written side by side.

use super::scoped::already_exists;
use super::{AT_ONCE, SecretsManager, Updated, check_validity};
use crate::layout::group::{SECRET, is_unmarked, same_item, torn, torn_error};
use crate::{
    DeleteMode, Error, Filter, Item, ItemMeta, ItemName, Kind, ManagerLayout, PutMode, Result, Secret, SecretName,
    Tags, Values,
};
use futures::{StreamExt, TryStreamExt};
use uuid::Uuid;

impl SecretsManager {
    pub(super) async fn register_group(&self, secret: &Secret) -> Result<()> {
        let name = &secret.name;
        let id = write_id();
        let entries = self.layout.encode_group(secret, &id, &[])?;
        let (own, all) = self.listing(name).await?;
        self.refuse_collisions(name, &entries, &all)?;
        // What an interrupted register left is written over; a whole secret is not.
        if !own.is_empty() && torn(own.iter().map(|meta| &meta.tags)).is_none() {
            return Err(already_exists(name));
        }
        self.replace(&own, &entries, &id).await
    }

    pub(super) async fn get_group(&self, name: &SecretName) -> Result<Option<Secret>> {
        // A writer may be at work between the listing and the reads; then, and only then, look again.
        for last in [false, true] {
            let own = self.own_entries(name).await?;
            if own.is_empty() {
                return Ok(None);
            }
            let items = self.fetch(&own).await?;
            let found = torn(items.iter().map(|item| &item.tags));
            match found {
                None if items.len() == own.len() => {
                    return self.assemble(name, &items).map(Some);
                }
                Some(why) if last || torn(own.iter().map(|meta| &meta.tags)).is_some() => {
                    return Err(torn_error(name, &why));
                }
                None if last => return Err(torn_error(name, "it is being deleted")),
                Some(_) | None => {}
            }
        }
        unreachable!("the second look returns")
    }

    /// The secret that all of its entries make up.
    pub(super) fn assemble(&self, name: &SecretName, items: &[Item]) -> Result<Secret> {
        items.iter().try_for_each(|item| check_validity(name, item.validity))?;
        let mut secret = self.layout.decode_group(name, items)?;
        secret.values = secret
            .schema
            .check_stored(secret.values)
            .map_err(|error| error.within(format!("secret `{name}` cannot be read")))?;
        Ok(secret)
    }

    pub(super) async fn update_group(
        &self,
        name: &SecretName,
        change: &(dyn Fn(Values) -> Result<Values> + Sync),
    ) -> Result<Updated> {
        let (own, all) = self.listing(name).await?;
        if own.is_empty() {
            return Err(Error::not_found("secret", name));
        }
        let items = self.fetch(&own).await?;
        items.iter().try_for_each(|item| check_validity(name, item.validity))?;
        let is_torn = torn(items.iter().map(|item| &item.tags)).is_some();
        let before = self.layout.decode_group(name, &items)?;
        let after = Self::new_secret(name, &before, change(before.values.clone())?)?;
        if after == before && !is_torn {
            return Ok(Updated::Unchanged);
        }
        let id = write_id();
        let entries = self.layout.encode_group(&after, &id, &items)?;
        self.refuse_collisions(name, &entries, &all)?;
        self.replace(&own, &entries, &id).await?;
        Ok(Updated::Written)
    }

    pub(super) async fn delete_group(&self, name: &SecretName) -> Result<bool> {
        let own = self.own_entries(name).await?;
        if own.is_empty() {
            return Ok(false);
        }
        self.replace(&own, &[], &write_id()).await?;
        Ok(true)
    }

    /// Puts `entries` in the place of `own`. At every moment a reader can tell that the write is not done.
    async fn replace(&self, own: &[ItemMeta], entries: &[Item], id: &str) -> Result<()> {
        let anchor = self.anchor(own, entries.len(), id).await?;
        let is_anchor = |name: &ItemName| anchor.as_ref().is_some_and(|anchor| same_item(anchor, name));
        let (last, others): (Vec<&Item>, Vec<&Item>) = entries.iter().partition(|entry| is_anchor(&entry.name));
        self.put_all(&others).await?;
        let stale = own.iter().map(|meta| &meta.name);
        let stale = stale.filter(|name| !is_anchor(name) && !entries.iter().any(|entry| same_item(&entry.name, name)));
        self.delete_items(stale).await?;
        match (&anchor, last.is_empty()) {
            (Some(anchor), true) => self.delete_items(std::iter::once(anchor)).await,
            _ => self.put_all(&last).await,
        }
    }

    /// Marks one of `own` as pending when some are not ours: without it a crash could leave a mix that looks whole.
    async fn anchor(&self, own: &[ItemMeta], entries: usize, id: &str) -> Result<Option<ItemName>> {
        if own.len().max(entries) < 2 || !own.iter().any(|meta| is_unmarked(&meta.tags)) {
            return Ok(None);
        }
        let items = self.fetch(&own[..1]).await?;
        let Some(first) = items.first() else { return Ok(None) };
        self.backend.put(&ManagerLayout::mark_pending(first, id), PutMode::Upsert).await?;
        Ok(Some(first.name.clone()))
    }

    /// Entries of `name`, and all entries of unscoped secrets.
    async fn listing(&self, name: &SecretName) -> Result<(Vec<ItemMeta>, Vec<ItemMeta>)> {
        let all: Vec<ItemMeta> = self.backend.list(self.layout.filter()).try_collect().await?;
        let own = all
            .iter()
            .filter(|meta| meta.tags.get(SECRET).map(String::as_str) == Some(name.as_str()))
            .cloned()
            .collect();
        Ok((own, all))
    }

    async fn own_entries(&self, name: &SecretName) -> Result<Vec<ItemMeta>> {
        let tags = Tags::from_iter([(SECRET.to_owned(), name.to_string())]);
        self.backend.list(Filter { tags, tagged: None }).try_collect().await
    }

    /// The values of `entries`, in their order; those that vanished meanwhile are left out.
    async fn fetch(&self, entries: &[ItemMeta]) -> Result<Vec<Item>> {
        let found: Vec<Option<Item>> = futures::stream::iter(entries)
            .map(|meta| self.backend.get(&meta.name, None))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().filter(|item| !item.is_revived).collect())
    }

    async fn put_all(&self, entries: &[&Item]) -> Result<()> {
        futures::stream::iter(entries)
            .map(|entry| self.backend.put(entry, PutMode::Upsert))
            .buffer_unordered(AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await
    }

    async fn delete_items<'a>(&self, names: impl Iterator<Item = &'a ItemName>) -> Result<()> {
        let names: Vec<_> = names.collect();
        futures::stream::iter(names)
            .map(|name| self.backend.delete(name, DeleteMode::Recoverable))
            .buffer_unordered(AT_ONCE)
            .try_for_each(|_| async { Ok(()) })
            .await
    }

    fn refuse_collisions(&self, name: &SecretName, entries: &[Item], all: &[ItemMeta]) -> Result<()> {
        match entries.iter().find_map(|entry| self.layout.collision(entry, all)) {
            None => Ok(()),
            Some(found) => {
                let other = found.tags.get(SECRET).map_or("?", String::as_str);
                Err(Error::new(
                    Kind::Conflict,
                    format!("cannot write secret `{name}`: one of its keys falls on a key of secret `{other}`"),
                )
                .with_hint("unscoped names join secret and key with `-`; choose another name or key"))
            }
        }
    }
}

fn write_id() -> String {
    Uuid::new_v4().simple().to_string()
}
