//! How secrets are shown.

use crate::output::OutputFormat;
use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use strongroom_core::{Error, Kind, Secret, SecretName, Value, Values};

/// What a change tells programs, and `describe` everybody: a secret without its values.
#[derive(Debug, Serialize)]
pub(super) struct Outline<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) keys: Option<Vec<&'a str>>,
    /// The component that keeps it.
    pub(super) secrets_manager: &'a str,
}

impl<'a> Outline<'a> {
    /// The outline of a whole secret.
    pub(super) fn of(secret: &'a Secret, secrets_manager: &'a str) -> Self {
        let keys = secret.values.keys().collect();
        Self { name: secret.name.as_str(), schema: Some(secret.schema.name()), keys: Some(keys), secrets_manager }
    }

    /// The outline of a secret of which only the name is known.
    pub(super) fn named(name: &'a str, secrets_manager: &'a str) -> Self {
        Self { name, schema: None, keys: None, secrets_manager }
    }
}

/// A secret with its values, for programs. The one place of the command line where values become a document.
pub(super) struct Whole<'a> {
    secret: &'a Secret,
    key: Option<&'a str>,
    /// JSON keeps the spelling of numbers.
    raw: bool,
}

impl<'a> Whole<'a> {
    /// The secret, or just its value of `key`.
    pub(super) fn new(secret: &'a Secret, key: Option<&'a str>, format: OutputFormat) -> Self {
        Self { secret, key, raw: format == OutputFormat::Json }
    }
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { secret: Secret { name, schema, values }, key, raw } = self;
        let mut document = serializer.serialize_map(Some(3))?;
        document.serialize_entry("name", name.as_str())?;
        document.serialize_entry("schema", schema.name())?;
        document.serialize_entry("values", &Exposed { values, key: *key, raw: *raw })?;
        document.end()
    }
}

struct Exposed<'a> {
    values: &'a Values,
    key: Option<&'a str>,
    raw: bool,
}

impl Serialize for Exposed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let no_json = |_| S::Error::custom("a value is not JSON");
        for (key, value) in self.values.iter().filter(|(key, _)| self.key.is_none_or(|only| only == *key)) {
            let text = value.expose();
            match value {
                Value::Text(_) => map.serialize_entry(key, text)?,
                Value::Json(_) if self.raw => {
                    map.serialize_entry(key, serde_json::from_str::<&RawValue>(text).map_err(no_json)?)?;
                }
                Value::Json(_) => {
                    map.serialize_entry(key, &serde_json::from_str::<serde_json::Value>(text).map_err(no_json)?)?;
                }
            }
        }
        map.end()
    }
}

/// A value as a cell shows it: nothing in it can steer the terminal.
pub(in crate::commands) fn cell(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let mut shown = String::new();
    for letter in value.expose().chars() {
        if letter.is_control() && !matches!(letter, '\n' | '\t') {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// `keys` in words.
pub(super) fn quoted<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    keys.into_iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

/// Why a key cannot be shown or removed.
pub(in crate::commands) fn no_key<'a>(name: &SecretName, key: &str, keys: impl IntoIterator<Item = &'a str>) -> Error {
    let error = Error::new(Kind::NotFound, format!("secret `{name}` has no key `{key}`"));
    match quoted(keys) {
        none if none.is_empty() => error,
        keys => error.with_hint(format!("keys: {keys}")),
    }
}
