//! The rows of ZenML's database.

use super::EncryptionKey;
use super::people::{User, users, workspaces};
use super::values::{Read, read};
use crate::database::{Connection, DatabaseUrl, Dialect, Row};
use crate::values::Receipt;
use std::collections::HashMap;
use std::fmt;
use strongroom_core::central::Visibility;
use strongroom_core::{Error, Kind, Result, Values};
use time::format_description::FormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

const NAIVE: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]");

/// Why a secret without values stays behind.
pub(super) const EXTERNAL: &str = "its values are in an external store";

/// Which tables it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Secrets have a scope and a workspace.
    V44,
    /// Secrets are private or public.
    V98,
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V44 => "0.44",
            Self::V98 => "0.98",
        })
    }
}

/// The users and secrets of a database, in memory.
#[derive(Debug)]
pub struct ZenmlDatabase {
    /// Which tables it has.
    pub generation: Generation,
    /// What items in an external store name as theirs; `None` when the database does not tell.
    pub(super) server: Option<Uuid>,
    pub(super) users: Vec<User>,
    pub(super) workspaces: HashMap<Uuid, String>,
    pub(super) secrets: Vec<Secret>,
}

#[derive(Debug)]
pub(super) struct Secret {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) is_internal: bool,
    pub(super) owner: Option<Uuid>,
    pub(super) workspace: Option<Uuid>,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
    pub(super) content: Content,
}

/// Where the values of a secret are.
#[derive(Debug)]
pub(super) enum Content {
    Here(Values),
    /// In an external store, for want of another reason: the column is NULL.
    Elsewhere(String),
    /// In the vault where this store keeps its own.
    There(Values, Receipt),
    Unreadable(String),
}

impl ZenmlDatabase {
    /// Reads users and secrets. Nothing is written there.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when it is no database of ZenML, or no secret can be read with the key, or without one; and what opening it
    /// fails with.
    pub async fn read(url: &DatabaseUrl, key: Option<&EncryptionKey>) -> Result<Self> {
        let mut connection = Connection::foreign(url).await?;
        let columns = columns(&mut connection, "secret").await?;
        let has = |name: &str| columns.iter().any(|column| column == name);
        let generation = match (has("private"), has("scope")) {
            (true, _) => Generation::V98,
            (false, true) => Generation::V44,
            (false, false) => {
                return Err(Error::invalid("this is no database of ZenML: it has no table `secret` that is known")
                    .with_hint("ZenML 0.40 to 0.98 have one"));
            }
        };
        let users = users(&mut connection).await?;
        let workspaces = match generation {
            Generation::V44 => workspaces(&mut connection).await?,
            Generation::V98 => HashMap::new(),
        };
        let (secrets, forms) = secrets(&mut connection, generation, has("internal"), key).await?;
        forms.check(key.is_some())?;
        let server = server(&mut connection).await?;
        Ok(Self { generation, server, users, workspaces, secrets })
    }
}

/// How many rows there are of each form.
#[derive(Default)]
struct Forms {
    plain: usize,
    encrypted: usize,
    sealed: usize,
}

impl Forms {
    /// A key that opens nothing is the wrong one, and then nothing is taken.
    fn check(&self, has_key: bool) -> Result<()> {
        let Self { plain, encrypted, sealed } = *self;
        if sealed == 0 || encrypted > 0 || (!has_key && plain > 0) {
            return Ok(());
        }
        let hint = "it is what the server had as ZENML_SECRETS_STORE_ENCRYPTION_KEY";
        Err(match has_key {
            true => {
                Error::invalid(format!("the encryption key opens none of {sealed} encrypted secrets")).with_hint(hint)
            }
            false => Error::invalid(format!("the {sealed} secrets are encrypted, and there is no encryption key"))
                .with_hint(format!("name it with `--encryption-key-file`; {hint}")),
        })
    }
}

