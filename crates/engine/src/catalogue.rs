//! The catalogue file: opening it, and one transaction around every change.

mod active;
mod components;
mod import;
mod lookup;
mod open;
mod rows;
mod stacks;

pub use import::Imported;
pub use lookup::Match;
pub use stacks::Deleted;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::borrow::Cow;
use std::path::Path;
use strongroom_core::{Error, Kind, Result};

/// What ZenML calls the stack, orchestrator and artifact store that are always there.
pub(crate) const DEFAULT: &str = "default";

/// The components and stacks of one user. Opening is cheap; each thread opens its own.
///
/// Every change is one transaction, on disk when the call returns. Several processes may use one catalogue at once: writers
/// take turns and wait up to five seconds for each other, else [`Kind::Unavailable`].
#[derive(Debug)]
pub struct Catalogue {
    connection: Connection,
}

impl Catalogue {
    /// Opens the catalogue at `path`, or makes it, with the `default` stack in it and active.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when the file is no catalogue, [`Kind::Unsupported`] when a newer Strongroom wrote it,
    /// [`Kind::Forbidden`] when it cannot be read or written, [`Kind::Unavailable`] when others keep it locked.
    pub fn open(path: &Path) -> Result<Self> {
        open::open(path).map(|connection| Self { connection })
    }

    /// Runs `work` in one transaction that is the only writer from its start.
    fn change<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate).map_err(fault)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(fault)?;
        Ok(done)
    }

    /// Runs `work` on one state of the catalogue, whatever others write meanwhile.
    fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Deferred).map_err(fault)?;
        work(&transaction)
    }
}

/// What a failure of SQLite means to a caller.
fn fault(error: rusqlite::Error) -> Error {
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (Kind::Unavailable, "the catalogue is in use by another process")
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            (Kind::Forbidden, "not allowed to use the catalogue")
        }
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => (Kind::Unavailable, "cannot write the catalogue"),
        _ => (Kind::Corrupt, "the catalogue cannot be read"),
    };
    Error::new(kind, message).with_source(error)
}

/// Refuses names that cannot be shown or stored: empty, over 255 characters, or with control characters.
fn check_name(what: &str, name: &str) -> Result<()> {
    let length = name.chars().count();
    let complaint: Cow<'_, str> = if name.is_empty() {
        format!("a {what} needs a name").into()
    } else if name.chars().any(char::is_control) {
        format!("the {what} name {name:?} has a control character").into()
    } else if length > 255 {
        format!("the {what} name is {length} characters long; 255 is the limit").into()
    } else {
        return Ok(());
    };
    Err(Error::invalid(complaint.into_owned()))
}
