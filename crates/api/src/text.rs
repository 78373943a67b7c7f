//! Texts on the wire: times, values that go out, values that come in.

use secrecy::SecretString;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use strongroom_core::{Value, Values};
use utoipa::ToSchema;

/// Values on their way to a caller who may read them; `None` writes no keys at all.
#[derive(ToSchema)]
#[schema(value_type = std::collections::BTreeMap<String, String>)]
pub struct Exposed(pub Option<Values>);

impl Serialize for Exposed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(self.0.as_ref().map(Values::len).or(Some(0)))?;
        for (key, value) in self.0.iter().flat_map(Values::iter) {
            map.serialize_entry(key, value.expose())?;
        }
        map.end()
    }
}

impl fmt::Debug for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Values that a caller gave, in order; `null` takes a key away.
#[derive(Default, ToSchema)]
#[schema(value_type = std::collections::BTreeMap<String, Option<String>>)]
pub struct Given(pub Vec<(String, Option<SecretString>)>);

impl Given {
    /// The keys that have a value.
    pub fn values(self) -> Values {
        self.0.into_iter().filter_map(|(key, value)| Some((key, Value::Text(value?)))).collect()
    }

    /// Keys and what becomes of each.
    pub fn changes(self) -> Vec<(String, Option<Value>)> {
        self.0.into_iter().map(|(key, value)| (key, value.map(Value::Text))).collect()
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(key, _)| key)).finish()
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Given;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of texts")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Given, M::Error> {
                let (mut pairs, mut keys) = (Vec::new(), HashSet::new());
                while let Some((key, value)) = map.next_entry::<String, Option<SecretString>>()? {
                    if !keys.insert(key.clone()) {
                        // one of the values would be lost
                        return Err(serde::de::Error::custom("a key stands there twice"));
                    }
                    pairs.push((key, value));
                }
                Ok(Given(pairs))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_is_not_shown() {
        let given: Given = serde_json::from_str(r#"{"b": "canary", "a": null}"#).expect("a map of texts");
        assert_eq!(format!("{given:?}"), r#"{"b", "a"}"#);
        assert_eq!(given.values().keys().collect::<Vec<_>>(), ["b"]);
        assert!(serde_json::from_str::<Given>(r#"{"b": "1", "a": "2", "b": "3"}"#).is_err());
    }
}
