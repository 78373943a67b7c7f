//! Versions of secrets. A value is sealed to its vault, name and version, so rows cannot be swapped unnoticed.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, named_params};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{Secret, View};
use crate::refusal::Refusal;
use crate::rules::Tags;

/// One version of a secret.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// 32 lower-case hexadecimal digits.
    pub(crate) id: String,
    /// Only there when it was asked for.
    pub(crate) value: Option<SecretString>,
    pub(crate) content_type: Option<String>,
    pub(crate) enabled: bool,
    /// Times are seconds since 1970; these two inform clients only.
    pub(crate) not_before: Option<i64>,
    pub(crate) expires: Option<i64>,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    /// Absent and empty are told apart, as the service does.
    pub(crate) tags: Option<Tags>,
}

impl Version {
    /// A new, random id.
    pub(crate) fn new_id() -> String {
        Uuid::new_v4().simple().to_string()
    }

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let tags: Option<String> = row.get("tags")?;
        let tags = tags.map(|text| serde_json::from_str(&text)).transpose();
        Ok(Self {
            id: row.get("version")?,
            value: None,
            content_type: row.get("content_type")?,
            enabled: row.get("enabled")?,
            not_before: row.get("not_before")?,
            expires: row.get("expires")?,
            created: row.get("created")?,
            updated: row.get("updated")?,
            tags: tags.map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))?,
        })
    }
}

/// The columns that [`Version::read`] wants, of table `v`.
pub(super) const COLUMNS: &str =
    "v.version, v.content_type, v.enabled, v.not_before, v.expires, v.created, v.updated, v.tags";

impl View<'_> {
    /// The version of that id, or the current one; with its value.
    pub(crate) fn version(&self, secret: &Secret, id: Option<&str>) -> Result<Option<Version>, Refusal> {
        let which = if id.is_some() { "v.version = ?2" } else { "?2 IS NULL ORDER BY v.id DESC LIMIT 1" };
        let sql = format!("SELECT {COLUMNS}, v.value FROM versions v WHERE v.secret = ?1 AND {which}");
        let found = self
            .connection
            .prepare_cached(&sql)?
            .query_row((secret.row, id), |row| Ok((Version::read(row)?, row.get::<_, Vec<u8>>("value")?)))
            .optional()?;
        found.map(|(version, sealed)| self.opened(secret, version, &sealed)).transpose()
    }

    /// All versions, oldest first, with their values.
    pub(crate) fn history(&self, secret: &Secret) -> Result<Vec<Version>, Refusal> {
        let sql = format!("SELECT {COLUMNS}, v.value FROM versions v WHERE v.secret = ?1 ORDER BY v.id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement
            .query_map([secret.row], |row| Ok((Version::read(row)?, row.get::<_, Vec<u8>>("value")?)))?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(|(version, sealed)| self.opened(secret, version, &sealed)).collect()
    }

    /// Up to `rows` versions behind the id `after`, without their values, in the order of ids as the service lists them.
    pub(crate) fn versions(&self, secret: &Secret, after: &str, rows: u32) -> Result<Vec<Version>, Refusal> {
        let sql = format!(
            "SELECT {COLUMNS} FROM versions v WHERE v.secret = ?1 AND v.version > ?2 ORDER BY v.version LIMIT ?3"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_map((secret.row, after, rows), Version::read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Adds `version`, whose value must be there, as the current one.
    pub(crate) fn push(&self, secret: &Secret, version: &Version) -> Result<(), Refusal> {
        let value = version.value.as_ref().expect("a version is never written without its value");
        let sealed = self.seal.close(&place(secret, &version.id), value.expose_secret().as_bytes());
        self.connection
            .prepare_cached(
                "INSERT INTO versions
                 (secret, version, value, content_type, enabled, not_before, expires, created, updated, tags)
                 VALUES (:secret, :version, :value, :content_type, :enabled, :not_before, :expires, :created, :updated,
                         :tags)",
            )?
            .execute(named_params! {
                ":secret": secret.row,
                ":version": version.id,
                ":value": sealed,
                ":content_type": version.content_type,
                ":enabled": version.enabled,
                ":not_before": version.not_before,
                ":expires": version.expires,
                ":created": version.created,
                ":updated": version.updated,
                ":tags": text(version.tags.as_ref()),
            })?;
        Ok(())
    }

    /// Writes what PATCH may change of a version.
    pub(crate) fn amend(&self, secret: &Secret, version: &Version) -> Result<(), Refusal> {
        self.connection
            .prepare_cached(
                "UPDATE versions SET content_type = :content_type, enabled = :enabled, not_before = :not_before,
                 expires = :expires, updated = :updated, tags = :tags WHERE secret = :secret AND version = :version",
            )?
            .execute(named_params! {
                ":secret": secret.row,
                ":version": version.id,
                ":content_type": version.content_type,
                ":enabled": version.enabled,
                ":not_before": version.not_before,
                ":expires": version.expires,
                ":updated": version.updated,
                ":tags": text(version.tags.as_ref()),
            })?;
        Ok(())
    }

    fn opened(&self, secret: &Secret, mut version: Version, sealed: &[u8]) -> Result<Version, Refusal> {
        let plain = self.seal.open(&place(secret, &version.id), sealed);
        let value = plain.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
        match value {
            Some(value) => version.value = Some(value.into()),
            None => return Err(Refusal::internal("a stored value does not open", &Unopened)),
        }
        Ok(version)
    }
}

/// A value was damaged, moved or sealed with another key.
#[derive(Debug)]
struct Unopened;

impl std::error::Error for Unopened {}

impl std::fmt::Display for Unopened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the value is damaged or sealed with another key")
    }
}

fn place(secret: &Secret, version: &str) -> String {
    format!("value/{}/{}/{version}", secret.vault, secret.key)
}

fn text(tags: Option<&Tags>) -> Option<String> {
    tags.map(|tags| serde_json::to_string(tags).expect("a map of strings always becomes JSON"))
}
