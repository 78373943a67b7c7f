//! The database of the central store: SQLite, Postgres or MariaDB, behind one set of statements and one writer.

mod away;
mod connection;
mod fault;
mod foreign;
mod row;
mod schema;
mod server;
mod sqlite;
mod url;
mod writer;

pub(crate) use connection::Connection;
pub(crate) use row::{Param, Row, micros, now};
pub use url::DatabaseUrl;
pub(crate) use writer::{Change, Work};

use away::Away;
use connection::Link;
use sqlite::File;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use tokio::sync::mpsc;
use writer::Job;

/// How many changes may wait for the writer.
const QUEUE: usize = 4096;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// A file, embedded.
    Sqlite,
    /// Postgres.
    Postgres,
    /// MariaDB or MySQL.
    MariaDb,
}

impl Dialect {
    /// The word ZenML has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MariaDb => "mysql",
        }
    }
}

/// Where connections come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Sqlite(Arc<File>),
    Postgres(sqlx::PgPool),
    /// With the most bytes that it takes at once.
    MariaDb(sqlx::MySqlPool, usize),
}

impl Source {
    async fn open(url: &DatabaseUrl) -> Result<Self> {
        if let Some(path) = url.file() {
            return Ok(Self::Sqlite(Arc::new(File::open(path)?)));
        }
        let text = url.expose();
        if text.starts_with("postgres") {
            return Ok(Self::Postgres(server::postgres(text).await?));
        }
        let pool = server::mariadb(text).await?;
        let largest = server::largest_packet(&pool).await?;
        Ok(Self::MariaDb(pool, largest))
    }

    /// A connection for work.
    async fn connect(&self) -> Result<Connection> {
        self.first().await.map(Connection::at_work).map_err(fault::at_work)
    }

    /// A connection for opening the database: refusals say why.
    async fn first(&self) -> Result<Connection> {
        let failed = |error| fault::remote(&error).error;
        let link = match self {
            Self::Sqlite(file) => Link::Sqlite(Box::new(file.connect()?)),
            Self::Postgres(pool) => Link::Postgres(pool.acquire().await.map_err(failed)?),
            Self::MariaDb(pool, largest) => Link::MariaDb(pool.acquire().await.map_err(failed)?, *largest),
        };
        Ok(link.into())
    }

    /// The same, for somebody who does not wait so long.
    async fn connect_within(&self, time: Duration) -> Result<Connection> {
        match self {
            Self::Sqlite(_) => self.connect().await,
            Self::Postgres(_) | Self::MariaDb(..) => {
                tokio::time::timeout(time, self.connect()).await.unwrap_or_else(|_| Err(fault::silent().error))
            }
        }
    }

    /// Lets others go first who are ready to.
    async fn give_way(&self) {
        match self {
            Self::Sqlite(_) => std::thread::yield_now(),
            Self::Postgres(_) | Self::MariaDb(..) => tokio::task::yield_now().await,
        }
    }

    async fn pause(&self, time: Duration) {
        match self {
            // on a thread of its own, with no timer
            Self::Sqlite(_) => std::thread::sleep(time),
            Self::Postgres(_) | Self::MariaDb(..) => tokio::time::sleep(time).await,
        }
    }
}

/// The database, open.
#[derive(Debug)]
pub(crate) struct Database {
    source: Source,
    away: Away,
    writer: mpsc::Sender<Box<dyn Job>>,
}

impl Database {
    /// Opens it, with its tables, and starts the writer.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when it does not answer, [`Kind::Unauthenticated`] when it refuses the user, [`Kind::NotFound`] when
    /// the server has no such database, [`Kind::Forbidden`] when the user may not make its tables, [`Kind::Unsupported`] when a
    /// newer release wrote it, [`Kind::Corrupt`] when it is none of ours.
    pub(crate) async fn open(url: &DatabaseUrl) -> Result<Self> {
        let source = Source::open(url).await?;
        let mut connection = source.first().await?;
        schema::prepare(&mut connection).await?;
        crate::audit::Chain::begin(&mut connection).await?;
        let (writer, jobs) = mpsc::channel(QUEUE);
        match &source {
            Source::Sqlite(file) => {
                file.keep(connection.at_work());
                let work = writer::write(source.clone(), jobs);
                std::thread::Builder::new()
                    .name("writer".to_owned())
                    .spawn(move || futures::executor::block_on(work))
                    .map_err(|error| Error::new(Kind::Unavailable, "cannot start a thread").with_source(error))?;
            }
            Source::Postgres(_) | Source::MariaDb(..) => {
                tokio::spawn(writer::write(source.clone(), jobs));
            }
        }
        Ok(Self { source, away: Away::default(), writer })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.source {
            Source::Sqlite(_) => Dialect::Sqlite,
            Source::Postgres(_) => Dialect::Postgres,
            Source::MariaDb(..) => Dialect::MariaDb,
        }
    }

    /// Whether the file of an embedded database is still where it was: changes to one that was taken away are lost with it.
    ///
    /// # Errors
    /// [`Kind::Unavailable`].
    pub(crate) fn is_there(&self) -> Result<()> {
        match &self.source {
            Source::Sqlite(file) => file.is_there(),
            Source::Postgres(_) | Source::MariaDb(..) => Ok(()),
        }
    }

    /// A connection for reading; it goes back when it is dropped.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when there is none in time.
    pub(crate) async fn read(&self) -> Result<Reader<'_>> {
        let connection = match &self.source {
            Source::Sqlite(file) => match file.spare() {
                Some(connection) => connection,
                None => self.source.connect().await?,
            },
            Source::Postgres(_) | Source::MariaDb(..) => self.away.connect(&self.source).await?,
        };
        Ok(Reader { source: &self.source, connection: Some(connection) })
    }

    /// Makes a change, and returns when it is on disk.
    ///
    /// # Errors
    /// What the change refuses; [`Kind::Unavailable`] when the database cannot commit it: nothing was changed, or, when the
    /// connection broke during the commit, it is not known.
    pub(crate) async fn change<W: Work>(&self, work: W) -> Result<W::Done> {
        let (job, answer) = writer::job(work);
        let gone = || Error::new(Kind::Unavailable, "the database is closed");
        self.writer.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// A connection on loan.
#[derive(Debug)]
pub(crate) struct Reader<'d> {
    source: &'d Source,
    connection: Option<Connection>,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("given back on drop only")
    }
}

impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("given back on drop only")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let (Source::Sqlite(file), Some(connection)) = (self.source, self.connection.take()) {
            file.keep(connection);
        }
    }
}
