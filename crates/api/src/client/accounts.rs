//! Accounts and API keys over HTTP.

use super::Client;
use super::send::Request;
use super::wire::{AccountModel, Key};
use async_trait::async_trait;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use strongroom_core::central::{Account, AccountChange, AccountKind, Accounts, ApiKey, ApiKeyChange, NewAccount, Role};
use strongroom_core::query::{Page, Query};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// All of an account that can be written; what is `None` stays.
#[derive(Serialize, Default)]
struct Write<'a> {
    name: Option<&'a str>,
    full_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_admin: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    password: Option<&'a SecretString>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    old_password: Option<&'a SecretString>,
}

#[derive(Serialize)]
struct WriteKey<'a> {
    name: Option<&'a str>,
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
}

#[derive(Serialize)]
struct Rotate {
    retain_period_minutes: u32,
}

fn exposed<S: Serializer>(secret: &Option<&SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_some(secret.map_or("", ExposeSecret::expose_secret))
}

/// The route of a kind of accounts, and what to call one of them.
fn route(kind: AccountKind) -> (&'static str, &'static str) {
    match kind {
        AccountKind::User => ("users", "user"),
        AccountKind::Service => ("service_accounts", "service account"),
    }
}

/// What ZenML's own server knows of roles; service accounts have none there.
fn is_admin(kind: AccountKind, role: Option<Role>) -> Option<bool> {
    role.filter(|_| kind == AccountKind::User).map(|role| role == Role::Admin)
}

#[async_trait]
impl Accounts for Client {
    async fn current(&self) -> Result<Account> {
        self.ask::<AccountModel>(Request::get(&["current-user"], "the account")).await?.read(None)
    }

    async fn create_account(&self, account: NewAccount) -> Result<Account> {
        let NewAccount { kind, name, full_name, email, description, role, password, active } = &account;
        let (path, what) = route(*kind);
        let body = Write {
            name: Some(name),
            full_name: Some(full_name),
            email: email.as_deref(),
            description: (*kind == AccountKind::Service).then_some(description),
            is_admin: is_admin(*kind, Some(*role)),
            role: Some(role.as_str()),
            active: Some(*active),
            password: password.as_ref(),
            old_password: None,
        };
        let what = format!("{what} `{name}`");
        let path = [path];
        let request = Request::new(Method::POST, &path, &what).with_json(&body)?;
        self.ask::<AccountModel>(request).await?.read(Some(*kind))
    }

    async fn account(&self, kind: AccountKind, text: &str) -> Result<Account> {
        let (path, what) = route(kind);
        let what = format!("{what} `{text}`");
        self.ask::<AccountModel>(Request::get(&[path, text], &what)).await?.read(Some(kind))
    }

    async fn accounts(&self, kind: AccountKind, query: &Query<Account>) -> Result<Page<Account>> {
        self.page(&[route(kind).0], query, |account: AccountModel| account.read(Some(kind))).await
    }

    async fn update_account(&self, kind: AccountKind, text: &str, change: AccountChange) -> Result<Account> {
        let AccountChange { name, full_name, email, description, role, active, password, old_password } = &change;
        let (path, what) = route(kind);
        let body = Write {
            name: name.as_deref(),
            full_name: full_name.as_deref(),
            email: email.as_deref(),
            description: description.as_deref(),
            is_admin: is_admin(kind, *role),
            role: role.map(Role::as_str),
            active: *active,
            password: password.as_ref(),
            old_password: old_password.as_ref(),
        };
        let what = format!("{what} `{text}`");
        let path = [path, text];
        let request = Request::new(Method::PUT, &path, &what).with_json(&body)?;
        self.ask::<AccountModel>(request).await?.read(Some(kind))
    }

    async fn delete_account(&self, kind: AccountKind, text: &str) -> Result<()> {
        let (path, what) = route(kind);
        let what = format!("{what} `{text}`");
        self.ask::<()>(Request::new(Method::DELETE, &[path, text], &what)).await
    }

    async fn create_api_key(&self, account: Uuid, name: &str, description: &str) -> Result<ApiKey> {
        let (id, what) = (account.to_string(), format!("API key `{name}`"));
        let body = WriteKey { name: Some(name), description: Some(description), active: None };
        let path = ["service_accounts", &id, "api_keys"];
        let request = Request::new(Method::POST, &path, &what).with_json(&body)?;
        let made = self.ask::<Key>(request).await.map_err(|error| match error.kind() {
            // an answer that was lost may have shown it, and none will again
            Kind::AlreadyExists => error.with_hint("`rotate` replaces it, and shows the new one"),
            _ => error,
        });
        made?.read(account)
    }

    async fn api_key(&self, account: Uuid, text: &str) -> Result<ApiKey> {
        let (id, what) = (account.to_string(), format!("API key `{text}`"));
        self.ask::<Key>(Request::get(&["service_accounts", &id, "api_keys", text], &what)).await?.read(account)
    }

    async fn api_keys(&self, account: Uuid, query: &Query<ApiKey>) -> Result<Page<ApiKey>> {
        let id = account.to_string();
        self.page(&["service_accounts", &id, "api_keys"], query, |key: Key| key.read(account)).await
    }

    async fn update_api_key(&self, account: Uuid, text: &str, change: ApiKeyChange) -> Result<ApiKey> {
        let ApiKeyChange { name, description, active } = &change;
        let (id, what) = (account.to_string(), format!("API key `{text}`"));
        let body = WriteKey { name: name.as_deref(), description: description.as_deref(), active: *active };
        let path = ["service_accounts", &id, "api_keys", text];
        let request = Request::new(Method::PUT, &path, &what).with_json(&body)?;
        self.ask::<Key>(request).await?.read(account)
    }

    async fn rotate_api_key(&self, account: Uuid, text: &str, retain_minutes: u32) -> Result<ApiKey> {
        let (id, what) = (account.to_string(), format!("API key `{text}`"));
        let path = ["service_accounts", &id, "api_keys", text, "rotate"];
        let body = Rotate { retain_period_minutes: retain_minutes };
        let request = Request::new(Method::PUT, &path, &what).with_json(&body)?;
        let rotated = self.ask::<Key>(request).await.map_err(|error| match error.kind() {
            // by this very request: nothing else is a conflict here
            Kind::AlreadyExists => {
                Error::new(Kind::Conflict, format!("{what} was rotated, and the answer that showed it was lost"))
                    .with_hint("the key before is good as long as it was to be retained; rotating again ends it")
            }
            _ => error,
        });
        rotated?.read(account)
    }

    async fn delete_api_key(&self, account: Uuid, text: &str) -> Result<()> {
        let (id, what) = (account.to_string(), format!("API key `{text}`"));
        self.ask::<()>(Request::new(Method::DELETE, &["service_accounts", &id, "api_keys", text], &what)).await
    }
}
