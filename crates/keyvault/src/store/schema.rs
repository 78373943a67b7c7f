//! Tables of one instance, and what SQLite is told about safety.

use rusqlite::Connection;
use strongroom_core::{Error, Kind, Result};

/// The version of [`TABLES`], kept in SQLite's `user_version`.
const VERSION: i64 = 1;

/// `secrets.state`: 0 live, 1 deleted, 2 being purged; `busy_until` in milliseconds, `deleted` and `purge` in seconds.
/// The current version of a secret is the one with the largest `id`: versions made within a second have no other order.
const TABLES: &str = "
CREATE TABLE vaults (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE secrets (
    id INTEGER PRIMARY KEY,
    vault INTEGER NOT NULL REFERENCES vaults (id),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    managed INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    busy_until INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER,
    purge INTEGER,
    UNIQUE (vault, key)
) STRICT;
CREATE INDEX secrets_leaving ON secrets (state) WHERE state <> 0;
CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    secret INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    value BLOB NOT NULL,
    content_type TEXT,
    enabled INTEGER NOT NULL,
    not_before INTEGER,
    expires INTEGER,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    tags TEXT,
    UNIQUE (secret, version)
) STRICT;
CREATE INDEX versions_newest ON versions (secret, id);
";

/// Sets the connection up and makes the tables in a new database.
pub(super) fn prepare(connection: &mut Connection) -> Result<()> {
    let version = pragmas(connection).map_err(failed)?;
    match version {
        0 => {
            let transaction = connection.transaction().map_err(failed)?;
            transaction.execute_batch(TABLES).map_err(failed)?;
            transaction.pragma_update(None, "user_version", VERSION).map_err(failed)?;
            transaction.commit().map_err(failed)
        }
        VERSION => Ok(()),
        newer => {
            Err(Error::new(Kind::Unsupported, format!("the vaults are of version {newer}, newer than this program"))
                .with_hint("start the program that wrote them, or name another folder"))
        }
    }
}

/// Acknowledged means on disk (`FULL`), purged means overwritten (`secure_delete`).
fn pragmas(connection: &Connection) -> rusqlite::Result<i64> {
    // Answers with the mode it took; `memory` for a database in memory.
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn failed(error: rusqlite::Error) -> Error {
    Error::corrupt("the vaults' database cannot be opened").with_source(error)
}
