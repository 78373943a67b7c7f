//! The tables, in each database's own words, and the numbered steps that lead from one release's to the next.

use super::{Connection, Dialect};
use strongroom_core::{Error, Kind, Result};

/// Step n leads from schema n - 1 to schema n. A step that was released is never changed. What it adds must not disturb the release
/// before: replicas are replaced one after the other. MariaDB has no transaction around a step; there it may run again from its
/// beginning.
const STEPS: [&str; 4] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];
/// Tables of the first step, as other programs may have them too.
const OURS: [&str; 4] = ["secret", "account", "api_key", "project"];

/// Makes the tables, or leads them to what this release needs. Any number of processes may do it at once.
///
/// # Errors
/// [`Kind::Unsupported`] when a newer release wrote the database, [`Kind::Corrupt`] when another program did, [`Kind::Forbidden`]
/// when the user may not make tables.
pub(super) async fn prepare(connection: &mut Connection) -> Result<()> {
    prepare_by(connection, &STEPS).await
}

async fn prepare_by(connection: &mut Connection, steps: &[&str]) -> Result<()> {
    match version(connection).await {
        Ok(Some(reached)) if is_current(reached, steps)? => return Ok(()),
        Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Forbidden) => return Err(error),
        // an older release's, or no table to read it from
        _ => {}
    }
    let (begin, end, undo) = turn(connection.dialect());
    connection.execute_text(begin).await?;
    match lead(connection, steps).await {
        Ok(()) => connection.execute_text(end).await,
        Err(error) => {
            // what failed is what to tell
            let _ = connection.execute_text(undo).await;
            Err(error)
        }
    }
}

/// How processes that want to change the tables take turns: beginning, end, and end of one that failed.
fn turn(dialect: Dialect) -> (&'static str, &'static str, &'static str) {
    match dialect {
        Dialect::Sqlite => ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
        // the number is the store's own: "strongro" in ASCII
        Dialect::Postgres => {
            ("START TRANSACTION; SELECT pg_advisory_xact_lock(8319400234579358319)", "COMMIT", "ROLLBACK")
        }
        Dialect::MariaDb => {
            let release = "DO RELEASE_LOCK(CONCAT('strongroom ', SHA1(DATABASE())))";
            ("DO GET_LOCK(CONCAT('strongroom ', SHA1(DATABASE())), 30)", release, release)
        }
    }
}

/// Takes the steps that were not taken yet.
async fn lead(connection: &mut Connection, steps: &[&str]) -> Result<()> {
    let mut reached = reached(connection).await?;
    // another process may have been quicker
    while !is_current(reached, steps)? {
        let step = steps[reached as usize];
        for statement in statements(step, connection.dialect()) {
            connection.execute_text(&statement).await.map_err(|error| error.within("cannot make the tables"))?;
        }
        reached += 1;
        let content = reached.to_string();
        connection.execute("DELETE FROM setting WHERE name = 'schema'", &[]).await?;
        let sql = "INSERT INTO setting (name, content) VALUES ('schema', ?)";
        connection.execute(sql, &[content.as_bytes().into()]).await?;
    }
    Ok(())
}

/// The last step that was taken; 0 in a new database.
async fn reached(connection: &mut Connection) -> Result<u32> {
    let tables = tables(connection).await?;
    let foreign = |error: Option<Error>| {
        let foreign = Error::corrupt("the database has tables of another program").with_hint("give the store its own");
        error.into_iter().fold(foreign, |foreign, error| foreign.with_source(error.to_string()))
    };
    if tables.iter().any(|table| table == "setting") {
        return Ok(version(connection).await.map_err(|error| foreign(Some(error)))?.unwrap_or_default());
    }
    if tables.iter().any(|table| OURS.contains(&&**table)) {
        return Err(foreign(None));
    }
    if connection.dialect() == Dialect::Postgres {
        let encoding = connection.row("SELECT current_setting('server_encoding')", &[]).await?;
        let encoding = encoding.map(|mut row| row.text()).transpose()?.unwrap_or_default();
        if encoding != "UTF8" {
            let message = format!("the encoding of the database is {encoding}, which has no room for all names");
            return Err(Error::new(Kind::Unsupported, message)
                .with_hint("make it with `CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`"));
        }
    }
    Ok(0)
}

async fn tables(connection: &mut Connection) -> Result<Vec<String>> {
    let sql = match connection.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        // views of `information_schema` leave out what the user may not read
        Dialect::Postgres => {
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = \
             current_schema() AND c.relkind IN ('r', 'p', 'v')"
        }
        Dialect::MariaDb => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
    };
    connection.rows(sql, &[]).await?.into_iter().map(|mut row| row.text()).collect()
}

