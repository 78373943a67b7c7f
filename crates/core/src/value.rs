//! The values of a secret: ordered, sealed, exposed only by the writers of a wire format.

use indexmap::IndexMap;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// One value of a secret.
#[derive(Clone)]
pub enum Value {
    /// Text, as users type it.
    Text(SecretString),
    /// A JSON value that is not text (number, boolean, list, map), kept as its JSON text.
    ///
    /// Typed schemas store booleans this way, and ZenML's arbitrary schema keeps whatever JSON it finds.
    Json(SecretString),
}

impl Value {
    /// Text sealed as a value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(SecretString::from(text.into()))
    }

    /// A boolean, as typed schemas store it.
    pub fn boolean(value: bool) -> Self {
        Self::Json(SecretString::from(value.to_string()))
    }

    /// Whether it is JSON's `null`, which arbitrary secrets may hold and typed ones take for absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Json(json) if json.expose_secret() == "null")
    }

    /// Whether it is a JSON list or map.
    pub fn is_nested(&self) -> bool {
        matches!(self, Self::Json(json) if json.expose_secret().starts_with(['[', '{']))
    }

    /// The text that Python makes of it, where ZenML turns typed values into text: booleans become `True` and `False`.
    pub fn python_text(&self) -> &str {
        match (self, self.expose()) {
            (Self::Json(_), "true") => "True",
            (Self::Json(_), "false") => "False",
            (_, text) => text,
        }
    }

    /// What a step sees: the text itself, or the JSON text of a number or boolean.
    pub fn expose(&self) -> &str {
        match self {
            Self::Text(text) | Self::Json(text) => text.expose_secret(),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) | (Self::Json(a), Self::Json(b)) => a.expose_secret() == b.expose_secret(),
            (Self::Text(_), Self::Json(_)) | (Self::Json(_), Self::Text(_)) => false,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The keys and values of a secret, in the order they were given.
#[derive(Clone, Default, PartialEq)]
pub struct Values(IndexMap<String, Value>);

impl Values {
    /// No keys at all; ZenML allows such secrets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `key`; a key that was there keeps its place and loses its old value.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        self.0.insert(key.into(), value);
    }

    /// Takes `key` out; `None` when it was not there. The order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(key)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Extend<(String, Value)> for Values {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, pairs: I) {
        self.0.extend(pairs);
    }
}

impl IntoIterator for Values {
    type Item = (String, Value);
    type IntoIter = indexmap::map::IntoIter<String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_keys_and_never_values() {
        let values = Values::from_iter([("user".to_owned(), Value::text("canary"))]);
        assert_eq!(format!("{values:?}"), r#"{"user": ***}"#);
    }
}
