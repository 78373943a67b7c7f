//! The rows of ZenML's database.

use super::EncryptionKey;
use super::values::{Read, read};
use crate::database::{Connection, DatabaseUrl, Dialect, Row};
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
    pub(super) users: Vec<User>,
    pub(super) workspaces: HashMap<Uuid, String>,
    pub(super) secrets: Vec<Secret>,
}

#[derive(Debug)]
pub(super) struct User {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) email: Option<String>,
    pub(super) description: String,
    pub(super) is_service: bool,
    pub(super) is_admin: bool,
    pub(super) active: bool,
    pub(super) created: OffsetDateTime,
    pub(super) updated: OffsetDateTime,
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
    /// The column is NULL: they are in an external store.
    Elsewhere,
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
        Ok(Self { generation, users, workspaces, secrets })
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

/// The columns of a table; none when there is no such table.
async fn columns(connection: &mut Connection, table: &str) -> Result<Vec<String>> {
    let sql = match connection.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info(?)",
        Dialect::Postgres | Dialect::MariaDb => {
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?"
        }
    };
    connection.rows(sql, &[table.into()]).await?.iter_mut().map(Row::text).collect()
}

async fn users(connection: &mut Connection) -> Result<Vec<User>> {
    let columns = columns(connection, "user").await?;
    let text = |name: &str| match columns.iter().any(|column| column == name) {
        true => format!("CAST(`{name}` AS CHAR)"),
        false => "NULL".to_owned(),
    };
    let fields = ["id", "name", "full_name", "email", "description", "is_service_account", "is_admin", "active"];
    let wanted: Vec<_> = fields.into_iter().chain(["created", "updated"]).map(text).collect();
    let rows = connection.rows(&format!("SELECT {} FROM `user` ORDER BY created", wanted.join(", ")), &[]).await?;
    rows.into_iter()
        .map(|mut row| {
            let (id, name) = (id(&mut row)?.ok_or_else(damaged)?, row.text()?);
            let mut text = || row.optional_text();
            let (full_name, email, description) = (text()?, text()?, text()?);
            let mut flag = || Ok::<_, Error>(text()?.map(|text| text != "0"));
            let (is_service, is_admin, active) = (flag()?, flag()?, flag()?);
            Ok(User {
                id,
                name,
                full_name: full_name.unwrap_or_default(),
                email,
                description: description.unwrap_or_default(),
                is_service: is_service.unwrap_or(false),
                is_admin: is_admin.unwrap_or(false),
                active: active.unwrap_or(true),
                created: moment(&mut row)?,
                updated: moment(&mut row)?,
            })
        })
        .collect()
}

async fn workspaces(connection: &mut Connection) -> Result<HashMap<Uuid, String>> {
    let rows = connection.rows("SELECT CAST(id AS CHAR), name FROM workspace", &[]).await?;
    rows.into_iter().map(|mut row| Ok((id(&mut row)?.ok_or_else(damaged)?, row.text()?))).collect()
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
            Ok(None) => Content::Elsewhere,
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

fn id(row: &mut Row) -> Result<Option<Uuid>> {
    row.optional_text()?.map(|text| Uuid::parse_str(&text).map_err(|_| damaged())).transpose()
}

fn id_of(row: &mut Row) -> Result<Uuid> {
    id(row)?.ok_or_else(damaged)
}

/// A time, in UTC; a table without the column has none.
fn moment(row: &mut Row) -> Result<OffsetDateTime> {
    match row.optional_text()? {
        None => Ok(crate::database::now()),
        Some(text) => {
            PrimitiveDateTime::parse(text.trim(), NAIVE).map(PrimitiveDateTime::assume_utc).map_err(|_| damaged())
        }
    }
}

fn damaged() -> Error {
    Error::new(Kind::Corrupt, "a row of ZenML's database is damaged")
}
