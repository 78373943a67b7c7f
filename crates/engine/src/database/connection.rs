//! One connection to one of three databases, and the statements they share.

use super::row::{Cell, Param, Row};
use super::{Dialect, fault};
use rusqlite::types::ValueRef;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Column, Executor, MySql, Postgres, Row as _, TypeInfo};
use std::borrow::Cow;
use strongroom_core::Result;

/// A connection. Statements are written with `?`, in words that all three databases know.
pub(crate) enum Connection {
    /// Called inline: reading a row takes less than handing it to another thread would.
    Sqlite(Box<rusqlite::Connection>),
    Postgres(PoolConnection<Postgres>),
    MariaDb(PoolConnection<MySql>),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Connection").field(&self.dialect()).finish()
    }
}

impl Connection {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MariaDb(_) => Dialect::MariaDb,
        }
    }

    /// The rows that a statement finds.
    pub(crate) async fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(connection) => sqlite_rows(connection, sql, params, usize::MAX),
            Self::Postgres(connection) => {
                let query = bind(sqlx::query(AssertSqlSafe(numbered(sql))), params);
                let rows = query.fetch_all(&mut **connection).await.map_err(fault::remote)?;
                rows.iter().map(postgres_row).collect()
            }
            Self::MariaDb(connection) => {
                let query = bind(sqlx::query(AssertSqlSafe(sql.to_owned())), params);
                let rows = query.fetch_all(&mut **connection).await.map_err(fault::remote)?;
                rows.iter().map(mariadb_row).collect()
            }
        }
    }

    /// The first row that a statement finds.
    pub(crate) async fn row(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>> {
        if let Self::Sqlite(connection) = self {
            return Ok(sqlite_rows(connection, sql, params, 1)?.pop());
        }
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// How many rows a statement changed.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::AlreadyExists`] when a unique value is taken, [`strongroom_core::Kind::Unavailable`] when the
    /// transaction must be begun again.
    pub(crate) async fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql).map_err(fault::sqlite)?;
                bind_sqlite(&mut statement, params)?;
                statement.raw_execute().map(|count| count as u64).map_err(fault::sqlite)
            }
            Self::Postgres(connection) => {
                let query = bind(sqlx::query(AssertSqlSafe(numbered(sql))), params);
                query.execute(&mut **connection).await.map(|done| done.rows_affected()).map_err(fault::remote)
            }
            Self::MariaDb(connection) => {
                let query = bind(sqlx::query(AssertSqlSafe(sql.to_owned())), params);
                query.execute(&mut **connection).await.map(|done| done.rows_affected()).map_err(fault::remote)
            }
        }
    }

    /// Runs a statement that has no parameters and cannot be prepared, such as those of transactions.
    pub(super) async fn execute_text(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(sql).map_err(fault::sqlite),
            Self::Postgres(connection) => connection
                .execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
                .await
                .map(|_| ())
                .map_err(fault::remote),
            Self::MariaDb(connection) => connection
                .execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())))
                .await
                .map(|_| ())
                .map_err(fault::remote),
        }
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

fn postgres_row(row: &sqlx::postgres::PgRow) -> Result<Row> {
    let cell = |(at, column): (usize, &sqlx::postgres::PgColumn)| -> Result<Cell, sqlx::Error> {
        Ok(match column.type_info().name() {
            "INT8" => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Null, Cell::Int),
            "INT4" => row.try_get::<Option<i32>, _>(at)?.map_or(Cell::Null, |number| Cell::Int(number.into())),
            "BYTEA" => row.try_get::<Option<Vec<u8>>, _>(at)?.map_or(Cell::Null, Cell::Blob),
            _ => row.try_get::<Option<String>, _>(at)?.map_or(Cell::Null, Cell::Text),
        })
    };
    let cells = row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>();
    cells.map(Row::new).map_err(fault::remote)
}

fn mariadb_row(row: &sqlx::mysql::MySqlRow) -> Result<Row> {
    let cell = |(at, column): (usize, &sqlx::mysql::MySqlColumn)| -> Result<Cell, sqlx::Error> {
        let name: Cow<'_, str> = column.type_info().name().into();
        Ok(match &*name {
            "BIGINT" | "INT" => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Null, Cell::Int),
            _ => row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?.map_or(Cell::Null, Cell::Blob),
        })
    };
    let cells = row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>();
    cells.map(Row::new).map_err(fault::remote)
}
