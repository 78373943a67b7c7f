//! What goes over the wire, as ZenML 0.98 spells it; `revision`, `schema`, `project` and `role` are ours and may be absent.

use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::fmt;
use strongroom_core::central::{Account, AccountKind, ApiKey, CentralSecret, Named, RevisionMeta, Role, Visibility};
use strongroom_core::{Error, Result, Value, Values};
use time::format_description::FormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

const NAIVE: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]");

#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) index: usize,
    pub(super) total_pages: usize,
    pub(super) total: usize,
    pub(super) items: Vec<T>,
}

/// The envelope of every response.
#[derive(Deserialize)]
pub(super) struct Model<B, M> {
    id: Uuid,
    name: String,
    body: B,
    metadata: Option<M>,
    resources: Option<Resources>,
}

#[derive(Deserialize, Default)]
struct Resources {
    user: Option<Identity>,
}

#[derive(Deserialize)]
struct Identity {
    id: Uuid,
    name: String,
}

impl From<Identity> for Named {
    fn from(Identity { id, name }: Identity) -> Self {
        Self { id, name }
    }
}

#[derive(Deserialize)]
pub(super) struct SecretBody {
    created: String,
    updated: String,
    user_id: Option<Uuid>,
    #[serde(default)]
    private: bool,
    values: Option<Pairs>,
    revision: Option<u32>,
    schema: Option<String>,
    project: Option<Identity>,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) type Secret = Model<SecretBody, Nothing>;

impl Secret {
    /// The secret; `whole` if the answer is about one secret, and thus carries values.
    pub(super) fn read(self, whole: bool) -> Result<CentralSecret> {
        let Self { id, name, body, metadata: _, resources } = self;
        let owner_id = body.user_id.unwrap_or_default();
        let owner = resources.and_then(|resources| resources.user).map(Named::from);
        Ok(CentralSecret {
            id,
            name: name.parse()?,
            visibility: if body.private { Visibility::Private } else { Visibility::Public },
            owner: owner.unwrap_or_else(|| Named { id: owner_id, name: owner_id.to_string() }),
            project: body.project.map_or_else(|| Named { id: Uuid::nil(), name: "default".into() }, Named::from),
            schema: body.schema,
            revision: body.revision.unwrap_or(1),
            created: moment(&body.created)?,
            updated: moment(&body.updated)?,
            values: body.values.filter(|_| whole).and_then(Pairs::values),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Revision {
    revision: u32,
    created: String,
    author: Identity,
    current: bool,
}

impl Revision {
    pub(super) fn read(self) -> Result<RevisionMeta> {
        let Self { revision, created, author, current } = self;
        Ok(RevisionMeta { number: revision, created: moment(&created)?, author: author.into(), is_current: current })
    }
}

#[derive(Deserialize)]
pub(super) struct AccountBody {
    created: String,
    updated: String,
    #[serde(default = "yes")]
    active: bool,
    full_name: Option<String>,
    #[serde(default)]
    is_service_account: bool,
    is_admin: Option<bool>,
    role: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
pub(super) struct AccountMetadata {
    email: Option<String>,
    description: Option<String>,
}

pub(super) type AccountModel = Model<AccountBody, AccountMetadata>;

impl AccountModel {
    /// The account; `kind` is known from the route, or else said by the server.
    pub(super) fn read(self, kind: Option<AccountKind>) -> Result<Account> {
        let Self { id, name, body, metadata, resources: _ } = self;
        let said = if body.is_service_account { AccountKind::Service } else { AccountKind::User };
        let role = match &body.role {
            Some(role) => role.parse()?,
            // ZenML's own server knows administrators and others, who may change secrets
            None if body.is_admin == Some(true) => Role::Admin,
            None => Role::Editor,
        };
        let (email, description) = metadata.map_or((None, None), |data| (data.email, data.description));
        Ok(Account {
            id,
            kind: kind.unwrap_or(said),
            name,
            full_name: body.full_name.unwrap_or_default(),
            email,
            description: description.unwrap_or_default(),
            role,
            active: body.active,
            created: moment(&body.created)?,
            updated: moment(&body.updated)?,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct KeyBody {
    created: String,
    updated: String,
    key: Option<SecretString>,
    #[serde(default = "yes")]
    active: bool,
    service_account: Option<Identity>,
}

#[derive(Deserialize)]
pub(super) struct KeyMetadata {
    description: Option<String>,
    retain_period_minutes: Option<u32>,
    last_login: Option<String>,
    last_rotated: Option<String>,
}

pub(super) type Key = Model<KeyBody, KeyMetadata>;

impl Key {
    pub(super) fn read(self, account: Uuid) -> Result<ApiKey> {
        let Self { id, name, body, metadata, resources: _ } = self;
        let time = |text: Option<String>| text.as_deref().map(moment).transpose();
        let (description, retain, last_login, last_rotated) = metadata.map_or((None, None, None, None), |data| {
            (data.description, data.retain_period_minutes, data.last_login, data.last_rotated)
        });
        let nameless = || Named { id: account, name: account.to_string() };
        Ok(ApiKey {
            id,
            name,
            description: description.unwrap_or_default(),
            active: body.active,
            account: body.service_account.map_or_else(nameless, Named::from),
            retain_minutes: retain.unwrap_or_default(),
            created: moment(&body.created)?,
            updated: moment(&body.updated)?,
            last_login: time(last_login)?,
            last_rotated: time(last_rotated)?,
            key: body.key,
        })
    }
}

/// Keys and values in order; `null` takes a key away.
pub(super) struct Pairs(pub(super) Vec<(String, Option<SecretString>)>);

impl Pairs {
    /// The values; `None` when they are withheld: ZenML sends `null` for each then.
    fn values(self) -> Option<Values> {
        self.0.into_iter().map(|(key, value)| value.map(|value| (key, Value::Text(value)))).collect()
    }
}

impl From<&Values> for Pairs {
    fn from(values: &Values) -> Self {
        Self(values.iter().map(|(key, value)| (key.to_owned(), Some(SecretString::from(value.expose())))).collect())
    }
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, &value.as_ref().map(ExposeSecret::expose_secret))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// A moment without a zone is one in UTC.
fn moment(text: &str) -> Result<OffsetDateTime> {
    PrimitiveDateTime::parse(text, NAIVE)
        .map(PrimitiveDateTime::assume_utc)
        .or_else(|_| OffsetDateTime::parse(text, &Rfc3339))
        .map_err(|_| Error::corrupt("the server's answer holds a time that is none"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The least that ZenML 0.98 is content with.
    const SECRET: &str = r#"{"id":"00000000-0000-4000-8000-000000000001","name":"s1","body":{"created":"2026-01-02T03:04:05",
        "updated":"2026-01-02T03:04:05.678901","private":true,"values":{"b":"1","a":"2"}},"metadata":{},"resources":{}}"#;

    #[test]
    fn a_minimal_secret_is_read_in_order() {
        let secret = serde_json::from_str::<Secret>(SECRET).unwrap().read(true).unwrap();
        assert_eq!(secret.visibility, Visibility::Private);
        assert_eq!(secret.values.unwrap().keys().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(secret.updated.microsecond(), 678_901);
        let listed = serde_json::from_str::<Secret>(SECRET).unwrap().read(false).unwrap();
        assert_eq!(listed.values, None);
    }

    #[test]
    fn withheld_values_are_none() {
        let text = SECRET.replace(r#""1""#, "null");
        assert_eq!(serde_json::from_str::<Secret>(&text).unwrap().read(true).unwrap().values, None);
    }
}
