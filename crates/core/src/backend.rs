//! The contract of a back-end: one service that keeps named items.
//!
//! Promises, proven for each back-end by the contract suite in the test kit:
//! * A write is whole or not at all: value and tags arrive together, and a failed write leaves the old value readable.
//! * Absent is `None` or `false`, never an error; every other failure is an error. An item that [`Item::is_revived`] counts
//!   as absent too, and no listing shows it.
//! * What a call acknowledged, the next call sees.

use crate::{Error, ItemName, Result, Rules};
use async_trait::async_trait;
use futures::stream::BoxStream;
use indexmap::IndexMap;
use secrecy::SecretString;
use std::fmt::{Debug, Display};
use time::OffsetDateTime;

/// Tags of an item. Order is kept for writing; equality ignores it.
pub type Tags = IndexMap<String, String>;

/// One named entry in a service.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name in the service.
    pub name: ItemName,
    /// Its value, as the layout wrote it.
    pub value: SecretString,
    /// All tags; a write replaces those that were there.
    pub tags: Tags,
    /// The part of the tags that says whose item this is. A deleted item is brought back for a write only when it
    /// carries them; reading leaves this empty.
    pub identity: Tags,
    /// The media type, where the service keeps one.
    pub content_type: Option<String>,
    /// From when until when it may be used.
    pub validity: Validity,
    /// Which write this is; set by reading, ignored by writing.
    pub revision: Option<Revision>,
    /// Set by reading: a deleted item that was brought back to be written over, and that write has not come. It counts as
    /// absent; writing and deleting end the state.
    pub is_revived: bool,
}

impl Item {
    /// An item to be written, without media type and validity.
    pub fn new(name: ItemName, value: SecretString, tags: Tags) -> Self {
        Self {
            name,
            value,
            tags,
            identity: Tags::new(),
            content_type: None,
            validity: Validity::default(),
            revision: None,
            is_revived: false,
        }
    }
}

/// From when until when an item may be used; services report it, readers enforce it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// Not before this moment.
    pub from: Option<OffsetDateTime>,
    /// Not from this moment on.
    pub until: Option<OffsetDateTime>,
}

/// What a listing tells of an item: everything but the value.
#[derive(Debug, Clone)]
pub struct ItemMeta {
    /// Its name, in the spelling of the service.
    pub name: ItemName,
    /// Its tags.
    pub tags: Tags,
    /// Whether the service would hand out its value.
    pub enabled: bool,
    /// From when until when it may be used.
    pub validity: Validity,
    /// When its current value was written, if the service says.
    pub updated: Option<OffsetDateTime>,
}

/// The service's own name for one write of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(pub String);

/// What a write does when the item is, or is not, there.
#[derive(Debug, Clone, Copy)]
pub enum PutMode<'a> {
    /// Writes in either case.
    Upsert,
    /// Writes only when there is none, else [`crate::Kind::AlreadyExists`].
    Create,
    /// Writes only over this revision, else [`crate::Kind::Conflict`].
    Replace(&'a Revision),
}

/// How an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteMode {
    /// As the service does by itself; it may be able to bring it back.
    Recoverable,
    /// The same, without waiting until the name is free: for names that are never used again.
    Unawaited,
    /// For good.
    Purge,
}

/// Which items a listing yields. Services that can, filter at the source; the result is the same.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Tags that an item must carry with these values.
    pub tags: Tags,
    /// Tags that an item must carry, whatever the value.
    pub tagged: Option<&'static str>,
}

impl Filter {
    /// Whether an item with `tags` passes.
    pub fn matches(&self, tags: &Tags) -> bool {
        let carries = self.tags.iter().all(|(tag, value)| tags.get(tag) == Some(value));
        carries && self.tagged.is_none_or(|tag| tags.contains_key(tag))
    }
}

/// One service: a vault, a region, a mount, a file. `Display` names it for messages, such as its URL.
#[async_trait]
pub trait Backend: Debug + Display + Send + Sync + 'static {
    /// The limits and habits of the service.
    fn rules(&self) -> &'static Rules;

    /// The item of that name, or one earlier write of it; `None` when there is none.
    async fn get(&self, name: &ItemName, at: Option<&Revision>) -> Result<Option<Item>>;

    /// Writes value and tags in one step and says which write it was. A deleted item of that name that carries
    /// `item.identity` is written over; any other is [`crate::Kind::Conflict`].
    async fn put(&self, item: &Item, mode: PutMode<'_>) -> Result<Revision>;

    /// All items that pass `filter`, in no order, without values.
    fn list(&self, filter: Filter) -> BoxStream<'_, Result<ItemMeta>>;

    /// Removes the item and returns when its name is gone ([`DeleteMode::Unawaited`]: when the item is); `false` when it was not
    /// there.
    async fn delete(&self, name: &ItemName, mode: DeleteMode) -> Result<bool>;
}

/// The item, or an error that names it.
///
/// # Errors
/// [`crate::Kind::NotFound`] when there is none, and what [`Backend::get`] fails with.
pub async fn require(backend: &dyn Backend, name: &ItemName) -> Result<Item> {
    backend.get(name, None).await?.ok_or_else(|| Error::not_found("item", name))
}
