//! How secrets of the central store are shown.

use crate::output::moment;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use strongroom_core::central::{CentralSecret, Visibility};

/// What lists and changes tell programs: a secret without its values.
#[derive(Debug, Serialize)]
pub(super) struct Outline<'a> {
    id: String,
    name: &'a str,
    private: bool,
    revision: u32,
    owner: &'a str,
    project: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    created: String,
    updated: String,
}

impl<'a> Outline<'a> {
    /// The outline of a secret.
    pub(super) fn of(secret: &'a CentralSecret) -> Self {
        let CentralSecret { id, name, visibility, owner, project, schema, revision, created, updated, values: _ } =
            secret;
        Self {
            id: id.to_string(),
            name: name.as_str(),
            private: *visibility == Visibility::Private,
            revision: *revision,
            owner: &owner.name,
            project: &project.name,
            schema: schema.as_deref(),
            created: moment(*created),
            updated: moment(*updated),
        }
    }
}

/// A secret with its values, for programs. The one place where values of the central store become a document.
pub(super) struct Whole<'a> {
    secret: &'a CentralSecret,
    key: Option<&'a str>,
}

impl<'a> Whole<'a> {
    /// The secret, or just its value of `key`.
    pub(super) fn new(secret: &'a CentralSecret, key: Option<&'a str>) -> Self {
        Self { secret, key }
    }
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Document<'a> {
            #[serde(flatten)]
            outline: Outline<'a>,
            values: Exposed<'a>,
        }
        Document { outline: Outline::of(self.secret), values: Exposed { secret: self.secret, key: self.key } }
            .serialize(serializer)
    }
}

struct Exposed<'a> {
    secret: &'a CentralSecret,
    key: Option<&'a str>,
}

impl Serialize for Exposed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.secret.values.iter().flat_map(|values| values.iter()) {
            if self.key.is_none_or(|only| only == key) {
                map.serialize_entry(key, value.expose())?;
            }
        }
        map.end()
    }
}
