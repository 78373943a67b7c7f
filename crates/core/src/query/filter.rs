//! One filter of a query: a field, an operation and a value.

use super::Field;
use crate::{Error, Result};
use time::format_description::FormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use uuid::Uuid;

const SECONDS: &[FormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
/// As lists show it.
const PYTHON: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]");
const DAY: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// The operations, as ZenML names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
    AtLeast,
    After,
    AtMost,
    Before,
    NotEquals,
    NotContains,
    OneOf,
    NotOneOf,
    IsNull,
    IsNotNull,
    Within,
}

const OPERATIONS: &[(&str, Operation)] = &[
    ("equals", Operation::Equals),
    ("contains", Operation::Contains),
    ("startswith", Operation::StartsWith),
    ("endswith", Operation::EndsWith),
    ("gte", Operation::AtLeast),
    ("gt", Operation::After),
    ("lte", Operation::AtMost),
    ("lt", Operation::Before),
    ("notequals", Operation::NotEquals),
    ("notcontains", Operation::NotContains),
    ("oneof", Operation::OneOf),
    ("notoneof", Operation::NotOneOf),
    ("isnull", Operation::IsNull),
    ("isnotnull", Operation::IsNotNull),
    ("in", Operation::Within),
];

#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub(super) field: &'static str,
    /// As it was given, operation and value.
    text: String,
    pub(super) operation: Operation,
    pub(super) value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Time(OffsetDateTime),
    /// Of `oneof` and `notoneof`, a JSON list.
    List(Vec<String>),
    /// Of `in`: the first and the last moment.
    Range(OffsetDateTime, OffsetDateTime),
}

impl Filter {
    /// A filter of `field`. A text before the colon that names no operation belongs to the value.
    pub(super) fn parse(field: &'static str, text: &str) -> Result<Self> {
        let split = text.split_once(':').and_then(|(name, value)| {
            let (_, operation) = OPERATIONS.iter().find(|(known, _)| *known == name)?;
            Some((*operation, value))
        });
        let (operation, value) = split.unwrap_or((Operation::Equals, text));
        let about_time = matches!(field, "created" | "updated");
        let fits = match operation {
            Operation::Equals | Operation::NotEquals | Operation::IsNull | Operation::IsNotNull => true,
            Operation::Contains
            | Operation::NotContains
            | Operation::StartsWith
            | Operation::EndsWith
            | Operation::OneOf
            | Operation::NotOneOf => !about_time,
            Operation::AtLeast | Operation::After | Operation::AtMost | Operation::Before | Operation::Within => {
                about_time
            }
        };
        if !fits {
            let name = text.split(':').next().unwrap_or_default();
            let known = if about_time {
                "equals, notequals, gt, gte, lt, lte, in, isnull, isnotnull"
            } else {
                "equals, notequals, contains, notcontains, startswith, endswith, oneof, notoneof, isnull, isnotnull"
            };
            return Err(Error::invalid(format!("`{field}` cannot be filtered by `{name}`"))
                .with_hint(format!("operations on `{field}`: {known}")));
        }
        let value = match operation {
            Operation::IsNull | Operation::IsNotNull => Value::Text(String::new()),
            Operation::OneOf | Operation::NotOneOf => Value::List(list(value)?),
            Operation::Within => {
                let (first, last) = value.split_once(',').unwrap_or((value, value));
                Value::Range(moment(first)?, moment(last)?)
            }
            _ if about_time => Value::Time(moment(value)?),
            Operation::Equals | Operation::NotEquals if FLAGS.contains(&field) => Value::Text(flag(field, value)?),
            _ => Value::Text(value.to_owned()),
        };
        Ok(Self { field, text: text.to_owned(), operation, value })
    }

    pub(super) fn field(&self) -> &'static str {
        self.field
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn passes(&self, field: &Field<'_>) -> bool {
        let not = match self.operation {
            Operation::IsNull => return is_nothing(field),
            Operation::IsNotNull => return !is_nothing(field),
            Operation::NotEquals => Some(Operation::Equals),
            Operation::NotContains => Some(Operation::Contains),
            Operation::NotOneOf => Some(Operation::OneOf),
            _ => None,
        };
        if let Some(operation) = not {
            return !Self { operation, ..self.clone() }.passes(field);
        }
        match (field, &self.value) {
            (Field::Time(time), Value::Range(first, last)) => first <= time && time <= last,
            (Field::Time(time), Value::Time(value)) => self.fits_time(*time, *value),
            (_, Value::List(values)) => {
                let is = |value: &String| {
                    let value = Value::Text(value.clone());
                    Self { operation: Operation::Equals, value, ..self.clone() }.passes(field)
                };
                values.iter().any(is)
            }
            (Field::Text(text), Value::Text(value)) => self.fits_text(text, value),
            (Field::Ids(ids), Value::Text(value)) => ids.iter().any(|id| self.fits_id(*id, value)),
            (Field::Flag(flag), Value::Text(value)) => value.eq_ignore_ascii_case(if *flag { "true" } else { "false" }),
            (Field::Reference(id, name), Value::Text(value)) => self.fits_id(*id, value) || self.fits_text(name, value),
            (Field::Time(_), Value::Text(_)) | (_, Value::Time(_) | Value::Range(..)) => false,
        }
    }