fn is_current(reached: u32, steps: &[&str]) -> Result<bool> {
    let newest = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if reached > newest {
        let message = format!(
            "a newer version of Strongroom wrote the database (format {reached}; this one knows up to {newest})"
        );
        return Err(Error::new(Kind::Unsupported, message).with_hint("update this installation of Strongroom"));
    }
    Ok(reached == newest)
}

async fn version(connection: &mut Connection) -> Result<Option<u32>> {
    let row = connection.row("SELECT content FROM setting WHERE name = 'schema'", &[]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let content = row.blob()?;
    std::str::from_utf8(&content)
        .ok()
        .and_then(|text| text.parse().ok())
        .map(Some)
        .ok_or_else(|| Error::corrupt("the database does not say which schema it has"))
}

fn statements(step: &str, dialect: Dialect) -> impl Iterator<Item = String> {
    let (int, id, name, text, blob, options) = match dialect {
        Dialect::Sqlite => ("INTEGER", "TEXT", "TEXT", "TEXT", "BLOB", " STRICT"),
        Dialect::Postgres => ("BIGINT", "VARCHAR(96)", "VARCHAR(255)", "TEXT", "BYTEA", ""),
        Dialect::MariaDb => (
            "BIGINT",
            "VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin",
            // bytes: most collations, `utf8mb4_bin` too, take `a` and `a ` for the same; 255 characters of four bytes
            "VARBINARY(1020)",
            "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "LONGBLOB",
            " ENGINE=InnoDB",
        ),
    };
    let words =
        [("{int}", int), ("{id}", id), ("{name}", name), ("{text}", text), ("{blob}", blob), ("{options}", options)];
    // a comment stands on lines of its own
    let is_code = |line: &&str| !line.trim_start().starts_with("--");
    let code: Vec<_> = step.lines().filter(is_code).collect();
    let statements: Vec<_> = code.join("\n").split(';').map(str::to_owned).collect();
    statements
        .into_iter()
        .filter(|statement| !statement.trim().is_empty())
        .map(move |statement| words.iter().fold(statement, |text, (word, meaning)| text.replace(word, meaning)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{DatabaseUrl, Source};
    use std::str::FromStr;
    use strongroom_testkit::databases;

    const LATER: &str = "-- what a later release may add\nCREATE TABLE IF NOT EXISTS later (id {id} PRIMARY KEY){options};\n\
         INSERT INTO later (id) VALUES ('a')";

    #[tokio::test]
    async fn an_older_database_is_led_on_and_a_newer_one_refused() {
        for database in databases() {
            let source = Source::open(&DatabaseUrl::from_str(&database.url()).unwrap()).await.unwrap();
            let mut connection = source.first().await.unwrap();
            prepare(&mut connection).await.unwrap();
            prepare(&mut connection).await.unwrap();
            let next = u32::try_from(STEPS.len()).unwrap() + 1;
            let with = |later: &[&'static str]| [&STEPS[..], later].concat();
            for _ in 0..2 {
                prepare_by(&mut connection, &with(&[LATER])).await.unwrap();
                assert_eq!(version(&mut connection).await.unwrap(), Some(next));
            }
            assert_eq!(connection.rows("SELECT id FROM later", &[]).await.unwrap().len(), 1);
            let error = prepare(&mut connection).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Unsupported);
            // a step that fails leaves the number as it was, and is taken again
            let steps = with(&[LATER, "CREATE TABLE IF NOT EXISTS more (id {id}){options}; NONSENSE"]);
            prepare_by(&mut connection, &steps).await.unwrap_err();
            assert_eq!(version(&mut connection).await.unwrap(), Some(next));
            let steps = with(&[LATER, "CREATE TABLE IF NOT EXISTS more (id {id}){options}"]);
            prepare_by(&mut connection, &steps).await.unwrap();
            assert_eq!(version(&mut connection).await.unwrap(), Some(next + 1));
        }
    }

    #[tokio::test]
    async fn tables_of_another_program_are_left_alone() {
        for database in databases() {
            for sql in ["CREATE TABLE secret (id INT)", "CREATE TABLE setting (id INT)"] {
                let source = Source::open(&DatabaseUrl::from_str(&database.url()).unwrap()).await.unwrap();
                let mut connection = source.first().await.unwrap();
                connection.execute_text(sql).await.unwrap();
                let error = prepare(&mut connection).await.unwrap_err();
                assert_eq!(
                    (error.kind(), error.to_string()),
                    (Kind::Corrupt, "the database has tables of another program".to_owned())
                );
                let (table, _) = sql.strip_prefix("CREATE TABLE ").unwrap().split_once(' ').unwrap();
                assert_eq!(tables(&mut connection).await.unwrap(), [table]);
                connection.execute_text(&format!("DROP TABLE {table}")).await.unwrap();
            }
        }
    }
}
