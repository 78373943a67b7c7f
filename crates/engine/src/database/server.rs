//! Connections of a Postgres or MariaDB server, each set up so that the server's own defaults do not matter.

use super::fault;
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, MySqlPool, PgPool, Row as _};
use std::time::Duration;
use strongroom_core::Result;

/// How many connections one process holds.
const CONNECTIONS: u32 = 10;
/// How long a caller waits for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A commit is on disk when it is answered, though not on more machines than the operator asks for. A replica that stands still in
/// mid-transaction loses its connection, so that the others can go on.
const POSTGRES: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; SET lock_timeout = '15s'; \
     SET idle_in_transaction_session_timeout = '30s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// Without a strict mode the server would cut texts off and tell nobody.
const MARIADB: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
     innodb_lock_wait_timeout = 15; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ";

pub(super) async fn postgres(url: &str) -> Result<PgPool> {
    let options: PgConnectOptions = url.parse().map_err(|error| fault::remote(&error).error)?;
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(sqlx::raw_sql(POSTGRES)).await.map(|_| ()) })
        })
        .connect_with(options.application_name("strongroom"))
        .await
        .map_err(|error| fault::remote(&error).error)
}

pub(super) async fn mariadb(url: &str) -> Result<MySqlPool> {
    MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(sqlx::raw_sql(MARIADB)).await?;
                let sql = "SHOW VARIABLES WHERE variable_name IN ('wsrep_on', 'idle_write_transaction_timeout')";
                let known = connection.fetch_all(sqlx::raw_sql(sql)).await?;
                for row in known {
                    let (name, value): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                    let setting = match (&*name, &*value) {
                        // a node of a Galera cluster: what another node has committed is seen, or waited for
                        ("wsrep_on", "ON") => "SET SESSION wsrep_sync_wait = 1",
                        ("idle_write_transaction_timeout", _) => "SET SESSION idle_write_transaction_timeout = 30",
                        _ => continue,
                    };
                    connection.execute(sqlx::raw_sql(setting)).await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await
        .map_err(|error| fault::remote(&error).error)
}

/// The most bytes that the server takes at once.
pub(super) async fn largest_packet(pool: &MySqlPool) -> Result<usize> {
    let found = pool.fetch_one(sqlx::raw_sql("SELECT CAST(@@max_allowed_packet AS SIGNED)")).await;
    let largest = found.and_then(|row| row.try_get::<i64, _>(0)).map_err(|error| fault::remote(&error).error)?;
    Ok(usize::try_from(largest).unwrap_or(usize::MAX))
}
