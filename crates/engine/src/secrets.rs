//! The secrets of the central store, on behalf of a caller.

mod create;
mod delete;
mod find;
mod list;
mod read;
mod revisions;
mod rows;
mod update;

/// See [`crate::access::authorize`].
pub(crate) fn allow(caller: &crate::access::Caller, wish: crate::access::Wish, secret: &CentralSecret) -> Result<()> {
    rows::allow(caller, wish, secret, secret.name.as_str())
}

pub(crate) use create::{adopt, insert};
pub(crate) use delete::remove;
pub(crate) use revisions::{add_revision, replace_receipt, trim};
pub(crate) use rows::{realm, taken, with_receipt};
pub(crate) use update::set_schema;

use crate::engine::Acting;
use crate::values::Nowhere;
use async_trait::async_trait;
use strongroom_core::central::{
    CentralSecret, Lookup, NewSecret, RevisionMeta, SecretChange, SecretId, Secrets, ValuesChange, Visibility,
};
use strongroom_core::query::{Page, Query};
use strongroom_core::{Error, Kind, Result};

impl Acting {
    /// Refuses what is asked of secrets where none are kept.
    fn is_on(&self) -> Result<()> {
        if self.engine.store_kind() == Nowhere::KIND { Err(Nowhere::refusal()) } else { Ok(()) }
    }

    /// What lists tell of one secret.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when the caller does not see it.
    pub async fn list_one(&self, id: SecretId) -> Result<CentralSecret> {
        self.is_on()?;
        read::seen(self, id).await
    }
}

#[async_trait]
impl Secrets for Acting {
    async fn create(&self, secret: NewSecret) -> Result<CentralSecret> {
        self.is_on()?;
        create::create(self, secret).await
    }

    async fn get(&self, id: SecretId, revision: Option<u32>) -> Result<CentralSecret> {
        self.is_on()?;
        read::get(self, id, revision).await
    }

    async fn find(&self, text: &str, visibility: Option<Visibility>, lookup: Lookup) -> Result<CentralSecret> {
        self.is_on()?;
        find::find(self, text, visibility, lookup).await
    }

    async fn list(&self, query: &Query<CentralSecret>) -> Result<Page<CentralSecret>> {
        self.is_on()?;
        list::list(&mut *self.engine.database.read().await?, &self.caller, query).await
    }

    async fn update(&self, id: SecretId, change: SecretChange) -> Result<CentralSecret> {
        self.is_on()?;
        update::update(self, id, change, crate::audit::Action::SecretUpdate).await
    }

    async fn delete(&self, id: SecretId) -> Result<()> {
        self.is_on()?;
        delete::delete(self, id).await
    }

    async fn history(&self, id: SecretId) -> Result<Vec<RevisionMeta>> {
        self.is_on()?;
        read::history(self, id).await
    }

    async fn rollback(&self, id: SecretId, to: u32) -> Result<CentralSecret> {
        let earlier = self.get(id, Some(to)).await?;
        let Some(values) = earlier.values else {
            return Err(Error::new(Kind::Forbidden, "rolling back takes the right to read values"));
        };
        let (values, request) = (Some(ValuesChange::Replace(values)), self.request(&format!("rollback of {id}")));
        let change = SecretChange { values, request, ..SecretChange::default() };
        update::update(self, id, change, crate::audit::Action::SecretRollback).await
    }
}
