//! The values of a secret as a central store takes them, and their digest.

use serde::{Deserialize, Serialize};
use strongroom_core::seal::Key;
use strongroom_core::{Value, Values};
use zeroize::Zeroizing;

/// What is lost when values become text: which keys held other JSON than text. Keys only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shape {
    /// Numbers, booleans, lists and maps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    json: Vec<String>,
    /// Keys without a value, which a central store does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    null: Vec<String>,
}

impl Shape {
    /// `values` as text, as ZenML's own migration makes them: booleans are `True` and `False`, keys without a value are left out.
    pub(super) fn text(values: &Values) -> (Values, Self) {
        let (mut text, mut shape) = (Values::new(), Self::default());
        for (key, value) in values.iter() {
            if value.is_null() {
                shape.null.push(key.to_owned());
                continue;
            }
            if matches!(value, Value::Json(_)) {
                shape.json.push(key.to_owned());
            }
            text.insert(key, Value::text(value.python_text()));
        }
        (text, shape)
    }

    /// What [`Self::text`] made `text` of.
    pub(super) fn restore(&self, text: &Values) -> Values {
        let value = |key: &str, value: &Value| match value.expose() {
            _ if !self.json.iter().any(|json| json == key) => value.clone(),
            "True" => Value::boolean(true),
            "False" => Value::boolean(false),
            json => Value::Json(json.into()),
        };
        let mut values: Values = text.iter().map(|(key, text)| (key.to_owned(), value(key, text))).collect();
        for key in &self.null {
            values.insert(key, Value::Json("null".into()));
        }
        values
    }
}

/// A digest of keys and values, whatever their order. Without the key it says nothing, however few the guesses.
pub(super) fn digest(key: &Key, values: &Values) -> String {
    let mut pairs: Vec<_> = values.iter().map(|(key, value)| (key, value.expose())).collect();
    pairs.sort_unstable();
    let size = pairs.iter().map(|(key, value)| key.len() + value.len() + 16).sum();
    let mut text = Zeroizing::new(Vec::with_capacity(size));
    for part in pairs.iter().flat_map(|(key, value)| [key, value]) {
        text.extend_from_slice(&(part.len() as u64).to_be_bytes());
        text.extend_from_slice(part.as_bytes());
    }
    key.fingerprint(&text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::from_iter([
            ("text".to_owned(), Value::text("5")),
            ("number".to_owned(), Value::Json("5".into())),
            ("flag".to_owned(), Value::boolean(true)),
            ("list".to_owned(), Value::Json("[1, true]".into())),
            ("none".to_owned(), Value::Json("null".into())),
        ])
    }

    #[test]
    fn values_become_text_and_what_they_were_again() {
        let (text, shape) = Shape::text(&values());
        let shown: Vec<_> = text.iter().map(|(key, value)| format!("{key}={}", value.expose())).collect();
        assert_eq!(shown, ["text=5", "number=5", "flag=True", "list=[1, true]"]);
        assert_eq!(shape.restore(&text), values());
    }

    #[test]
    fn digests_differ_by_key_and_by_where_a_key_ends() {
        let key = Key::generate().unwrap();
        let of = |pairs: &[(&str, &str)]| {
            digest(&key, &pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value))).collect())
        };
        assert_eq!(of(&[("a", "1"), ("b", "2")]), of(&[("b", "2"), ("a", "1")]));
        assert_ne!(of(&[("a", "1")]), of(&[("a1", "")]));
        assert_ne!(of(&[("a", "1")]), digest(&Key::generate().unwrap(), &values()));
    }
}
