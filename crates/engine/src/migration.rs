//! Moving the secrets of a secrets manager into a central store, such that nothing is lost however it ends.
//!
//! ```text
//! read   the manager's secrets, side by side           SecretsManager::survey
//! plan   what each would be in the store, what is there plan.rs; who calls decides about each item
//! write  create or update, read back, compare           write.rs
//! delete from the manager, read once more before        delete.rs
//! ```
//! Before and after each step that changes something, the journal (`journal.rs`) has a record of it, so that a run that was killed
//! at any call is finished by the next, and `undo.rs` can take back what was done.

mod delete;
mod journal;
mod plan;
mod standing;
mod text;
mod undo;
mod write;

pub use delete::Doomed;
pub use plan::{Existing, Item, Plan, Standing};
pub use undo::{TakenBack, Undone};

use journal::Journal;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use strongroom_core::central::{Secrets, Visibility};
use strongroom_core::seal::Key;
use strongroom_core::{Error, Result, SecretName, SecretsManager, Values};
use uuid::Uuid;

/// How many secrets are deleted, or put back, side by side in the manager.
const AT_ONCE: usize = 16;
/// How many secrets are written or read side by side in the central store: those that are share its syncs to disk.
const IN_STORE: usize = 64;

/// What a run is to do; the journal keeps it for the run that resumes this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// Who shall see the secrets in the central store.
    pub visibility: Visibility,
    /// Which secrets; all if none is named.
    pub names: Vec<SecretName>,
    /// Other names in the central store.
    pub map: BTreeMap<SecretName, SecretName>,
    /// Whether secrets are deleted from the manager in the end.
    pub delete: bool,
    /// Whether nobody is asked: everything is migrated, and what differs is overwritten.
    pub unasked: bool,
}

/// An earlier run that did not do all it was to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// When it began, RFC 3339.
    pub begun: String,
    /// What it was to do.
    pub wishes: Wishes,
    /// How many secrets are verified in the store, and how many were decided on.
    pub verified: usize,
    /// See [`Self::verified`].
    pub decided: usize,
    /// How many failed, if it came to its end.
    pub failed: Option<usize>,
}

/// What became of one secret.
#[derive(Debug)]
pub struct Outcome {
    /// Its name in the manager.
    pub name: SecretName,
    /// Its name in the store.
    pub target: SecretName,
    /// What was done in the store.
    pub action: Action,
    /// Whether it was deleted from the manager.
    pub deleted: bool,
    /// Its id in the store.
    pub id: Option<Uuid>,
    /// Its revision in the store.
    pub revision: Option<u32>,
    /// The keyed digest of its values, equal on both sides.
    pub digest: Option<String>,
    /// What went wrong, if something did.
    pub error: Option<Error>,
}

/// What was done in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The secret was made.
    Created,
    /// The secret was there with other values, and was given these.
    Updated,
    /// The secret was there with these values.
    Skipped,
    /// Nobody wanted it migrated.
    Declined,
    /// Nothing, or not to its end.
    Failed,
}

impl Action {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Skipped => "skipped",
            Self::Declined => "declined",
            Self::Failed => "failed",
        }
    }
}

/// A migration from one manager into one store.
#[derive(Debug)]
pub struct Migration<'a> {
    source: &'a SecretsManager,
    /// Nothing when the store was never made; a dry run does not make it.
    target: Option<Arc<dyn Secrets>>,
    key: Arc<Key>,
    journal: Journal,
}

impl<'a> Migration<'a> {
    /// A migration that notes its steps in the file `journal`; `key` makes digests that cannot be compared with guesses.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Conflict`] when another process migrates between the two, [`strongroom_core::Kind::Corrupt`] when the
    /// journal is damaged.
    pub fn open(source: &'a SecretsManager, target: Arc<dyn Secrets>, key: Arc<Key>, journal: &Path) -> Result<Self> {
        Ok(Self { source, target: Some(target), key, journal: Journal::open(journal)? })
    }

    /// A migration that is only planned: it changes nothing.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn rehearse(
        source: &'a SecretsManager,
        target: Option<Arc<dyn Secrets>>,
        key: Arc<Key>,
        journal: &Path,
    ) -> Result<Self> {
        Ok(Self { source, target, key, journal: Journal::peek(journal)? })
    }

    /// The last run, if it did not do all it was to do.
    pub fn unfinished(&self) -> Option<Unfinished> {
        self.journal.history(|history| history.unfinished())
    }

    fn store(&self) -> Result<&dyn Secrets> {
        self.target.as_deref().ok_or_else(|| Error::not_found("the central store", "of this machine"))
    }

    fn digest(&self, values: &Values) -> String {
        text::digest(&self.key, values)
    }
}
