//! The tables, in each database's own words.

use super::{Connection, Dialect};
use strongroom_core::{Error, Kind, Result};

/// What every release since the first has: tables are only ever added, columns by a numbered step.
const TABLES: &str = include_str!("schema.sql");
/// Which schema this release writes.
const VERSION: u32 = 1;

/// Makes the tables that are missing. Any number of processes may do it at once.
///
/// # Errors
/// [`Kind::Unsupported`] when a newer release wrote the database.
pub(super) async fn prepare(connection: &mut Connection) -> Result<()> {
    if let Ok(Some(found)) = version(connection).await {
        return match found {
            VERSION => Ok(()),
            newer => Err(Error::new(
                Kind::Unsupported,
                format!(
                    "a newer version of Strongroom wrote the database (format {newer}; this one knows up to {VERSION})"
                ),
            )
            .with_hint("update this installation of Strongroom")),
        };
    }
    for statement in statements(connection.dialect()) {
        connection.execute_text(&statement).await?;
    }
    let content = VERSION.to_string();
    let inserted = connection
        .execute("INSERT INTO setting (name, content) VALUES (?, ?)", &["schema".into(), content.as_bytes().into()])
        .await;
    match inserted {
        Err(error) if error.kind() == Kind::AlreadyExists => Ok(()),
        other => other.map(|_| ()),
    }
}

async fn version(connection: &mut Connection) -> Result<Option<u32>> {
    let row = connection.row("SELECT content FROM setting WHERE name = ?", &["schema".into()]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let content = row.blob()?;
    std::str::from_utf8(&content)
        .ok()
        .and_then(|text| text.parse().ok())
        .map(Some)
        .ok_or_else(|| Error::corrupt("the database does not say which schema it has"))
}

fn statements(dialect: Dialect) -> impl Iterator<Item = String> {
    let (int, id, name, text, blob, options) = match dialect {
        Dialect::Sqlite => ("INTEGER", "TEXT", "TEXT", "TEXT", "BLOB", " STRICT"),
        Dialect::Postgres => ("BIGINT", "VARCHAR(96)", "VARCHAR(255)", "TEXT", "BYTEA", ""),
        Dialect::MariaDb => (
            "BIGINT",
            "VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin",
            "VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            "LONGBLOB",
            " ENGINE=InnoDB",
        ),
    };
    let words =
        [("{int}", int), ("{id}", id), ("{name}", name), ("{text}", text), ("{blob}", blob), ("{options}", options)];
    TABLES.split(';').filter(|statement| statement.contains("CREATE")).map(move |statement| {
        words.iter().fold(statement.to_owned(), |text, (word, meaning)| text.replace(word, meaning))
    })
}
