//! One connection to one of three databases, and the statements they share.

use super::Dialect;
use super::fault::{self, Fault};
use super::row::{Cell, Param, Row};
use rusqlite::types::ValueRef;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Column, Executor, MySql, Postgres, Row as _, TypeInfo};
use std::borrow::Cow;
use std::time::Duration;
use strongroom_core::{Error, Result};

/// How long a server may take for one statement: longer than it waits for a lock itself.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same for a statement that waits for no lock.
const IMPATIENCE: Duration = Duration::from_secs(10);
/// What a statement of MariaDB's protocol takes beside its parameters, generously.
const AROUND: usize = 4096;

/// A connection. Statements are written with `?`, in words that all three databases know.
pub(crate) struct Connection {
    link: Link,
    is_lost: bool,
    /// Whether the database was opened: what goes wrong from then on is no fault of who asks.
    is_at_work: bool,
}

pub(super) enum Link {
    /// Called inline: reading a row takes less than handing it to another thread would.
    Sqlite(Box<rusqlite::Connection>),
    Postgres(PoolConnection<Postgres>),
    /// With the most bytes that it takes at once.
    MariaDb(PoolConnection<MySql>, usize),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Connection").field(&self.dialect()).finish()
    }
}

impl From<Link> for Connection {
    fn from(link: Link) -> Self {
        Self { link, is_lost: false, is_at_work: false }
    }
}

