//! The central store as its users see it: secrets with an owner, a visibility and revisions, behind one trait.
//!
//! The engine implements [`Secrets`] in-process, the client of the REST API over HTTP; the command line sees only the trait.

mod account;
mod audit;

pub use account::{Account, AccountChange, AccountKind, Accounts, ApiKey, ApiKeyChange, NewAccount, Project, Role};
pub use audit::{Audit, AuditRecord, AuditState, Checker, Checkpoint, LinkedRecord, Verdict};

use crate::query::{Field, Filterable, Page, Query};
use crate::{Error, Result, SecretName, Value, Values};
use async_trait::async_trait;
use std::borrow::Cow;
use std::fmt::{self, Debug};
use time::OffsetDateTime;
use uuid::Uuid;

/// The id of a secret of the central store.
pub type SecretId = Uuid;

/// Who sees a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Visibility {
    /// Everyone who may read secrets. ZenML 0.44 calls this scope `workspace`.
    Public,
    /// Its owner only. ZenML 0.44 calls this scope `user`.
    Private,
}

impl Visibility {
    /// The word for messages and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An id with the name that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A secret of the central store. Lists leave `values` empty.
#[derive(Debug, Clone, PartialEq)]
pub struct CentralSecret {
    /// Its id, the same for ever.
    pub id: SecretId,
    /// Its name, unique among the public secrets and among the private ones of each owner.
    pub name: SecretName,
    /// Who sees it.
    pub visibility: Visibility,
    /// Who made it.
    pub owner: Named,
    /// The project (0.44: workspace) it was made in.
    pub project: Named,
    /// The schema it had in a secrets manager, if it was migrated from one.
    pub schema: Option<String>,
    /// Which write its values come from, from 1.
    pub revision: u32,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When its name, visibility or values last changed.
    pub updated: OffsetDateTime,
    /// Its keys and values; `None` in lists and for callers who may not read values.
    pub values: Option<Values>,
}

impl Filterable for CentralSecret {
    const FIELDS: &'static [&'static str] =
        &["id", "created", "updated", "name", "private", "user", "user_id", "scope"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![self.id]),
            "created" => Field::Time(self.created),
            "updated" => Field::Time(self.updated),
            "private" => Field::Flag(self.visibility == Visibility::Private),
            "user" => Field::Reference(self.owner.id, Cow::Borrowed(&self.owner.name)),
            "user_id" => Field::Ids(vec![self.owner.id]),
            "scope" => Field::Text(Cow::Borrowed(match self.visibility {
                Visibility::Public => "workspace",
                Visibility::Private => "user",
            })),
            _ => Field::Text(Cow::Borrowed(self.name.as_str())),
        }
    }
}

/// A secret to be made.
#[derive(Debug, Clone)]
pub struct NewSecret {
    /// Its name.
    pub name: SecretName,
    /// Who shall see it.
    pub visibility: Visibility,
    /// Its keys and values, all of them text.
    pub values: Values,
    /// The schema it had in a secrets manager.
    pub schema: Option<String>,
    /// The project it belongs to; `None` is the default one.
    pub project: Option<Uuid>,
    /// The id it shall have; `None` lets the store choose.
    pub id: Option<SecretId>,
}

impl NewSecret {
    /// A public secret of the default project.
    pub fn new(name: SecretName, values: Values) -> Self {
        Self { name, visibility: Visibility::Public, values, schema: None, project: None, id: None }
    }
}

/// What an update does to the values.
#[derive(Debug, Clone)]
pub enum ValuesChange {
    /// These keys and no others.
    Replace(Values),
    /// Each key gets its value; `None` removes it, and is nothing to a key that is not there.
    Patch(Vec<(String, Option<Value>)>),
}

/// What an update does to a secret; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct SecretChange {
    /// The new name.
    pub name: Option<SecretName>,
    /// The new visibility.
    pub visibility: Option<Visibility>,
    /// The new values.
    pub values: Option<ValuesChange>,
    /// The schema it has from now on; an empty one is none.
    pub schema: Option<String>,
    /// The revision that the change was made for; another one is a [`crate::Kind::Conflict`].
    pub if_revision: Option<u32>,
    /// Tells a repetition of this change from another one: what was done by this id within a day is not done again.
    pub request: Option<Uuid>,
}

/// One write of a secret's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionMeta {
    /// Its number, from 1.
    pub number: u32,
    /// When it was written.
    pub created: OffsetDateTime,
    /// Who wrote it.
    pub author: Named,
    /// Whether it is the one that is read now.
    pub is_current: bool,
}

/// How much of a name or id is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// A whole name, a whole id, or the beginning of an id.
    Exact,
    /// A part of a name will do when no whole one fits.
    Partial,
}

/// The secrets of a central store, as one caller may use them.
///
/// What a caller may not see is [`crate::Kind::NotFound`], as if it were not there; what a caller sees and may not change is
/// [`crate::Kind::Forbidden`].
#[async_trait]
pub trait Secrets: Debug + Send + Sync {
    /// Makes a secret.
    ///
    /// # Errors
    /// [`crate::Kind::AlreadyExists`] when the caller's visibility has one of that name, [`crate::Kind::Invalid`] for values
    /// that are too large or no text.
    async fn create(&self, secret: NewSecret) -> Result<CentralSecret>;

    /// A secret with its values, as they are or as they were at a revision.
    async fn get(&self, id: SecretId, revision: Option<u32>) -> Result<CentralSecret>;

    /// The one secret that `text` means, without values: its id, else its whole name (public before private), else the one
    /// whose id begins with it, else, with [`Lookup::Partial`], the one whose name contains it.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`], or [`crate::Kind::Invalid`] when several fit; the message lists them.
    async fn find(&self, text: &str, visibility: Option<Visibility>, lookup: Lookup) -> Result<CentralSecret>;

    /// One page of secrets, without values.
    async fn list(&self, query: &Query<CentralSecret>) -> Result<Page<CentralSecret>>;

    /// Changes a secret and returns it with its values. Equal values make no new revision.
    async fn update(&self, id: SecretId, change: SecretChange) -> Result<CentralSecret>;

    /// Removes a secret and all its revisions.
    async fn delete(&self, id: SecretId) -> Result<()>;

    /// The revisions that are kept, newest first.
    async fn history(&self, id: SecretId) -> Result<Vec<RevisionMeta>>;

    /// Writes the values of an earlier revision again, as a new one.
    async fn rollback(&self, id: SecretId, to: u32) -> Result<CentralSecret>;
}

/// The most bytes that all keys and values of a secret may have together, as in ZenML 0.98.
pub const LARGEST_SECRET: usize = 65_536;

/// Checks what every central store demands of values: text only, and 64 KiB of keys and values in UTF-8 at most.
///
/// # Errors
/// [`crate::Kind::Invalid`], with the key or the size.
pub fn check_central_values(values: &Values) -> Result<()> {
    let mut size = 0;
    for (key, value) in values.iter() {
        if !matches!(value, Value::Text(_)) {
            return Err(Error::invalid(format!("the value of `{key}` is no text")));
        }
        size += key.len() + value.expose().len();
    }
    if size > LARGEST_SECRET {
        let limit = LARGEST_SECRET;
        return Err(Error::invalid(format!("keys and values are {size} bytes together; {limit} is the limit")));
    }
    Ok(())
}
