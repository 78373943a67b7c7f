//! `--values`: keys and values in one JSON or YAML document.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;
use strongroom_core::{Error, Result, Value, Values};

/// The values in `text`: JSON, or else a YAML map. Numbers and booleans become text as they are spelled there.
///
/// # Errors
/// [`strongroom_core::Kind::Invalid`] when it is neither; a key stands there twice; or a value is no text, number or boolean.
/// Messages show keys, or line and column; never content.
pub(super) fn parse(text: &str) -> Result<Values> {
    match serde_json::from_str::<Pairs<&RawValue>>(text) {
        Ok(pairs) => json(pairs),
        Err(_) => yaml(text),
    }
}

fn json(Pairs(pairs): Pairs<&RawValue>) -> Result<Values> {
    let value = |(key, raw): (String, &RawValue)| {
        let value = match raw.get() {
            "null" => return Err(no_value(&key)),
            nested if nested.starts_with(['{', '[']) => return Err(refuse_nested(&key)),
            text if text.starts_with('"') => serde_json::from_str(text).map(Value::Text),
            number_or_boolean => Ok(Value::text(number_or_boolean)),
        };
        Ok((key, value.map_err(|_| Error::invalid("a value of the document is not Unicode text"))?))
    };
    collect(pairs.into_iter().map(value))
}

fn yaml(text: &str) -> Result<Values> {
    let no_map = |place: Option<String>| {
        Error::invalid(format!("the document is no map of keys to values{}", place.unwrap_or_default()))
            .with_hint("write JSON, `{\"key\": \"value\"}`, or YAML, `key: value`")
    };
    let read = |error: serde_saphyr::Error| {
        no_map(error.location().map(|at| format!(" (line {}, column {})", at.line(), at.column())))
    };
    let options = serde_saphyr::options! {
        with_snippet: false,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::PassThrough,
    };
    // Read twice: what is a number, null or a list is known to one reading only, and its spelling to the other.
    let shapes: Option<Pairs<Shape>> = serde_saphyr::from_str_with_options(text, options.clone()).map_err(read)?;
    let Pairs(shapes) = shapes.ok_or_else(|| no_map(None))?;
    for (key, shape) in &shapes {
        match shape {
            Shape::Scalar => {}
            Shape::Null => return Err(no_value(key)),
            Shape::Nested => return Err(refuse_nested(key)),
        }
    }
    let Pairs(pairs) = serde_saphyr::from_str_with_options::<Pairs<String>>(text, options).map_err(read)?;
    collect(pairs.into_iter().map(|(key, text)| Ok((key, Value::text(text)))))
}

fn collect(pairs: impl Iterator<Item = Result<(String, Value)>>) -> Result<Values> {
    let mut values = Values::new();
    for pair in pairs {
        let (key, value) = pair?;
        if key.is_empty() {
            return Err(Error::invalid("a key of the document is empty"));
        }
        if values.get(&key).is_some() {
            return Err(Error::invalid(format!("key `{key}` stands in the document twice")));
        }
        values.insert(key, value);
    }
    Ok(values)
}

fn no_value(key: &str) -> Error {
    Error::invalid(format!("key `{key}` has no value in the document"))
        .with_hint("write `\"\"` for an empty one, or leave the key out")
}

fn refuse_nested(key: &str) -> Error {
    Error::invalid(format!("the value of key `{key}` in the document is a list or a map"))
        .with_hint("values are text; quote it to keep it as text")
}

/// A map as it stands there, keys that come twice included.
struct Pairs<V>(Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

struct InOrder<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for InOrder<V> {
    type Value = Pairs<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<V>, M::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

/// What YAML takes a value for.
enum Shape {
    Scalar,
    Null,
    Nested,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

macro_rules! scalars {
    ($($visit:ident $type:ty),+) => {$(
        fn $visit<E>(self, _: $type) -> Result<Shape, E> {
            Ok(Shape::Scalar)
        }
    )+};
}

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    scalars! { visit_bool bool, visit_i64 i64, visit_i128 i128, visit_u64 u64, visit_u128 u128, visit_f64 f64, visit_str &str, visit_bytes &[u8] }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        Shape::deserialize(deserializer)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Shape, S::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Shape::Nested)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Shape, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Shape::Nested)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let values = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        values.iter().map(|(key, value)| (key.to_owned(), value.expose().to_owned())).collect()
    }

    #[test]
    fn json_and_yaml_give_text_as_it_is_spelled() {
        let expected = [("a", "1.0"), ("b", "true"), ("c-d", "x\n\u{1F511}"), ("e", "1e3"), ("f", "")];
        let expected: Vec<_> = expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        assert_eq!(read(r#"{"a": 1.0, "b": true, "c-d": "x\n\ud83d\udd11", "e": 1e3, "f": ""}"#), expected);
        assert_eq!(read("a: 1.0\nb: true\nc-d: \"x\\n\u{1F511}\"\ne: 1e3\nf: ''\n"), expected);
        assert_eq!(
            read("{a: 0x1F, b: 'null', c: 007, d: 2023-01-01, e: .nan, f: 1_000, g: yes,}")[..2],
            [("a".to_owned(), "0x1F".to_owned()), ("b".to_owned(), "null".to_owned())]
        );
        assert_eq!(
            read("g: yes\nh: .nan\ni: 007\nj: 2023-01-01\nk: 1_000\nl: 99999999999999999999999999999999999999999")
                .into_iter()
                .map(|(_, value)| value)
                .collect::<Vec<_>>(),
            ["yes", ".nan", "007", "2023-01-01", "1_000", "99999999999999999999999999999999999999999"]
        );
        assert_eq!(read("pem: |\n  one\n  two\n"), [("pem".to_owned(), "one\ntwo\n".to_owned())]);
        assert_eq!(read("{}"), []);
    }

    #[test]
    fn refusals_name_the_key_or_the_place_and_never_the_content() {
        for (text, message) in [
            (r#"{"k": ["canary"]}"#, "the value of key `k` in the document is a list or a map"),
            ("k:\n  deep: canary\n", "the value of key `k` in the document is a list or a map"),
            ("k: [canary]", "the value of key `k` in the document is a list or a map"),
            (r#"{"k": null}"#, "key `k` has no value in the document"),
            ("k:\nl: canary", "key `k` has no value in the document"),
            ("k: ~", "key `k` has no value in the document"),
            (r#"{"k": "canary", "k": "canary"}"#, "key `k` stands in the document twice"),
            ("k: canary\nk: canary", "key `k` stands in the document twice"),
            (r#"{"": "canary"}"#, "a key of the document is empty"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
        for text in ["canary", "\"canary\"", "[canary]", "{\"k\": \"canary", "k: \"canary\nl: 1", "k: *canary", ""] {
            let error = parse(text).unwrap_err();
            assert!(error.to_string().starts_with("the document is no map of keys to values"), "{text}: {error:?}");
            assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        }
        assert!(parse("a: 1\nb: \"canary\n").unwrap_err().to_string().contains("(line "));
    }
}
