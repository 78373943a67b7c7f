//! Accounts and API keys, on behalf of a caller.

mod api_keys;
mod change;
mod import;
mod password;
mod rows;

pub(crate) use api_keys::KeyText;
pub(crate) use import::Take;
pub(crate) use password::Passwords;
pub(crate) use rows::{by_id, check_name};

use crate::access::{Wish, authorize};
use crate::audit::Action;
use crate::engine::Acting;
use async_trait::async_trait;
use change::{Create, Delete, Update};
use rows::{named, of_kind};
use strongroom_core::central::{Account, AccountChange, AccountKind, Accounts, ApiKey, ApiKeyChange, NewAccount};
use strongroom_core::query::{Page, Query};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

#[async_trait]
impl Accounts for Acting {
    async fn current(&self) -> Result<Account> {
        let mut reader = self.engine.database.read().await?;
        by_id(&mut reader, self.caller.id).await?.ok_or_else(|| Error::not_found("account", &self.caller.name))
    }

    async fn create_account(&self, account: NewAccount) -> Result<Account> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        rows::check_name(account.kind, &account.name)?;
        rows::check_texts(Some(&account.full_name), account.email.as_deref())?;
        let password = match &account.password {
            Some(password) => Some(self.engine.passwords.hash_of(password.clone()).await?),
            None => None,
        };
        let request = self.request(rows::what(account.kind));
        self.engine.database.change(Create { caller: self.caller.clone(), account, password, request }).await
    }

    async fn account(&self, kind: AccountKind, text: &str) -> Result<Account> {
        authorize(&self.caller, Wish::SeeAccounts, None)?;
        named(&mut *self.engine.database.read().await?, kind, text).await
    }

    async fn accounts(&self, kind: AccountKind, query: &Query<Account>) -> Result<Page<Account>> {
        authorize(&self.caller, Wish::SeeAccounts, None)?;
        query.page_of(of_kind(&mut *self.engine.database.read().await?, kind).await?)
    }

    async fn update_account(&self, kind: AccountKind, text: &str, change: AccountChange) -> Result<Account> {
        let found = named(&mut *self.engine.database.read().await?, kind, text).await;
        let is_own = found.as_ref().is_ok_and(|account| account.id == self.caller.id);
        // stock clients send the present name with every change
        let renames =
            change.name.as_ref().is_some_and(|name| !found.as_ref().is_ok_and(|account| account.name == *name));
        let raises = change.role.is_some() || change.active.is_some() || renames;
        if !is_own || raises {
            authorize(&self.caller, Wish::ManageAccounts, None)?;
        }
        let account = found?;
        if let Some(name) = &change.name {
            rows::check_name(kind, name)?;
        }
        rows::check_texts(change.full_name.as_deref(), change.email.as_deref())?;
        let password = match &change.password {
            None => None,
            Some(_) if kind == AccountKind::Service => {
                return Err(Error::invalid("a service account has no password; it has API keys"));
            }
            Some(password) => {
                if is_own {
                    self.prove(account.id, change.old_password.as_ref()).await?;
                }
                Some(self.engine.passwords.hash_of(password.clone()).await?)
            }
        };
        self.engine.database.change(Update { caller: self.caller.clone(), id: account.id, change, password }).await
    }

    async fn delete_account(&self, kind: AccountKind, text: &str) -> Result<()> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        let account = named(&mut *self.engine.database.read().await?, kind, text).await?;
        if account.id == self.caller.id {
            return Err(Error::new(Kind::Forbidden, "an account cannot remove itself"));
        }
        self.engine.database.change(Delete { caller: self.caller.clone(), id: account.id }).await
    }

    async fn create_api_key(&self, account: Uuid, name: &str, description: &str) -> Result<ApiKey> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        api_keys::create(self, account, name, description).await
    }

    async fn api_key(&self, account: Uuid, text: &str) -> Result<ApiKey> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        api_keys::named(&mut *self.engine.database.read().await?, account, text).await
    }

    async fn api_keys(&self, account: Uuid, query: &Query<ApiKey>) -> Result<Page<ApiKey>> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        query.page_of(api_keys::of_account(&mut *self.engine.database.read().await?, account).await?)
    }

    async fn update_api_key(&self, account: Uuid, text: &str, change: ApiKeyChange) -> Result<ApiKey> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        api_keys::change(self, account, text, api_keys::Change::Update(change), Action::KeyUpdate).await
    }

    async fn rotate_api_key(&self, account: Uuid, text: &str, retain_minutes: u32) -> Result<ApiKey> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        api_keys::change(self, account, text, api_keys::Change::Rotate(retain_minutes), Action::KeyRotate).await
    }

    async fn delete_api_key(&self, account: Uuid, text: &str) -> Result<()> {
        authorize(&self.caller, Wish::ManageAccounts, None)?;
        api_keys::change(self, account, text, api_keys::Change::Delete, Action::KeyDelete).await.map(|_| ())
    }
}
