//! Filters of lists, as the REST API and the command line take them: what is understood is written out the same, and an
//! operation and its opposite part the entries between them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;
use strongroom_core::Kind;
use strongroom_core::query::{Field, Filterable, Query};
use time::OffsetDateTime;
use uuid::Uuid;

/// One entry, with a field of each sort.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    id: u128,
    name: &'static str,
}

impl Filterable for Entry {
    const FIELDS: &'static [&'static str] = &["id", "name", "created", "private", "user"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![Uuid::from_u128(self.id)]),
            "created" => Field::Time(OffsetDateTime::UNIX_EPOCH + time::Duration::days(self.id as i64 % 20_000)),
            "private" => Field::Flag(self.id % 2 == 0),
            "user" => Field::Reference(Uuid::from_u128(self.id), self.name.into()),
            _ => Field::Text(self.name.into()),
        }
    }
}

const ENTRIES: [Entry; 4] = [
    Entry { id: 1, name: "" },
    Entry { id: 2, name: "docker: local" },
    Entry { id: 19_000, name: "Ünïcode" },
    Entry { id: u64::MAX as u128 >> 40, name: "AWS" },
];

const OPPOSITES: [(&str, &str); 4] =
    [("equals", "notequals"), ("contains", "notcontains"), ("oneof", "notoneof"), ("isnull", "isnotnull")];

// A line is `FIELD=FILTER`, as in the query of a URL; `sort_by=…` among them.
fuzz_target!(|text: &str| {
    let mut query = Query::<Entry>::all();
    for line in text.lines().take(8) {
        let Some((field, value)) = line.split_once('=') else { continue };
        let taken = match field {
            "sort_by" => query.sort_by(value),
            "any" => {
                query.any = true;
                Ok(())
            }
            _ => query.filter(field, value),
        };
        match taken {
            Ok(()) if field != "sort_by" && field != "any" => opposites_part_the_entries(field, value),
            Ok(()) => {}
            Err(error) => assert_eq!(error.kind(), Kind::Invalid),
        }
    }
    let page = query.page_of(ENTRIES.to_vec()).expect("one page");
    assert_eq!(page.items.len(), page.total);
    let mut again = Query::<Entry>::all();
    again.any = query.any;
    let parameters = query.parameters();
    for (name, value) in &parameters {
        match *name {
            "sort_by" => again.sort_by(value).expect("what was written out is understood"),
            "logical_operator" | "page" | "size" => {}
            field => again.filter(field, value).expect("what was written out is understood"),
        }
    }
    assert_eq!(again.parameters(), parameters);
    assert_eq!(again.page_of(ENTRIES.to_vec()).expect("one page").items, page.items);
});

fn opposites_part_the_entries(field: &str, text: &str) {
    let Some((name, value)) = text.split_once(':') else { return };
    let Some((one, other)) = OPPOSITES.iter().find(|pair| pair.0 == name) else { return };
    let passing = |operation: &str| {
        let mut query = Query::<Entry>::all();
        query.filter(field, &format!("{operation}:{value}")).ok()?;
        let page = query.page_of(ENTRIES.to_vec()).expect("one page");
        Some(page.items.iter().map(|entry| entry.id).collect::<BTreeSet<_>>())
    };
    let (Some(one), Some(other)) = (passing(one), passing(other)) else {
        panic!("`{one}` is understood and `{other}` is not, or the other way round")
    };
    assert!(one.is_disjoint(&other), "an entry passes both");
    assert_eq!(one.len() + other.len(), ENTRIES.len(), "an entry passes neither");
}
