//! The JSON of a secret's values, in the exact bytes of Python's `json.dumps` defaults, which ZenML writes.
//!
//! Separators `", "` and `": "`, everything but printable ASCII as `\uXXXX` (surrogate pairs above U+FFFF).

mod nested;

use crate::{Error, Result, Value, Values};
use indexmap::IndexMap;
use nested::Nested;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::ser::{CharEscape, Formatter};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes `values` as one flat object, `extra` pairs last (ZenML puts the schema there).
///
/// # Panics
/// Never: writing to memory does not fail and every `Value::Json` holds JSON.
pub fn write_values(values: &Values, extra: &[(&str, &str)]) -> SecretString {
    let mut text = Vec::with_capacity(1024);
    let document = Document { values, extra };
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Python);
    document.serialize(&mut serializer).expect("writing JSON to memory");
    SecretString::from(String::from_utf8(text).expect("ASCII only"))
}

/// Writes any serialisable document in the same bytes.
pub fn write_document(document: &impl Serialize) -> Result<String> {
    let mut text = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Python);
    document.serialize(&mut serializer).map_err(|error| Error::payload("the document", &error))?;
    Ok(String::from_utf8(text).expect("ASCII only"))
}

/// Reads a flat object. `what` names the payload in the error.
///
/// # Errors
/// [`crate::Kind::Corrupt`] when `text` is no JSON object; the error shows line and column, never content.
pub fn parse_values(what: &str, text: &SecretString) -> Result<Values> {
    let pairs: IndexMap<Cow<'_, str>, &RawValue> =
        serde_json::from_str(text.expose_secret()).map_err(|error| Error::payload(what, &error))?;
    let mut values = Values::new();
    for (key, raw) in pairs {
        match raw.get() {
            string if string.starts_with('"') => {
                let text: String = serde_json::from_str(string).map_err(|error| Error::payload(what, &error))?;
                values.insert(key, Value::text(text));
            }
            other => values.insert(key, Value::Json(SecretString::from(other))),
        }
    }
    Ok(values)
}

struct Document<'a> {
    values: &'a Values,
    extra: &'a [(&'a str, &'a str)],
}

impl Serialize for Document<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len() + self.extra.len()))?;
        for (key, value) in self.values.iter() {
            match value {
                Value::Text(text) => map.serialize_entry(key, text.expose_secret())?,
                Value::Json(json) => {
                    let raw: &RawValue = serde_json::from_str(json.expose_secret())
                        .map_err(|_| serde::ser::Error::custom("a value is not JSON"))?;
                    match value.is_nested() {
                        true => map.serialize_entry(key, &Nested::new(raw))?,
                        false => map.serialize_entry(key, raw)?,
                    }
                }
            }
        }
        for (key, value) in self.extra {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if (' '..='~').contains(&character) {
                writer.write_all(&[character as u8])?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Solidus => writer.write_all(b"/"), // Python leaves it as it is
            CharEscape::Quote => writer.write_all(b"\\\""),
            CharEscape::ReverseSolidus => writer.write_all(b"\\\\"),
            CharEscape::Backspace => writer.write_all(b"\\b"),
            CharEscape::FormFeed => writer.write_all(b"\\f"),
            CharEscape::LineFeed => writer.write_all(b"\\n"),
            CharEscape::CarriageReturn => writer.write_all(b"\\r"),
            CharEscape::Tab => writer.write_all(b"\\t"),
            CharEscape::AsciiControl(byte) => write!(writer, "\\u{byte:04x}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_where_and_never_what() {
        let text = SecretString::from(r#"{"a": "canary", b}"#);
        let error = parse_values("secret `x`", &text).unwrap_err();
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        assert!(error.to_string().contains("line 1, column 17"), "{error}");
    }

    /// Writing these was a panic once, or lost digits.
    #[test]
    fn whatever_json_was_read_can_be_written() {
        let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
        let cases = [
            (deep.as_str(), deep.as_str()),
            (r#"["\ud800"]"#, r#"["\ud800"]"#),
            (r#"{"\ud800":1}"#, r#"{"\ud800":1}"#),
            ("[1e999,1]", "[1e999, 1]"),
            ("[6.481974839701219e227]", "[6.481974839701219e+227]"),
            ("[12345678901234567890123, 1e2,-0.0]", "[12345678901234567890123, 100.0, -0.0]"),
            (r#"{"a":[true,null],"a":{"b":"\u00e9"}}"#, r#"{"a": {"b": "\u00e9"}}"#),
        ];
        for (read, written) in cases {
            let values = parse_values("it", &format!(r#"{{"k": {read}}}"#).into()).unwrap();
            assert_eq!(write_values(&values, &[]).expose_secret(), format!(r#"{{"k": {written}}}"#));
        }
    }

    #[test]
    fn delete_and_control_characters_are_escaped_as_python_does() {
        let values = Values::from_iter([("k".to_owned(), Value::text("\u{7f}\u{1}\n/\u{1F511}"))]);
        let text = write_values(&values, &[]);
        assert_eq!(text.expose_secret(), "{\"k\": \"\\u007f\\u0001\\n/\\ud83d\\udd11\"}");
    }
}
