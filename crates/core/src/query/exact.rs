//! Filters that every database judges as [`super::Query::page_of`] does: whole texts and moments, never parts of a text.

use super::filter::{Filter, Operation, Value};
use time::OffsetDateTime;

/// A filter on whole values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact<'a> {
    /// The field.
    pub field: &'static str,
    /// What it must be.
    pub wanted: Wanted<'a>,
    /// Whether it must not be that.
    pub negated: bool,
}

/// What a field must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// One of these; upper and lower case differ, but in flags.
    OneOf(Vec<&'a str>),
    /// A moment from the first to the last, both too, in microseconds since 1970; none when the first is later. For fields that know
    /// nothing less than a microsecond.
    Within(i64, i64),
}

impl Filter {
    /// The same filter, if it is one on whole values.
    pub(super) fn exact(&self) -> Option<Exact<'_>> {
        let negated = matches!(self.operation, Operation::NotEquals | Operation::NotOneOf);
        let wanted = match (self.operation, &self.value) {
            (Operation::Equals | Operation::NotEquals, Value::Text(text)) => Wanted::OneOf(vec![text]),
            (Operation::OneOf | Operation::NotOneOf, Value::List(texts)) => {
                Wanted::OneOf(texts.iter().map(String::as_str).collect())
            }
            (Operation::Equals | Operation::NotEquals, Value::Time(time)) => Wanted::Within(first(*time), last(*time)),
            (Operation::AtLeast, Value::Time(time)) => Wanted::Within(first(*time), i64::MAX),
            (Operation::After, Value::Time(time)) => Wanted::Within(last(*time).saturating_add(1), i64::MAX),
            (Operation::AtMost, Value::Time(time)) => Wanted::Within(i64::MIN, last(*time)),
            (Operation::Before, Value::Time(time)) => Wanted::Within(i64::MIN, first(*time).saturating_sub(1)),
            (Operation::Within, Value::Range(from, to)) => Wanted::Within(first(*from), last(*to)),
            _ => return None,
        };
        Some(Exact { field: self.field, wanted, negated })
    }
}

/// The first microsecond that is not before.
fn first(time: OffsetDateTime) -> i64 {
    clamped((time.unix_timestamp_nanos() + 999).div_euclid(1000))
}

/// The last microsecond that is not after.
fn last(time: OffsetDateTime) -> i64 {
    clamped(time.unix_timestamp_nanos().div_euclid(1000))
}

fn clamped(micros: i128) -> i64 {
    i64::try_from(micros).unwrap_or(if micros < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn wanted(field: &'static str, text: &str) -> Option<(String, bool)> {
        let filter = Filter::parse(field, text).unwrap();
        filter.exact().map(|exact| (format!("{:?}", exact.wanted), exact.negated))
    }

    #[test]
    fn whole_values_are_exact_and_parts_are_not() {
        for (field, text, expected) in [
            ("name", "a:b", Some(("OneOf([\"a:b\"])", false))),
            ("name", "notequals:a", Some(("OneOf([\"a\"])", true))),
            ("name", "notoneof:[\"a\", \"b\"]", Some(("OneOf([\"a\", \"b\"])", true))),
            ("private", "Yes", Some(("OneOf([\"true\"])", false))),
            ("name", "contains:a", None),
            ("name", "startswith:a", None),
            ("name", "isnull:", None),
            ("created", "isnotnull:", None),
        ] {
            assert_eq!(wanted(field, text), expected.map(|(wanted, not)| (wanted.to_owned(), not)), "{field} {text}");
        }
    }

    #[test]
    fn a_moment_between_two_microseconds_is_neither() {
        let (whole, between) = ("1970-01-01T00:00:00.000005Z", "1970-01-01T00:00:00.0000055Z");
        let (min, max) = (i64::MIN, i64::MAX);
        for (operation, at, beside) in [
            ("equals", (5, 5), (6, 5)),
            ("gte", (5, max), (6, max)),
            ("gt", (6, max), (6, max)),
            ("lte", (min, 5), (min, 5)),
            ("lt", (min, 4), (min, 5)),
        ] {
            for (time, (first, last)) in [(whole, at), (between, beside)] {
                let expected = (format!("{:?}", Wanted::Within(first, last)), false);
                assert_eq!(wanted("created", &format!("{operation}:{time}")), Some(expected), "{operation} {time}");
            }
        }
        let range = format!("in:{between},{whole}");
        assert_eq!(wanted("updated", &range), Some(("Within(6, 5)".to_owned(), false)));
    }
}