    /// Only whole text keeps upper and lower case apart, as in SQL.
    fn fits_text(&self, text: &str, value: &str) -> bool {
        if self.operation == Operation::Equals {
            return text == value;
        }
        let (text, value) = (text.to_ascii_lowercase(), value.to_ascii_lowercase());
        match self.operation {
            Operation::StartsWith => text.starts_with(&value),
            Operation::EndsWith => text.ends_with(&value),
            _ => text.contains(&value),
        }
    }

    fn fits_id(&self, id: Uuid, value: &str) -> bool {
        match (self.operation, Uuid::parse_str(value)) {
            (Operation::Equals, Ok(value)) => id == value,
            // part of an id, with or without dashes
            _ => self.fits_text(&id.simple().to_string(), &value.replace('-', "")),
        }
    }

    fn fits_time(&self, time: OffsetDateTime, value: OffsetDateTime) -> bool {
        match self.operation {
            Operation::AtLeast => time >= value,
            Operation::After => time > value,
            Operation::AtMost => time <= value,
            Operation::Before => time < value,
            _ => time == value,
        }
    }
}

/// Whether there is nothing in a field.
fn is_nothing(field: &Field<'_>) -> bool {
    match field {
        Field::Text(text) => text.is_empty(),
        Field::Ids(ids) => ids.is_empty(),
        Field::Time(_) | Field::Flag(_) | Field::Reference(..) => false,
    }
}

fn list(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|_| {
        Error::invalid("the values of `oneof` are no list").with_hint(r#"write them as `oneof:["a", "b"]`"#)
    })
}

/// A moment as ZenML takes it (`2023-09-01 12:30:45`, in UTC), as RFC 3339, or the first moment of a day.
/// The fields that are yes or no.
const FLAGS: [&str; 3] = ["private", "active", "is_admin"];

fn flag(field: &str, text: &str) -> Result<String> {
    match &*text.to_ascii_lowercase() {
        "true" | "1" | "yes" => Ok("true".to_owned()),
        "false" | "0" | "no" => Ok("false".to_owned()),
        _ => Err(Error::invalid(format!("`{field}` is true or false"))),
    }
}

fn moment(text: &str) -> Result<OffsetDateTime> {
    let utc = |date: PrimitiveDateTime| date.assume_utc();
    PrimitiveDateTime::parse(text, &SECONDS)
        .or_else(|_| PrimitiveDateTime::parse(text, &PYTHON))
        .map(utc)
        .or_else(|_| OffsetDateTime::parse(text, &Rfc3339))
        .or_else(|_| Date::parse(text, &DAY).map(|day| utc(PrimitiveDateTime::new(day, Time::MIDNIGHT))))
        .map_err(|_| {
            Error::invalid(format!("`{text}` is not a time")).with_hint("write it as `2023-09-01 12:30:45`, in UTC")
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_in_a_value_needs_no_care() {
        let filter = Filter::parse("name", "docker: local").unwrap();
        assert!(filter.passes(&Field::Text("docker: local".into())));
        let filter = Filter::parse("name", "contains:a:b").unwrap();
        assert!(filter.passes(&Field::Text("xa:B".into())));
    }

    #[test]
    fn one_of_several_ids_is_enough() {
        let ids = vec![Uuid::from_u128(1), Uuid::from_u128(2)];
        let filter = Filter::parse("component_id", &Uuid::from_u128(2).simple().to_string()).unwrap();
        assert!(filter.passes(&Field::Ids(ids.clone())));
        let filter = Filter::parse("component_id", "endswith:3").unwrap();
        assert!(!filter.passes(&Field::Ids(ids)));
    }

    #[test]
    fn moments_are_taken_in_four_spellings() {
        let same = ["2023-09-01 00:00:00", "2023-09-01T00:00:00", "2023-09-01T02:00:00+02:00", "2023-09-01"];
        for text in same {
            assert_eq!(moment(text).unwrap().unix_timestamp(), 1_693_526_400, "{text}");
        }
    }
}
