//! Lists and maps inside a value, spaced as Python does, and otherwise as they were.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// What is deeper is written as it stands: it would take a stack of its own to take it apart.
const DEEPEST: usize = 100;

/// A list or a map, or what stands in one.
pub(super) struct Nested<'a> {
    raw: &'a RawValue,
    depth: usize,
}

impl<'a> Nested<'a> {
    pub(super) fn new(raw: &'a RawValue) -> Self {
        Self { raw, depth: 0 }
    }
}

/// What cannot be taken apart (half a surrogate pair, a number that no float holds) is JSON all the same, and stays.
impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.raw.get();
        let inner = |raw| Nested { raw, depth: self.depth + 1 };
        if self.depth < DEEPEST {
            match text.as_bytes().first() {
                Some(b'[') => {
                    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text) {
                        return serializer.collect_seq(list.into_iter().map(inner));
                    }
                }
                Some(b'{') => {
                    if let Ok(map) = serde_json::from_str::<IndexMap<String, &RawValue>>(text) {
                        return serializer.collect_map(map.into_iter().map(|(key, raw)| (key, inner(raw))));
                    }
                }
                Some(b'"') => {
                    if let Ok(text) = serde_json::from_str::<String>(text) {
                        return serializer.serialize_str(&text);
                    }
                }
                // Integers keep all their digits, as in Python. serde_json would miss the nearest float.
                Some(b'-' | b'0'..=b'9') if text.contains(['.', 'e', 'E']) => {
                    if let Some(number) = text.parse().ok().filter(|number: &f64| number.is_finite()) {
                        return serializer.serialize_f64(number);
                    }
                }
                _ => {}
            }
        }
        self.raw.serialize(serializer)
    }
}
