//! From the attributes of a component, all of them text, to a flavor's settings struct.
//!
//! The flavor's table of attributes is the gate: what it does not name is refused, what it requires must be there, and its
//! defaults are filled in, so that a settings struct holds an `Option` only where nothing is a meaning of its own.

use crate::Attribute;
use serde::de::{DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use std::fmt;
use strongroom_core::{Configuration, Error, Result};

/// The settings of a component of flavor `flavor`. `T` may leave out attributes of the table, such as the scope.
///
/// # Errors
/// [`strongroom_core::Kind::Invalid`] naming the attribute that is unknown, missing or malformed.
pub(crate) fn settings<T: DeserializeOwned>(
    flavor: &str,
    attributes: &[Attribute],
    configuration: &Configuration,
) -> Result<T> {
    if let Some(unknown) = configuration.keys().find(|name| attributes.iter().all(|known| known.name != *name)) {
        return Err(refuse_unknown(flavor, attributes, unknown));
    }
    let given = |attribute: &Attribute| configuration.get(attribute.name).map(String::as_str).or(attribute.default);
    if let Some(missing) = attributes.iter().find(|attribute| attribute.required && given(attribute).is_none()) {
        let name = missing.name;
        return Err(Error::invalid(format!("flavor `{flavor}` needs the attribute `{name}`"))
            .with_hint(format!("add `--{name}=…`: {}", missing.help)));
    }
    let pairs = attributes.iter().filter_map(|attribute| Some((attribute.name, given(attribute)?))).collect();
    T::deserialize(Pairs { pairs }).map_err(|Fault(fault)| Error::invalid(fault))
}

fn refuse_unknown(flavor: &str, attributes: &[Attribute], unknown: &str) -> Error {
    let known: Vec<_> = attributes.iter().map(|attribute| format!("`{}`", attribute.name)).collect();
    let plain = unknown.to_ascii_lowercase().replace('-', "_");
    let distance = |attribute: &&Attribute| strsim::damerau_levenshtein(attribute.name, &plain);
    let near = attributes.iter().min_by_key(distance).filter(|nearest| distance(nearest) <= 2);
    let hint = match near {
        Some(near) => format!("did you mean `{}`?", near.name),
        None => format!("attributes of `{flavor}`: {}", known.join(", ")),
    };
    Error::invalid(format!("flavor `{flavor}` has no attribute `{unknown}`")).with_hint(hint)
}

/// What is wrong with an attribute, in words.
#[derive(Debug)]
struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Pairs<'a> {
    pairs: Vec<(&'static str, &'a str)>,
}

impl<'de> Deserializer<'de> for Pairs<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Walk { rest: self.pairs.into_iter(), value: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Walk<'a> {
    rest: std::vec::IntoIter<(&'static str, &'a str)>,
    value: Option<(&'static str, &'a str)>,
}

impl<'de> MapAccess<'de> for Walk<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.value = self.rest.next();
        self.value.map(|(name, _)| seed.deserialize(name.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, text) = self.value.take().expect("serde asks for the key first");
        seed.deserialize(Text(text)).map_err(|Fault(fault)| Fault(format!("attribute `{name}`: {fault}")))
    }
}

/// One value: text that a field's type may want as a number or as yes or no.
struct Text<'a>(&'a str);

impl Text<'_> {
    fn number<T: std::str::FromStr>(&self) -> Result<T, Fault> {
        self.0.trim().parse().map_err(|_| Fault(format!("`{}` is not a number in range", self.0)))
    }
}

macro_rules! numbers {
    ($($ask:ident $visit:ident),+) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.number()?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.0)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => visitor.visit_bool(true),
            "false" | "no" | "off" | "0" => visitor.visit_bool(false),
            _ => Err(Fault(format!("`{}` is neither `true` nor `false`", self.0))),
        }
    }

    numbers! {
        deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32, deserialize_i64 visit_i64,
        deserialize_u8 visit_u8, deserialize_u16 visit_u16, deserialize_u32 visit_u32, deserialize_u64 visit_u64,
        deserialize_f32 visit_f32, deserialize_f64 visit_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        // ZenML's `--namespace=` stands for nothing given
        if self.0.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.0.into_deserializer().deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use strongroom_core::Kind;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Auth {
        Cli,
        ManagedIdentity,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Settings {
        vault: String,
        verify: bool,
        timeout: u32,
        auth: Option<Auth>,
        tenant: Option<String>,
    }

    const TABLE: &[Attribute] = &[
        Attribute::SCOPE,
        Attribute::required("vault", "the vault"),
        Attribute::with_default("verify", "true", "whether to verify"),
        Attribute::with_default("timeout", "30", "seconds"),
        Attribute::optional("auth", "how to sign in"),
        Attribute::optional("tenant", "the tenant"),
    ];

    fn read(pairs: &[(&str, &str)]) -> Result<Settings> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        settings("test", TABLE, &pairs.collect())
    }

    #[test]
    fn text_becomes_what_the_field_is() {
        let all =
            read(&[("scope", "global"), ("vault", "12"), ("verify", "No"), ("auth", "managed_identity")]).unwrap();
        let expected = Settings {
            vault: "12".into(),
            verify: false,
            timeout: 30,
            auth: Some(Auth::ManagedIdentity),
            tenant: None,
        };
        assert_eq!(all, expected);
        assert_eq!(read(&[("vault", "v"), ("tenant", "")]).unwrap().tenant, None);
    }

    #[test]
    fn every_refusal_names_the_attribute() {
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[("vault", "v"), ("color", "x")], "flavor `test` has no attribute `color`"),
            (&[("verify", "yes")], "flavor `test` needs the attribute `vault`"),
            (&[("vault", "v"), ("verify", "maybe")], "attribute `verify`: `maybe` is neither `true` nor `false`"),
            (&[("vault", "v"), ("timeout", "-1")], "attribute `timeout`: `-1` is not a number in range"),
            (
                &[("vault", "v"), ("auth", "magic")],
                "attribute `auth`: unknown variant `magic`, expected `cli` or `managed_identity`",
            ),
        ];
        for (pairs, message) in cases {
            let error = read(pairs).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (Kind::Invalid, *message));
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_named() {
        for slip in ["timeuot", "time-out", "Timeout", "timeot", "timeoutt"] {
            let error = read(&[("vault", "v"), (slip, "3")]).unwrap_err();
            assert_eq!(error.hint(), Some("did you mean `timeout`?"), "{slip}");
        }
        let error = read(&[("vault", "v"), ("color", "3")]).unwrap_err();
        assert!(error.hint().unwrap().starts_with("attributes of `test`: `scope`, `vault`"), "{error:?}");
    }
}
