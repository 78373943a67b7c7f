//! ZenML's form: a YAML map of secrets, each a map of keys to base64, and the schema's name in clear.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;
use strongroom_core::seal::Key;
use strongroom_core::yaml::Node;
use strongroom_core::{Error, Result, Value, Values, parse_values, write_values};
use zeroize::Zeroizing;

/// The key of the schema's name, in the file as in an item's JSON.
const SCHEMA: &str = "zenml_schema_name";

/// The file as it is: values stay base64 until they are asked for, so that a rewrite changes nothing else.
#[derive(Default)]
pub(super) struct Plain(BTreeMap<String, Entry>);

type Entry = BTreeMap<String, SecretString>;

impl Plain {
    /// The secrets in a file; an empty file has none.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] with line and column, never content.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| Error::corrupt("it is not text"))?;
        let options = serde_saphyr::options! { with_snippet: false };
        let secrets: Option<BTreeMap<String, Entry>> =
            serde_saphyr::from_str_with_options(text, options).map_err(|error| {
                let place = error.location().map(|at| format!(" (line {}, column {})", at.line(), at.column()));
                Error::corrupt(format!("it is not YAML of secrets{}", place.unwrap_or_default()))
            })?;
        Ok(Self(secrets.unwrap_or_default()))
    }

    pub(super) fn write(&self) -> Zeroizing<Vec<u8>> {
        let secrets = self.0.iter().map(|(name, entry)| {
            let values = entry.iter().map(|(key, value)| (key.as_str(), Node::text(value.expose_secret())));
            (name.as_str(), Node::map(values))
        });
        let document = Node::map(secrets);
        let mut text = String::with_capacity(document.room());
        document.write(&mut text);
        Zeroizing::new(text.into_bytes())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The JSON of a secret, as layouts read it.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] naming secret and key when a value is not base64 of text, or the schema is missing.
    pub(super) fn get(&self, name: &str) -> Result<Option<SecretString>> {
        let Some(entry) = self.0.get(name) else { return Ok(None) };
        let damaged = |what: &str| Error::corrupt(format!("secret `{name}` cannot be read: {what}"));
        let schema = entry.get(SCHEMA).ok_or_else(|| damaged("it names no schema"))?.expose_secret();
        let mut values = Values::new();
        for (key, value) in entry.iter().filter(|(key, _)| *key != SCHEMA) {
            let value = decode(value).ok_or_else(|| damaged(&format!("`{key}` is not base64 of text")))?;
            values.insert(key, value);
        }
        Ok(Some(write_values(&values, &[(SCHEMA, schema)])))
    }

    /// Writes the JSON of a secret. As in ZenML all becomes text, and nulls are left out.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when `value` is not what a layout writes.
    pub(super) fn set(&mut self, name: &str, value: &SecretString) -> Result<()> {
        let foreign = || Error::invalid(format!("`{name}` is no secret; a file in ZenML's form holds nothing else"));
        let mut values = parse_values("its value", value).map_err(|_| foreign())?;
        let schema = values.remove(SCHEMA).ok_or_else(foreign)?;
        let mut entry: Entry = values
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.to_owned(), BASE64_STANDARD.encode(value.python_text()).into()))
            .collect();
        entry.insert(SCHEMA.to_owned(), schema.expose().into());
        self.0.insert(name.to_owned(), entry);
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    /// Under a key of this process, so that nobody can compare it with guesses.
    pub(super) fn fingerprint(&self, name: &str) -> Option<String> {
        static KEY: LazyLock<Option<Key>> = LazyLock::new(|| Key::generate().ok());
        let mut stored = Zeroizing::new(Vec::new());
        for (key, value) in self.0.get(name)? {
            for part in [key, value.expose_secret()] {
                stored.extend_from_slice(&part.len().to_be_bytes());
                stored.extend_from_slice(part.as_bytes());
            }
        }
        Some(KEY.as_ref()?.fingerprint(&stored))
    }
}

fn decode(value: &SecretString) -> Option<Value> {
    let mut bytes = Zeroizing::new(BASE64_STANDARD.decode(value.expose_secret()).ok()?);
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Some(Value::text(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            None
        }
    }
}

/// Names and keys only.
impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(name, entry)| (name, entry.keys()))).finish()
    }
}
