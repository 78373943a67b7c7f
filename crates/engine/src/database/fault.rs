//! What a failure of a database means to a caller. Decided by code, never by text; no statement and no value is shown.

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;
use strongroom_core::{Error, Kind};

pub(super) fn damaged() -> Error {
    Error::corrupt("a row of the database is damaged")
}

/// What fails when the file is opened: there, a file that may not be used is the user's to mend.
pub(super) fn opening(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            Error::new(Kind::Forbidden, "not allowed to use the database").with_source(error)
        }
        _ => sqlite(error),
    }
}

pub(super) fn sqlite(error: rusqlite::Error) -> Error {
    let extended = error.sqlite_error().map_or(0, |error| error.extended_code);
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (Kind::Unavailable, "the database is in use by another process")
        }
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure,
        ) => (Kind::Unavailable, "cannot write the database"),
        Some(ErrorCode::TooBig) => (Kind::Invalid, "it is larger than the database takes"),
        Some(ErrorCode::ConstraintViolation) => match extended {
            SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY => (Kind::AlreadyExists, "it is already there"),
            SQLITE_CONSTRAINT_FOREIGNKEY => (Kind::Conflict, "something else needs it"),
            _ => (Kind::Corrupt, "the database refused a row"),
        },
        _ => (Kind::Corrupt, "the database cannot be read"),
    };
    // the cause names tables and columns, never the values bound to a statement
    Error::new(kind, message).with_source(error)
}

/// A statement that a server did not run.
pub(super) struct Fault {
    pub(super) error: Error,
    /// Whether the connection is of no more use, and what it was asked last may have been done or not.
    pub(super) is_lost: bool,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { error, is_lost: false }
    }
}

/// A refusal of an open database: who asks the store has done nothing wrong, and can do nothing about it.
pub(super) fn at_work(error: Error) -> Error {
    match error.kind() {
        Kind::Unauthenticated | Kind::Forbidden | Kind::NotFound => {
            let told = Error::new(Kind::Unavailable, "the database cannot be used at present");
            told.with_source(error.to_string())
        }
        _ => error,
    }
}

/// What to answer, what to try, and whether the connection ends.
type Meaning = (Kind, &'static str, Option<&'static str>, bool);

const AGAIN: Meaning = (Kind::Unavailable, "the database asks to begin again", None, false);
const BUSY: Meaning = (Kind::Unavailable, "the database takes no work at present", None, true);
const FORBIDDEN: Meaning = (
    Kind::Forbidden,
    "the database does not let this user do that",
    Some("let the user make tables, read and write in this database"),
    false,
);
const REFUSED: Meaning = (Kind::Unauthenticated, "the database refused the user or password", None, true);
const NO_DATABASE: Meaning = (
    Kind::NotFound,
    "the server has no database of that name",
    Some("make it with `CREATE DATABASE`, or correct its name in the address"),
    true,
);
const READ_ONLY: Meaning =
    (Kind::Unavailable, "the database is read-only; the address must name the server that takes writes", None, true);
const TOO_LONG: Meaning = (Kind::Invalid, "a text is longer than the database keeps", None, false);
const BAD_TEXT: Meaning = (Kind::Invalid, "a text has a character that the database cannot keep", None, false);
const STRANGE: Meaning = (Kind::Corrupt, "the database refused a statement", None, false);

/// By <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres(code: &str) -> Meaning {
    match code {
        // serialization failure, deadlock, a lock that was waited for too long, a transaction that failed before
        "40001" | "40P01" | "55P03" | "25P02" => AGAIN,
        "25006" => READ_ONLY,
        "42501" => FORBIDDEN,
        "3D000" => NO_DATABASE,
        "22001" => TOO_LONG,
        "22021" | "22P05" => BAD_TEXT,
        // the statement that was prepared is gone, or no more what it was
        "26000" | "0A000" => BUSY,
        _ => match code.get(..2) {
            Some("28") => REFUSED,
            // no connection, no resources, an administrator's intervention, a failure of the system
            Some("08" | "53" | "57" | "58") => BUSY,
            _ => STRANGE,
        },
    }
}

/// By <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
fn mariadb(number: u16) -> Meaning {
    match number {
        // a row changed since it was read, a lock that was waited for too long, deadlock (a lost certification of Galera too)
        1020 | 1205 | 1213 => AGAIN,
        // full, connections, shutdown, a node that is no part of its cluster, interruption, a connection that was killed
        1021 | 1114 | 1040 | 1203 | 1226 | 1129 | 1053 | 1079 | 1047 | 1317 | 1969 | 3024 | 1184 | 1927 => BUSY,
        1290 | 1792 | 1836 => READ_ONLY,
        1045 | 1698 => REFUSED,
        1044 | 1142 | 1143 | 1227 | 1370 => FORBIDDEN,
        1049 => NO_DATABASE,
        1406 => TOO_LONG,
        1366 => BAD_TEXT,
        _ => STRANGE,
    }
}

fn refusal(refusal: &dyn DatabaseError) -> Meaning {
    if refusal.is_unique_violation() {
        return (Kind::AlreadyExists, "it is already there", None, false);
    }
    if refusal.is_foreign_key_violation() {
        return (Kind::Conflict, "something else needs it", None, false);
    }
    match refusal.try_downcast_ref::<MySqlDatabaseError>() {
        Some(refusal) => mariadb(refusal.number()),
        None => postgres(&refusal.code().unwrap_or_default()),
    }
}

pub(super) fn remote(error: &sqlx::Error) -> Fault {
    let silent = (Kind::Unavailable, "the database does not answer", None, true);
    let (kind, message, hint, is_lost) = match error {
        sqlx::Error::Database(error) => refusal(&**error),
        sqlx::Error::Tls(_) => (
            Kind::Unavailable,
            "there is no safe connection to the database",
            Some(
                "`sslrootcert` (Postgres) or `ssl-ca` (MariaDB) in the address names the certificate of its authority",
            ),
            true,
        ),
        // a connection that ends in the middle of a message is told as a breach of the protocol
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => silent,
        sqlx::Error::Configuration(_) => (Kind::Invalid, "the address of the database cannot be used", None, true),
        _ => (Kind::Corrupt, "the database gave an answer that cannot be read", None, true),
    };
    // a refusal's text may quote the row (Postgres' detail), so its code is all that is kept
    let cause = match error {
        sqlx::Error::Database(error) => match error.try_downcast_ref::<MySqlDatabaseError>() {
            Some(error) => Some(format!("code {}", error.number())),
            None => Some(format!("code {}", error.code().unwrap_or_default())),
        },
        sqlx::Error::Io(cause) => Some(cause.to_string()),
        sqlx::Error::Tls(cause) => Some(cause.to_string()),
        sqlx::Error::ColumnDecode { index, .. } => Some(format!("column {index}")),
        _ => None,
    };
    let mut error = Error::new(kind, message);
    if let Some(hint) = hint {
        error = error.with_hint(hint);
    }
    if let Some(cause) = cause {
        error = error.with_source(cause);
    }
    Fault { error, is_lost }
}

/// No answer came in time.
pub(super) fn silent() -> Fault {
    let error =
        Error::new(Kind::Unavailable, "the database does not answer").with_source("no answer in time".to_owned());
    Fault { error, is_lost: true }
}