/// The id of ZenML's server: 0.98 has it in one table, 0.44 in another.
async fn server(connection: &mut Connection) -> Result<Option<Uuid>> {
    for table in ["server_settings", "identity"] {
        if !columns(connection, table).await?.is_empty() {
            let row = connection.row(&format!("SELECT CAST(id AS CHAR) FROM {table}"), &[]).await?;
            return row.map(|mut row| id_of(&mut row)).transpose();
        }
    }
    Ok(None)
}

/// The columns of a table; none when there is no such table.
pub(super) async fn columns(connection: &mut Connection, table: &str) -> Result<Vec<String>> {
    let sql = match connection.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info(?)",
        Dialect::Postgres | Dialect::MariaDb => {
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?"
        }
    };
    connection.rows(sql, &[table.into()]).await?.iter_mut().map(Row::text).collect()
}

async fn secrets(
    connection: &mut Connection,
    generation: Generation,
    has_internal: bool,
    key: Option<&EncryptionKey>,
) -> Result<(Vec<Secret>, Forms)> {
    let (visible, workspace) = match generation {
        Generation::V44 => {
            ("CASE scope WHEN 'user' THEN '1' WHEN 'USER' THEN '1' ELSE '0' END", "CAST(workspace_id AS CHAR)")
        }
        Generation::V98 => ("CAST(private AS CHAR)", "NULL"),
    };
    let internal = if has_internal { "CAST(internal AS CHAR)" } else { "'0'" };
    let sql = format!(
        "SELECT CAST(id AS CHAR), name, {visible}, {internal}, CAST(user_id AS CHAR), {workspace}, CAST(created AS CHAR), \
         CAST(updated AS CHAR), `values` FROM secret ORDER BY created, id"
    );
    let mut forms = Forms::default();
    let rows = connection.rows(&sql, &[]).await?;
    let secrets = rows.into_iter().map(|mut row| {
        let (id, name) = (id_of(&mut row)?, row.text()?);
        let mut is = || Ok::<_, Error>(row.text()? != "0");
        let visibility = if is()? { Visibility::Private } else { Visibility::Public };
        let is_internal = is()?;
        let (owner, workspace) = (self::id(&mut row)?, self::id(&mut row)?);
        let (created, updated) = (moment(&mut row)?, moment(&mut row)?);
        let content = match row.optional_text() {
            Ok(None) => Content::Elsewhere(EXTERNAL.to_owned()),
            Ok(Some(column)) => match read(&column, key) {
                Read::Values { values, encrypted } => {
                    *(if encrypted { &mut forms.encrypted } else { &mut forms.plain }) += 1;
                    Content::Here(values)
                }
                Read::Sealed => {
                    forms.sealed += 1;
                    Content::Unreadable("it is encrypted with another key, or damaged".to_owned())
                }
                Read::Damaged(problem) => Content::Unreadable(problem.to_owned()),
            },
            Err(_) => Content::Unreadable("it is no text".to_owned()),
        };
        Ok(Secret { id, name, visibility, is_internal, owner, workspace, created, updated, content })
    });
    let secrets = secrets.collect::<Result<Vec<_>>>()?;
    Ok((secrets, forms))
}

pub(super) fn id(row: &mut Row) -> Result<Option<Uuid>> {
    row.optional_text()?.map(|text| Uuid::parse_str(&text).map_err(|_| damaged())).transpose()
}

pub(super) fn id_of(row: &mut Row) -> Result<Uuid> {
    id(row)?.ok_or_else(damaged)
}

/// A time, in UTC; a table without the column has none.
pub(super) fn moment(row: &mut Row) -> Result<OffsetDateTime> {
    match row.optional_text()? {
        None => Ok(crate::database::now()),
        Some(text) => {
            PrimitiveDateTime::parse(text.trim(), NAIVE).map(PrimitiveDateTime::assume_utc).map_err(|_| damaged())
        }
    }
}

pub(super) fn damaged() -> Error {
    Error::new(Kind::Corrupt, "a row of ZenML's database is damaged")
}
