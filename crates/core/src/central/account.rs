//! Who may use a central store: people with passwords, service accounts with API keys.

use super::Named;
use crate::query::{Field, Filterable, Page, Query};
use crate::{Error, Result};
use async_trait::async_trait;
use secrecy::SecretString;
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

/// What an account may do. Each role may do what those after it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Everything, accounts too.
    Admin,
    /// Change secrets.
    Editor,
    /// Read values.
    Reader,
    /// See names, never values.
    Lister,
}

impl Role {
    /// All roles, the one that may most first.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Editor, Self::Reader, Self::Lister];

    /// Its name in the command line, the REST API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Reader => "reader",
            Self::Lister => "lister",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let role = Self::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or_else(|| {
            Error::invalid(format!("`{text}` is no role")).with_hint("roles: admin, editor, reader, lister")
        })
    }
}

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// A person, who signs in with a password.
    User,
    /// A program, which signs in with an API key.
    Service,
}

/// An account of a central store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub kind: AccountKind,
    /// Its name, unique among all accounts.
    pub name: String,
    /// The person's or program's full name.
    pub full_name: String,
    /// The address of a person.
    pub email: Option<String>,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub role: Role,
    /// Whether it may sign in.
    pub active: bool,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it last changed.
    pub updated: OffsetDateTime,
}

impl Filterable for Account {
    const FIELDS: &'static [&'static str] =
        &["id", "created", "updated", "name", "full_name", "email", "description", "active", "is_admin"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![self.id]),
            "created" => Field::Time(self.created),
            "updated" => Field::Time(self.updated),
            "full_name" => Field::Text(Cow::Borrowed(&self.full_name)),
            "email" => Field::Text(Cow::Borrowed(self.email.as_deref().unwrap_or_default())),
            "description" => Field::Text(Cow::Borrowed(&self.description)),
            "active" => Field::Flag(self.active),
            "is_admin" => Field::Flag(self.role == Role::Admin),
            _ => Field::Text(Cow::Borrowed(&self.name)),
        }
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Whose it is.
    pub kind: AccountKind,
    /// Its name.
    pub name: String,
    /// The full name.
    pub full_name: String,
    /// The address of a person.
    pub email: Option<String>,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub role: Role,
    /// The password of a person; without one, nobody can sign in.
    pub password: Option<SecretString>,
    /// Whether it may sign in.
    pub active: bool,
}

/// A change of an account; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// The new name.
    pub name: Option<String>,
    /// The new full name.
    pub full_name: Option<String>,
    /// The new address.
    pub email: Option<String>,
    /// The new description.
    pub description: Option<String>,
    /// The new role.
    pub role: Option<Role>,
    /// Whether it may sign in from now on.
    pub active: Option<bool>,
    /// The new password.
    pub password: Option<SecretString>,
    /// The password that is in force; who changes the own password must give it.
    pub old_password: Option<SecretString>,
}

/// A key that a service account signs in with.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique within the account.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether it may be used.
    pub active: bool,
    /// The account it belongs to.
    pub account: Named,
    /// How many minutes the key before the last rotation stays good.
    pub retain_minutes: u32,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it last changed.
    pub updated: OffsetDateTime,
    /// When it was last used to sign in.
    pub last_login: Option<OffsetDateTime>,
    /// When it was last rotated.
    pub last_rotated: Option<OffsetDateTime>,
    /// The key itself, `ZENKEY_…`; shown once, when it is made or rotated.
    pub key: Option<SecretString>,
}

impl Filterable for ApiKey {
    const FIELDS: &'static [&'static str] = &["id", "created", "updated", "name", "description", "active"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![self.id]),
            "created" => Field::Time(self.created),
            "updated" => Field::Time(self.updated),
            "description" => Field::Text(Cow::Borrowed(&self.description)),
            "active" => Field::Flag(self.active),
            _ => Field::Text(Cow::Borrowed(&self.name)),
        }
    }
}

/// A change of an API key; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ApiKeyChange {
    /// The new name.
    pub name: Option<String>,
    /// The new description.
    pub description: Option<String>,
    /// Whether it may be used from now on.
    pub active: Option<bool>,
}

/// The accounts of a central store. Changes are for administrators, but for one's own account.
///
/// `text` is a name or an id. What is not there is [`crate::Kind::NotFound`], a name that is taken
/// [`crate::Kind::AlreadyExists`], what the caller may not do [`crate::Kind::Forbidden`].
#[async_trait]
pub trait Accounts: Debug + Send + Sync {
    /// The account that calls.
    async fn current(&self) -> Result<Account>;

    /// Makes an account.
    async fn create_account(&self, account: NewAccount) -> Result<Account>;

    /// One account of that kind.
    async fn account(&self, kind: AccountKind, text: &str) -> Result<Account>;

    /// One page of accounts of that kind.
    async fn accounts(&self, kind: AccountKind, query: &Query<Account>) -> Result<Page<Account>>;

    /// Changes an account.
    async fn update_account(&self, kind: AccountKind, text: &str, change: AccountChange) -> Result<Account>;

    /// Removes an account; one that owns secrets is [`crate::Kind::Forbidden`], as in ZenML.
    async fn delete_account(&self, kind: AccountKind, text: &str) -> Result<()>;

    /// Makes an API key and shows it, this once.
    async fn create_api_key(&self, account: Uuid, name: &str, description: &str) -> Result<ApiKey>;

    /// One API key of a service account.
    async fn api_key(&self, account: Uuid, text: &str) -> Result<ApiKey>;

    /// One page of the API keys of a service account.
    async fn api_keys(&self, account: Uuid, query: &Query<ApiKey>) -> Result<Page<ApiKey>>;

    /// Changes an API key.
    async fn update_api_key(&self, account: Uuid, text: &str, change: ApiKeyChange) -> Result<ApiKey>;

    /// Replaces a key and shows the new one, this once; the old one stays good for `retain_minutes`.
    async fn rotate_api_key(&self, account: Uuid, text: &str, retain_minutes: u32) -> Result<ApiKey>;

    /// Removes an API key; the tokens it got end.
    async fn delete_api_key(&self, account: Uuid, text: &str) -> Result<()>;
}

/// A name that secrets are filed under; ZenML 0.44 calls it a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique.
    pub name: String,
    /// The name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it last changed.
    pub updated: OffsetDateTime,
}

impl Filterable for Project {
    const FIELDS: &'static [&'static str] = &["id", "created", "updated", "name", "display_name"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![self.id]),
            "created" => Field::Time(self.created),
            "updated" => Field::Time(self.updated),
            "display_name" => Field::Text(Cow::Borrowed(&self.display_name)),
            _ => Field::Text(Cow::Borrowed(&self.name)),
        }
    }
}
