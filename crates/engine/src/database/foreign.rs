//! A database of somebody else, read and never written.

use super::connection::Link;
use super::{Connection, DatabaseUrl, Source, fault};
use rusqlite::OpenFlags;
use strongroom_core::{Error, Kind, Result};

impl Connection {
    /// Opens it for reading only.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when the file is not there, [`Kind::Corrupt`] when it is no database, [`Kind::Unavailable`] when the
    /// server does not answer, [`Kind::Unsupported`] for Postgres.
    pub(crate) async fn foreign(url: &DatabaseUrl) -> Result<Self> {
        if let Some(path) = url.file() {
            let shown = path.display();
            if !path.is_file() {
                return Err(Error::new(Kind::NotFound, format!("there is no database `{shown}`")));
            }
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let open = || {
                let connection = rusqlite::Connection::open_with_flags(&path, flags)?;
                connection
                    .execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 5000")?;
                connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
                Ok(connection)
            };
            let opened = open().map_err(|error| fault::sqlite(error).within(format!("cannot read `{shown}`")));
            return opened.map(|connection| Link::Sqlite(Box::new(connection)).into());
        }
        let text = url.expose();
        if text.starts_with("postgres") {
            return Err(Error::new(Kind::Unsupported, "ZenML keeps nothing in Postgres")
                .with_hint("its databases are SQLite files, and MySQL or MariaDB servers"));
        }
        let mut connection = Source::open(url).await?.connect().await?;
        // all that is read is of one moment
        connection.execute_text("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
        connection.execute_text("START TRANSACTION READ ONLY").await?;
        Ok(connection)
    }
}
