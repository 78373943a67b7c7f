//! Secret schemas: which keys a secret of a type may and must have (ZenML 0.44 with its integrations, and 0.34's older fields).

mod table;

use crate::{Error, Result, Value, Values};
use std::borrow::Cow;

/// A type of secrets. Typed ones fix the keys; `arbitrary` and custom ones take any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    name: Cow<'static, str>,
    fields: Option<&'static [Field]>,
    older: &'static [&'static [&'static str]],
}

/// One key of a typed schema.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it holds.
    pub holds: FieldType,
}

/// What a key of a typed schema holds.
#[derive(Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text that must be given.
    Required,
    /// Text that may be left out.
    Optional,
    /// Text with a default.
    Text(&'static str),
    /// Always this one text.
    Literal(&'static str),
    /// A boolean with a default, stored as JSON `true` or `false`.
    Boolean(bool),
}

impl Schema {
    /// The schema that takes any keys; the default.
    pub const ARBITRARY: Self = Self { name: Cow::Borrowed("arbitrary"), fields: None, older: &[] };

    /// A schema that users can ask for.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] listing the known ones.
    pub fn named(name: &str) -> Result<Self> {
        Self::all().find(|schema| schema.name == name).ok_or_else(|| {
            let known: Vec<_> = Self::all().map(|schema| schema.name.into_owned()).collect();
            Error::not_found("secret schema", name).with_hint(format!("known schemas: {}", known.join(", ")))
        })
    }

    /// The schema of a stored secret. A name that is not known is a custom schema: it keeps its name and takes any keys.
    pub fn stored(name: &str) -> Self {
        Self::all().find(|schema| schema.name == name).unwrap_or_else(|| Self {
            name: Cow::Owned(name.to_owned()),
            fields: None,
            older: &[],
        })
    }

    /// All known schemas, `arbitrary` first.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::ARBITRARY).chain(table::TYPED.iter().map(|&(name, fields)| Self {
            name: Cow::Borrowed(name),
            fields: Some(fields),
            older: table::OLDER.iter().find(|(older, _)| *older == name).map_or(&[], |(_, keys)| keys),
        }))
    }

    /// The type string that is stored beside the values.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The keys of a typed schema; `None` when any key is taken.
    pub fn fields(&self) -> Option<&'static [Field]> {
        self.fields
    }

    /// Checks values that a user gave, fills in defaults, and puts typed keys in the schema's order, as ZenML does.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] naming every key that is missing, unknown or of the wrong type; never a value.
    pub fn check(&self, mut values: Values) -> Result<Values> {
        let Some(fields) = self.fields else { return Ok(values) };
        let mut faults = Vec::new();
        let mut checked = Values::new();
        for Field { key, holds } in fields {
            match (values.remove(key), holds) {
                (Some(value), FieldType::Optional) if value.is_null() => {}
                (Some(value), holds) => match holds.take(value) {
                    Ok(value) => checked.insert(*key, value),
                    Err(fault) => faults.push(format!("`{key}` {fault}")),
                },
                (None, FieldType::Required) => faults.push(format!("`{key}` is required")),
                (None, FieldType::Optional) => {}
                (None, FieldType::Text(default) | FieldType::Literal(default)) => {
                    checked.insert(*key, Value::text(*default))
                }
                (None, FieldType::Boolean(default)) => checked.insert(*key, Value::boolean(*default)),
            }
        }
        faults.extend(values.keys().map(|key| format!("`{key}` is not one of its keys")));
        if faults.is_empty() {
            return Ok(checked);
        }
        let name = &self.name;
        let keys: Vec<_> = fields.iter().map(|field| field.key).collect();
        Err(Error::invalid(format!(
            "secret values do not conform with the secret schema `{name}`: {}",
            faults.join(", ")
        ))
        .with_hint(format!("keys of `{name}`: {}", keys.join(", "))))
    }

    /// Checks values that were stored; the older fields of ZenML 0.34 are read as they are.
    ///
    /// # Errors
    /// [`crate::Kind::Corrupt`] when the stored keys fit no version of the schema.
    pub fn check_stored(&self, values: Values) -> Result<Values> {
        if self.older.iter().any(|keys| values.keys().all(|key| keys.contains(&key))) {
            return Ok(values);
        }
        self.check(values).map_err(|fault| Error::corrupt(fault.to_string()))
    }
}

impl FieldType {
    /// The value as the schema stores it, or what is wrong with it.
    fn take(&self, value: Value) -> Result<Value, String> {
        match self {
            Self::Required | Self::Optional | Self::Text(_) if value.is_nested() || value.is_null() => {
                Err("is not text".to_owned())
            }
            // pydantic 1 turns numbers and booleans into text
            Self::Required | Self::Optional | Self::Text(_) => Ok(Value::text(value.python_text())),
            Self::Literal(only) if value.expose() == *only => Ok(value),
            Self::Literal(only) => Err(format!("can only be `{only}`")),
            Self::Boolean(_) => match value.expose().to_ascii_lowercase().as_str() {
                // what pydantic 1 takes for a boolean
                "1" | "on" | "t" | "true" | "y" | "yes" => Ok(Value::boolean(true)),
                "0" | "off" | "f" | "false" | "n" | "no" => Ok(Value::boolean(false)),
                _ => Err("is not a boolean".to_owned()),
            },
        }
    }
}