impl Connection {
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.link {
            Link::Sqlite(_) => Dialect::Sqlite,
            Link::Postgres(_) => Dialect::Postgres,
            Link::MariaDb(..) => Dialect::MariaDb,
        }
    }

    /// The same for the work of an open database.
    pub(super) fn at_work(self) -> Self {
        Self { is_at_work: true, ..self }
    }

    /// Whether it broke: what it was asked last may have been done or not, and it can be asked nothing more.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The rows that a statement finds.
    pub(crate) async fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        // Postgres keeps no such text, and none is ever written: there is nothing to find
        if has_nul(params) {
            return Ok(Vec::new());
        }
        let found = match &mut self.link {
            Link::Sqlite(connection) => sqlite_rows(connection, sql, params, usize::MAX).map_err(Fault::from),
            Link::Postgres(connection) => {
                let query = bind(sqlx::query(AssertSqlSafe(numbered(sql))), params);
                let rows = answered(query.fetch_all(&mut **connection)).await;
                rows.and_then(|rows| rows.iter().map(postgres_row).collect())
            }
            Link::MariaDb(connection, largest) => {
                fits(params, *largest)?;
                let query = bind(sqlx::query(AssertSqlSafe(sql.to_owned())), params);
                let rows = answered(query.fetch_all(&mut **connection)).await;
                rows.and_then(|rows| rows.iter().map(mariadb_row).collect())
            }
        };
        self.settle(found)
    }

    /// The first row that a statement finds.
    pub(crate) async fn row(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>> {
        if let Link::Sqlite(connection) = &self.link
            && !has_nul(params)
        {
            let found = sqlite_rows(connection, sql, params, 1).map_err(Fault::from);
            return Ok(self.settle(found)?.pop());
        }
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// How many rows a statement changed.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::AlreadyExists`] when a unique value is taken, [`strongroom_core::Kind::Invalid`] for what no database keeps, [`strongroom_core::Kind::Unavailable`]
    /// when the transaction must be begun again.
    pub(crate) async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        if has_nul(params) {
            return Err(Error::invalid("a text with a NUL character cannot be kept"));
        }
        let done = match &mut self.link {
            Link::Sqlite(connection) => sqlite_execute(connection, sql, params).map_err(Fault::from),
            Link::Postgres(connection) => {
                let query = bind(sqlx::query(AssertSqlSafe(numbered(sql))), params);
                answered(query.execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
            Link::MariaDb(connection, largest) => {
                fits(params, *largest)?;
                let query = bind(sqlx::query(AssertSqlSafe(sql.to_owned())), params);
                answered(query.execute(&mut **connection)).await.map(|done| done.rows_affected())
            }
        };
        self.settle(done)
    }

    /// Runs statements that have no parameters and cannot be prepared, such as those of transactions.
    pub(super) async fn execute_text(&mut self, sql: &str) -> Result<()> {
        self.execute_text_within(PATIENCE, sql).await
    }

    /// The same for the beginning of a transaction, which waits for no lock: a server that stands still is found out sooner.
    pub(super) async fn begin(&mut self, sql: &str) -> Result<()> {
        self.execute_text_within(IMPATIENCE, sql).await
    }

    async fn execute_text_within(&mut self, time: Duration, sql: &str) -> Result<()> {
        let text = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match &mut self.link {
            Link::Sqlite(connection) => connection.execute_batch(sql).map_err(|error| fault::sqlite(error).into()),
            Link::Postgres(connection) => answered_within(time, connection.execute(text)).await.map(|_| ()),
            Link::MariaDb(connection, _) => answered_within(time, connection.execute(text)).await.map(|_| ()),
        };
        self.settle(done)
    }

    /// Keeps a connection that broke from being used again.
    fn settle<T>(&mut self, done: Result<T, Fault>) -> Result<T> {
        done.map_err(|Fault { error, is_lost }| {
            if is_lost && !self.is_lost {
                self.is_lost = true;
                match &mut self.link {
                    Link::Sqlite(_) => {}
                    Link::Postgres(connection) => connection.close_on_drop(),
                    Link::MariaDb(connection, _) => connection.close_on_drop(),
                }
            }
            if self.is_at_work { fault::at_work(error) } else { error }
        })
    }
}

async fn answered<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Fault> {
    answered_within(PATIENCE, answer).await
}

async fn answered_within<T>(time: Duration, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Fault> {
    match tokio::time::timeout(time, answer).await {
        Ok(answer) => answer.map_err(|error| fault::remote(&error)),
        Err(_) => Err(fault::silent()),
    }
}

fn has_nul(params: &[Param<'_>]) -> bool {
    params.iter().any(|param| matches!(param, Param::Text(Some(text)) if text.contains('\0')))
}

/// MariaDB breaks the connection when it is sent more than it takes, and the changes of others with it.
fn fits(params: &[Param<'_>], largest: usize) -> Result<()> {
    let size = |param: &Param<'_>| match param {
        Param::Text(Some(text)) => text.len(),
        Param::Blob(Some(bytes)) => bytes.len(),
        _ => 40,
    };
    match params.iter().map(size).sum::<usize>() + AROUND > largest {
        false => Ok(()),
        true => Err(Error::invalid(format!("it is larger than the {largest} bytes that the database takes at once"))
            .with_hint("raise `max_allowed_packet` of the database server")),
    }
}

fn sqlite_rows(connection: &rusqlite::Connection, sql: &str, params: &[Param<'_>], most: usize) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql).map_err(fault::sqlite)?;
    bind_sqlite(&mut statement, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while found.len() < most
        && let Some(row) = rows.next().map_err(fault::sqlite)?
    {
        let cell = |at| {
            Ok(match row.get_ref(at).map_err(fault::sqlite)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Int(number),
                ValueRef::Real(_) => return Err(fault::damaged()),
                ValueRef::Text(text) => Cell::Text(String::from_utf8(text.to_vec()).map_err(|_| fault::damaged())?),
                ValueRef::Blob(bytes) => Cell::Blob(bytes.to_vec()),
            })
        };
        found.push(Row::new((0..columns).map(cell).collect::<Result<_>>()?));
    }
    Ok(found)
}

fn sqlite_execute(connection: &rusqlite::Connection, sql: &str, params: &[Param<'_>]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql).map_err(fault::sqlite)?;
    bind_sqlite(&mut statement, params)?;
    statement.raw_execute().map(|count| count as u64).map_err(fault::sqlite)
}

fn bind_sqlite(statement: &mut rusqlite::Statement<'_>, params: &[Param<'_>]) -> Result<()> {
    for (at, param) in params.iter().enumerate() {
        let at = at + 1;
        match param {
            Param::Int(number) => statement.raw_bind_parameter(at, number),
            Param::Text(text) => statement.raw_bind_parameter(at, text),
            Param::Id(Some(id)) => {
                let mut room = [0; uuid::fmt::Hyphenated::LENGTH];
                statement.raw_bind_parameter(at, &*id.hyphenated().encode_lower(&mut room))
            }
            Param::Id(None) => statement.raw_bind_parameter(at, None::<&str>),
            Param::Blob(bytes) => statement.raw_bind_parameter(at, bytes),
        }
        .map_err(fault::sqlite)?;
    }
    Ok(())
}

fn bind<'q, D: sqlx::Database>(
    mut query: sqlx::query::Query<'q, D, D::Arguments>,
    params: &'q [Param<'_>],
) -> sqlx::query::Query<'q, D, D::Arguments>
where
    Option<i64>: sqlx::Encode<'q, D> + sqlx::Type<D>,
    Option<&'q str>: sqlx::Encode<'q, D> + sqlx::Type<D>,
    Option<String>: sqlx::Encode<'q, D> + sqlx::Type<D>,
    Option<&'q [u8]>: sqlx::Encode<'q, D> + sqlx::Type<D>,
{
    for param in params {
        query = match param {
            Param::Int(number) => query.bind(*number),
            Param::Text(text) => query.bind(*text),
            Param::Id(id) => query.bind(id.map(|id| id.to_string())),
            Param::Blob(bytes) => query.bind(*bytes),
        };
    }
    query
}

/// `?` in Postgres' words: `$1`, `$2` … No statement has a question mark elsewhere.
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    for (at, part) in sql.split('?').enumerate() {
        if at > 0 {
            text.push('$');
            text.push_str(&at.to_string());
        }
        text.push_str(part);
    }
    text
}

fn postgres_row(row: &sqlx::postgres::PgRow) -> Result<Row, Fault> {
    let cell = |(at, column): (usize, &sqlx::postgres::PgColumn)| -> Result<Cell, sqlx::Error> {
        Ok(match column.type_info().name() {
            "INT8" => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Null, Cell::Int),
            "INT4" => row.try_get::<Option<i32>, _>(at)?.map_or(Cell::Null, |number| Cell::Int(number.into())),
            "BYTEA" => row.try_get::<Option<Vec<u8>>, _>(at)?.map_or(Cell::Null, Cell::Blob),
            _ => row.try_get::<Option<String>, _>(at)?.map_or(Cell::Null, Cell::Text),
        })
    };
    let cells = row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>();
    cells.map(Row::new).map_err(|error| fault::remote(&error))
}

fn mariadb_row(row: &sqlx::mysql::MySqlRow) -> Result<Row, Fault> {
    let cell = |(at, column): (usize, &sqlx::mysql::MySqlColumn)| -> Result<Cell, sqlx::Error> {
        let name: Cow<'_, str> = column.type_info().name().into();
        Ok(match &*name {
            "BIGINT" | "INT" => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Null, Cell::Int),
            _ => row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?.map_or(Cell::Null, Cell::Blob),
        })
    };
    let cells = row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>();
    cells.map(Row::new).map_err(|error| fault::remote(&error))
}
