//! A secrets manager: a layout over a back-end. Every call count below is what the vault sees.

mod scoped;
mod survey;
mod unscoped;

pub use survey::{Other, Survey};

use crate::{Backend, Error, Kind, ManagerLayout, Result, Scope, Secret, SecretName, Validity, Values};
use futures::{StreamExt, TryStreamExt};
use std::collections::BTreeSet;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use time::OffsetDateTime;

/// How many calls to one vault run at once.
const AT_ONCE: usize = 32;

/// The secrets of one stack component.
#[derive(Debug)]
pub struct SecretsManager {
    layout: ManagerLayout,
    backend: Arc<dyn Backend>,
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// A new version was written.
    Written,
    /// The values were the same; nothing was written.
    Unchanged,
}

impl SecretsManager {
    /// The manager whose secrets `backend` keeps in the spelling of `layout`.
    pub fn new(layout: ManagerLayout, backend: Arc<dyn Backend>) -> Self {
        Self { layout, backend }
    }

    /// The scope in which names are unique.
    pub fn scope(&self) -> &Scope {
        self.layout.scope()
    }

    /// The service behind.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    /// Writes a secret that is not there yet. Scoped: 2 calls.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`] when it is there; [`Kind::Conflict`] when its item is someone else's; [`Kind::Invalid`]
    /// before any call when the service cannot hold it.
    pub async fn register(&self, secret: &Secret) -> Result<()> {
        if self.layout.is_per_key() { self.register_group(secret).await } else { self.register_item(secret).await }
    }

    /// The secret of that name, or `None`. Scoped: 1 call; unscoped: a listing and one call per key, side by side.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when what is stored cannot be read as a whole secret; [`Kind::Forbidden`] when it is disabled or
    /// outside its validity.
    pub async fn get(&self, name: &SecretName) -> Result<Option<Secret>> {
        if self.layout.is_per_key() { self.get_group(name).await } else { self.get_item(name).await }
    }

    /// The secret of that name.
    ///
    /// # Errors
    /// As [`Self::get`], and [`Kind::NotFound`] when there is none.
    pub async fn require(&self, name: &SecretName) -> Result<Secret> {
        self.get(name).await?.ok_or_else(|| Error::not_found("secret", name))
    }

    /// Writes what `change` makes of the values that are there. Scoped: 2 calls, or 1 when nothing changes.
    ///
    /// An unscoped secret that an interrupted write left torn is mended: `change` gets the keys that are there.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is none, whatever `change` fails with, and as [`Self::register`].
    pub async fn update(
        &self,
        name: &SecretName,
        change: &(dyn Fn(Values) -> Result<Values> + Sync),
    ) -> Result<Updated> {
        if self.layout.is_per_key() {
            self.update_group(name, change).await
        } else {
            self.update_item(name, change).await
        }
    }

    /// Removes the secret; `false` when there was none. Scoped: 2 calls, and those that wait until it is gone.
    ///
    /// # Errors
    /// What the service fails with.
    pub async fn delete(&self, name: &SecretName) -> Result<bool> {
        if self.layout.is_per_key() { self.delete_group(name).await } else { self.delete_item(name).await }
    }

    /// The names of all secrets, sorted. One listing.
    ///
    /// # Errors
    /// What the service fails with.
    pub async fn list(&self) -> Result<Vec<SecretName>> {
        let mut names = BTreeSet::new();
        let mut items = self.backend.list(self.layout.filter());
        while let Some(item) = items.try_next().await? {
            names.extend(self.layout.secret_of(&item.name, &item.tags));
        }
        Ok(names.into_iter().collect())
    }

    /// Removes these secrets, side by side, and says how many of them were there.
    ///
    /// # Errors
    /// The first failure, after everything else was tried; once the service is [`Kind::Unavailable`], nothing more is begun.
    pub async fn delete_each(&self, names: &[SecretName]) -> Result<usize> {
        let is_over = &AtomicBool::new(false);
        let delete = |name| async move {
            let deleted = self.delete(name).await;
            let unavailable = deleted.as_ref().is_err_and(|error| error.kind() == Kind::Unavailable);
            is_over.fetch_or(unavailable, Ordering::Relaxed);
            deleted
        };
        let names = futures::stream::iter(names).take_while(|_| ready(!is_over.load(Ordering::Relaxed)));
        let results: Vec<_> = names.map(delete).buffer_unordered(AT_ONCE).collect().await;
        let were_there = results.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(were_there.into_iter().filter(|was_there| *was_there).count())
    }

    /// What writers of `name` take turns by: all who could write one of its items have the same.
    pub fn turn(&self, name: &SecretName) -> String {
        if self.layout.is_per_key() {
            // Names and keys are joined by `-`: `a-b` with key `c` and `a` with key `b-c` are one item.
            return name.as_str().split('-').next().unwrap_or_default().to_owned();
        }
        self.layout.item_name(name).map_or_else(|_| name.to_string(), |item| item.to_string())
    }

    /// Whether a secret is several items, so that who reads while another writes may see a part.
    pub fn is_per_key(&self) -> bool {
        self.layout.is_per_key()
    }

    /// `before` with other values, checked against its schema.
    fn new_secret(name: &SecretName, before: &Secret, values: Values) -> Result<Secret> {
        Secret::new(name.clone(), before.schema.clone(), values)
    }
}

/// Refuses a secret outside its validity; services hand such values out all the same.
fn check_validity(name: &SecretName, validity: Validity) -> Result<()> {
    let now = OffsetDateTime::now_utc();
    if let Some(until) = validity.until.filter(|until| *until <= now) {
        return Err(Error::new(Kind::Forbidden, format!("secret `{name}` has expired ({until})"))
            .with_hint("set a later expiry in the vault, or delete it and register it anew"));
    }
    if let Some(from) = validity.from.filter(|from| *from > now) {
        return Err(Error::new(Kind::Forbidden, format!("secret `{name}` is not valid yet (from {from})"))
            .with_hint("wait, or change its activation date in the vault"));
    }
    Ok(())
}
