//! What a failure of a database means to a caller. Decided by code, never by text; no statement and no value is shown.

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
use strongroom_core::{Error, Kind};

/// Postgres: serialization failure and deadlock. MariaDB: deadlock (a lost certification of Galera too), and lock wait over.
const AGAIN: [&str; 4] = ["40001", "40P01", "1213", "1205"];

pub(super) fn damaged() -> Error {
    Error::corrupt("a row of the database is damaged")
}

pub(super) fn sqlite(error: rusqlite::Error) -> Error {
    let extended = error.sqlite_error().map_or(0, |error| error.extended_code);
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (Kind::Unavailable, "the database is in use by another process")
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            (Kind::Forbidden, "not allowed to use the database")
        }
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => (Kind::Unavailable, "cannot write the database"),
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

pub(super) fn remote(error: sqlx::Error) -> Error {
    let (kind, message) = match &error {
        sqlx::Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            let number = refusal
                .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                .map(|refusal| refusal.number().to_string());
            let is_again = AGAIN.contains(&&*code) || number.is_some_and(|number| AGAIN.contains(&&*number));
            if refusal.is_unique_violation() {
                (Kind::AlreadyExists, "it is already there")
            } else if refusal.is_foreign_key_violation() {
                (Kind::Conflict, "something else needs it")
            } else if is_again {
                (Kind::Unavailable, "the database asks to begin again")
            } else if code.starts_with("28") {
                (Kind::Unauthenticated, "the database refused the user or password")
            } else {
                (Kind::Corrupt, "the database refused a statement")
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => (Kind::Unavailable, "the database does not answer"),
        sqlx::Error::Configuration(_) => (Kind::Invalid, "the address of the database cannot be used"),
        _ => (Kind::Corrupt, "the database gave an answer that cannot be read"),
    };
    // a refusal's text may quote the row (Postgres' detail), so its code is all that is kept
    let cause = match &error {
        sqlx::Error::Database(refusal) => format!("code {}", refusal.code().unwrap_or_default()),
        sqlx::Error::Io(cause) => cause.to_string(),
        sqlx::Error::Tls(cause) => cause.to_string(),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index}"),
        _ => return Error::new(kind, message),
    };
    Error::new(kind, message).with_source(cause)
}
