//! The sealed form: a JSON map of item names to item values, as one sealed record.

use secrecy::{ExposeSecret, SecretString};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use strongroom_core::seal::{self, Key};
use strongroom_core::{Error, Result};
use zeroize::Zeroizing;

/// What the record is bound to. Not to its path or component: a file may be moved, and shared by two components.
const PLACE: &[&str] = &["local secrets file"];

pub(super) struct Sealed {
    items: BTreeMap<String, SecretString>,
    key: Key,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    items: BTreeMap<String, SecretString>,
}

impl Sealed {
    /// A file without items.
    pub(super) fn new(key: Key) -> Self {
        Self { items: BTreeMap::new(), key }
    }

    /// The items in a file.
    ///
    /// # Errors
    /// As [`seal::open`].
    pub(super) fn read(bytes: &[u8], key: Key) -> Result<Self> {
        let text = seal::open(&key, PLACE, bytes)?;
        let document: Document =
            serde_json::from_slice(&text).map_err(|error| Error::payload("what was sealed", &error))?;
        Ok(Self { items: document.items, key })
    }

    pub(super) fn write(&self) -> Result<Zeroizing<Vec<u8>>> {
        // escaping makes a byte six at most; a buffer that never grows leaves no copies behind
        let room: usize =
            self.items.iter().map(|(name, value)| 6 * (name.len() + value.expose_secret().len()) + 8).sum();
        let mut text = Zeroizing::new(Vec::with_capacity(room + 16));
        serde_json::to_writer(&mut *text, self).expect("writing JSON to memory");
        seal::seal(&self.key, PLACE, &text).map(Zeroizing::new)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.items.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<SecretString> {
        self.items.get(name).cloned()
    }

    pub(super) fn fingerprint(&self, name: &str) -> Option<String> {
        let value = self.items.get(name)?;
        Some(self.key.fingerprint(value.expose_secret().as_bytes()))
    }

    pub(super) fn set(&mut self, name: &str, value: &SecretString) {
        self.items.insert(name.to_owned(), value.clone());
    }

    pub(super) fn remove(&mut self, name: &str) -> bool {
        self.items.remove(name).is_some()
    }
}

/// The clear text, for sealing only.
impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Items<'a>(&'a BTreeMap<String, SecretString>);
        impl Serialize for Items<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(name, value)| (name, value.expose_secret())))
            }
        }
        let mut document = serializer.serialize_map(Some(1))?;
        document.serialize_entry("items", &Items(&self.items))?;
        document.end()
    }
}

/// Names and key id only.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("items", &self.items.keys()).field("key", &self.key).finish()
    }
}
