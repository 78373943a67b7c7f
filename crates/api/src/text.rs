//! Texts on the wire: times, values that go out, values that come in.

use secrecy::SecretString;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt;
use strongroom_core::{Value, Values};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A time as Python's `isoformat` writes one without a zone: in UTC, microseconds left out when there are none.
pub fn python_time(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC);
    let (date, clock) = (time.date(), time.time());
    let (hour, minute, second, micro) = clock.as_hms_micro();
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if micro > 0 {
        text.push_str(&format!(".{micro:06}"));
    }
    text
}

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
    fn times_are_written_as_python_does() {
        let at = |micros: i128| python_time(OffsetDateTime::from_unix_timestamp_nanos(micros * 1000).expect("a time"));
        assert_eq!(at(1_685_620_800_000_000), "2023-06-01T12:00:00");
        assert_eq!(at(1_685_620_800_000_120), "2023-06-01T12:00:00.000120");
    }

    #[test]
    fn what_is_given_is_not_shown() {
        let given: Given = serde_json::from_str(r#"{"b": "canary", "a": null}"#).expect("a map of texts");
        assert_eq!(format!("{given:?}"), r#"{"b", "a"}"#);
        assert_eq!(given.values().keys().collect::<Vec<_>>(), ["b"]);
        assert!(serde_json::from_str::<Given>(r#"{"b": "1", "a": "2", "b": "3"}"#).is_err());
    }
}
