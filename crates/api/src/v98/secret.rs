//! Secrets.

use super::{Model, Nothing, Reference, account};
use crate::text::{Exposed, Given};
use serde::{Deserialize, Serialize};
use strongroom_core::central::{CentralSecret, RevisionMeta, Visibility};
use strongroom_core::python_time;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is told of a secret. `revision`, `schema` and `project` are ours; ZenML's clients do not look at them.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecretBody {
    /// When it was made.
    pub created: String,
    /// When it last changed.
    pub updated: String,
    /// Who made it.
    pub user_id: Uuid,
    /// Whether only its owner sees it.
    pub private: bool,
    /// Keys and values; none in lists.
    pub values: Exposed,
    /// Which write the values come from.
    pub revision: u32,
    /// The schema it had in a secrets manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The project it was made in.
    pub project: Reference,
}

/// A secret on the wire.
pub fn secret(secret: CentralSecret, hydrate: bool) -> Model<SecretBody, Nothing> {
    let CentralSecret { id, name, visibility, owner, project, schema, revision, created, updated, values } = secret;
    let user = account::owner(&owner);
    let body = SecretBody {
        created: python_time(created),
        updated: python_time(updated),
        user_id: owner.id,
        private: visibility == Visibility::Private,
        values: Exposed(values),
        revision,
        schema,
        project: project.into(),
    };
    Model::new(id, name.as_str().to_owned(), body, hydrate.then(Nothing::default)).of_user(user)
}

/// A secret to be made. Fields that are not known are ignored, as in ZenML.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SecretCreate {
    /// Its name.
    #[schema(max_length = 255)]
    pub name: String,
    /// Whether only its owner shall see it.
    #[serde(default)]
    pub private: bool,
    /// Keys and values; those that are null are left out.
    #[serde(default)]
    pub values: Given,
    /// The schema it had in a secrets manager.
    pub schema: Option<String>,
}

/// A change of a secret; what is absent or null stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SecretUpdate {
    /// Its new name.
    #[schema(max_length = 255)]
    pub name: Option<String>,
    /// Whether only its owner shall see it.
    pub private: Option<bool>,
    /// New values: all of them, or with `patch_values=true` those that change.
    pub values: Option<Given>,
    /// The schema it has from now on; an empty one is none.
    pub schema: Option<String>,
}

/// One write of a secret's values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revision {
    /// Its number, from 1.
    pub revision: u32,
    /// When it was written.
    pub created: String,
    /// Who wrote it.
    pub author: Reference,
    /// Whether it is the one that is read now.
    pub current: bool,
}

/// A revision on the wire.
pub fn revision(meta: RevisionMeta) -> Revision {
    let RevisionMeta { number, created, author, is_current } = meta;
    Revision { revision: number, created: python_time(created), author: author.into(), current: is_current }
}

/// Which revision shall be written again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RollbackRequest {
    /// Its number.
    pub revision: u32,
}
