//! What the vaults hold: one SQLite database per instance, in a file or in memory, by the same code.
//!
//! One connection behind a lock: a read takes some 5 µs, less than handing it to another thread would, and a change is
//! one transaction, flushed before it is acknowledged.

mod schema;
mod seal;
mod secrets;
mod versions;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use strongroom_core::{Error, Result};

use crate::refusal::Refusal;
use crate::switches::Millis;

pub(crate) use seal::Seal;
pub(crate) use secrets::{Phase, Secret};
pub(crate) use versions::Version;

/// The name of the database in a folder.
pub(crate) const FILE: &str = "vaults.db";

/// The database and the key its values are sealed with.
pub(crate) struct Store {
    connection: Mutex<Connection>,
    seal: Seal,
}

/// The database during one read or one change.
pub(crate) struct View<'a> {
    connection: &'a Connection,
    pub(crate) seal: &'a Seal,
}

impl Store {
    /// The database at `path`, made if it is not there, or one in memory.
    pub(crate) fn open(path: Option<&Path>, seal: Seal) -> Result<Self> {
        let opened = match path {
            // SQLite gives its side files the mode of the database, so the database must be private first.
            Some(path) => {
                touch_private(path).map_err(|error| crate::identity::cannot("create", path, error))?;
                Connection::open(path)
            }
            None => Connection::open_in_memory(),
        };
        let mut connection =
            opened.map_err(|error| Error::corrupt("the vaults' database cannot be opened").with_source(error))?;
        schema::prepare(&mut connection)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection: Mutex::new(connection), seal })
    }

    /// The row of the vault `name`, made if it is not there.
    pub(crate) fn vault(&self, name: &str) -> Result<i64> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let find = || connection.query_row("SELECT id FROM vaults WHERE name = ?1", [name], |row| row.get(0));
        let row = find().optional().and_then(|found| match found {
            Some(row) => Ok(row),
            None => connection.execute("INSERT INTO vaults (name) VALUES (?1)", [name]).and_then(|_| find()),
        });
        row.map_err(|error| Error::corrupt(format!("vault `{name}` cannot be opened")).with_source(error))
    }

    /// Looks something up.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&View<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(&View { connection: &connection, seal: &self.seal })
    }

    /// Changes something, wholly or not at all. What is past its retention is gone before `work` looks.
    pub(crate) fn change<T>(
        &self,
        now: Millis,
        work: impl FnOnce(&View<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let view = View { connection: &transaction, seal: &self.seal };
        view.sweep(now)?;
        let done = work(&view)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Folds the log into the database, so that a stopped instance is one file.
    pub(crate) fn checkpoint(&self) {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is lost without it: the next start reads the log.
        let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

fn touch_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
