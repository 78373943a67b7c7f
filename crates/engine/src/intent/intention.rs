//! What may be about to happen to a secret, in the words that are on disk.
//!
//! Replicas of the release before read what this one writes, and the other way round: a field that is new has a default.

use crate::database::Connection;
use serde::{Deserialize, Serialize};
use strongroom_core::central::{SecretId, Visibility};
use strongroom_core::{Error, Result, SecretName};
use uuid::Uuid;

/// What is about to happen to a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Intention {
    /// It is made.
    Create(Naming),
    /// It gets new values, or a new name or visibility.
    Update {
        /// The revision before.
        base: u32,
        /// Whether the values stay, and are only kept again because the place of the values tells the name.
        #[serde(default)]
        keeps_revision: bool,
        /// What the row says before; `None` in what a process of an earlier release wrote.
        #[serde(default)]
        found: Option<Naming>,
        /// What the row shall say.
        naming: Naming,
        /// The schema that the row shall say, as [`strongroom_core::central::SecretChange::schema`]: `None` stays.
        #[serde(default)]
        schema: Option<String>,
        /// Tells a repetition of the change from another one.
        #[serde(default)]
        request: Option<Uuid>,
        /// Who changes it.
        author: (Uuid, String),
    },
    /// It goes.
    Delete,
}

/// What a row shall say of its secret's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Naming {
    pub(crate) realm: String,
    pub(crate) name: String,
    pub(crate) is_private: bool,
}

impl Naming {
    pub(crate) fn new(realm: String, name: &SecretName, visibility: Visibility) -> Self {
        Self { realm, name: name.to_string(), is_private: visibility == Visibility::Private }
    }

    /// Refuses a name that another secret has.
    pub(super) async fn check(&self, connection: &mut Connection, id: SecretId) -> Result<()> {
        let Self { realm, name, is_private } = self;
        let sql = "SELECT id FROM secret WHERE realm = ? AND name = ?";
        let row = connection.row(sql, &[realm.as_str().into(), name.as_str().into()]).await?;
        if row.map(|mut row| row.id()).transpose()?.is_none_or(|other| other == id) {
            return Ok(());
        }
        let visibility = if *is_private { Visibility::Private } else { Visibility::Public };
        Err(Error::already_exists(&format!("a {visibility} secret"), name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_release_before_wrote_is_read() {
        let naming = r#"{"realm":"public","name":"a","is_private":false}"#;
        let author = r#"["00000000-0000-0000-0000-000000000001","ann"]"#;
        let text = format!(r#"{{"Update":{{"base":1,"naming":{naming},"author":{author}}}}}"#);
        let Intention::Update { keeps_revision, found, schema, request, .. } = serde_json::from_str(&text).unwrap()
        else {
            panic!("{text}");
        };
        assert_eq!((keeps_revision, found, schema, request), (false, None, None, None));
    }
}
