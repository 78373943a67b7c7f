//! The file of an embedded database, and its connections that wait for use.

use super::{Connection, fault};
use rusqlite::OpenFlags;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::sync::Mutex;
use strongroom_core::{Error, Kind, Result};

/// How many connections wait for use.
const SPARE: usize = 8;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 128;

/// The settings of every connection: the log lets readers and the writer work at once, and every commit is synced to disk.
const SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -4000";

/// The file, 0600.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    /// Which file it is, whatever lies at the path.
    id: (u64, u64),
    spare: Mutex<Vec<Connection>>,
}

impl File {
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        let id = make_private(&path).and_then(|()| file_id(&path)).map_err(|error| {
            Error::new(Kind::Forbidden, format!("cannot use the database `{}`", path.display()))
                .with_hint("is its folder writable?")
                .with_source(error)
        })?;
        Ok(Self { path, id, spare: Mutex::new(Vec::new()) })
    }

    pub(super) fn is_there(&self) -> Result<()> {
        match file_id(&self.path) {
            Ok(id) if id == self.id => Ok(()),
            _ => Err(Error::new(Kind::Unavailable, "the file of the database was taken away or replaced")),
        }
    }

    pub(super) fn connect(&self) -> Result<rusqlite::Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(&self.path, flags)
            .and_then(|connection| connection.execute_batch(SETTINGS).map(|()| connection))
            .map_err(|error| {
                fault::opening(error).within(format!("cannot open the database `{}`", self.path.display()))
            })?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// A connection that waits for use.
    pub(super) fn spare(&self) -> Option<Connection> {
        self.spare.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop()
    }

    /// Takes a connection back.
    pub(super) fn keep(&self, connection: Connection) {
        let mut spare = self.spare.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if spare.len() < SPARE {
            spare.push(connection);
        }
    }
}

fn file_id(path: &std::path::Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

/// Makes the file, empty, if it is not there; takes it from everyone but its owner in either case. SQLite gives the files
/// of its log the same mode.
fn make_private(path: &std::path::Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.permissions().mode() & 0o077 == 0 => Ok(()),
        Ok(_) => fs::set_permissions(path, Permissions::from_mode(0o600)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            }
            let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
            file.set_permissions(Permissions::from_mode(0o600)) // whatever the umask took
        }
        Err(error) => Err(error),
    }
}
