//! One line of the journal.

use super::super::Wishes;
use super::super::text::Shape;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strongroom_core::central::Visibility;
use strongroom_core::{Error, Result, SecretName};
use uuid::Uuid;

/// A step that is about to be taken, or was.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(in super::super) enum Record {
    /// A run begins: all its decisions follow.
    Begin {
        at: String,
        private: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        map: BTreeMap<String, String>,
        delete: bool,
        unasked: bool,
    },
    /// Nobody wants this secret migrated.
    Skip { name: String },
    /// This secret could not be read, or cannot be taken.
    Refuse { name: String },
    /// This secret will be made, or if `id` is given, changed.
    Write {
        name: String,
        target: String,
        private: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Uuid>,
        /// The revision before.
        #[serde(default)]
        revision: u32,
        /// The schema before.
        #[serde(skip_serializing_if = "Option::is_none")]
        schema: Option<String>,
        digest: String,
        #[serde(flatten)]
        shape: Shape,
        delete: bool,
    },
    /// It was written, read back, and is the same.
    Written(Written),
    /// It is there already, and the same.
    Keep {
        #[serde(flatten)]
        written: Written,
        digest: String,
        #[serde(flatten)]
        shape: Shape,
        delete: bool,
    },
    /// It will be deleted from the manager.
    Delete { name: String, target: String, private: bool },
    /// It is gone from the manager.
    Deleted { name: String, target: String, private: bool },
    /// The run came to its end.
    End { failed: usize },
    /// All of it was taken back, as far as that goes.
    Undone { name: String, target: String, private: bool },
}

/// A secret that is in the store.
#[derive(Debug, Serialize, Deserialize)]
pub(in super::super) struct Written {
    pub(in super::super) name: String,
    pub(in super::super) target: String,
    pub(in super::super) private: bool,
    pub(in super::super) id: Uuid,
    pub(in super::super) revision: u32,
}

impl Wishes {
    /// The record that a run begins with.
    pub(in super::super) fn record(&self, at: String) -> Record {
        let Self { visibility, names, map, delete, unasked } = self;
        Record::Begin {
            at,
            private: *visibility == Visibility::Private,
            names: names.iter().map(ToString::to_string).collect(),
            map: map.iter().map(|(name, target)| (name.to_string(), target.to_string())).collect(),
            delete: *delete,
            unasked: *unasked,
        }
    }
}

/// A name that the journal holds.
pub(super) fn name(text: String) -> Result<SecretName> {
    SecretName::try_from(text).map_err(|error| Error::corrupt("a name in it is damaged").with_source(error))
}
