//! Schemas and references against ZenML's own.

use crate::{values, vectors};
use serde::Deserialize;
use serde_json::value::RawValue;
use strongroom_core::{FieldType, Kind, Reference, Schema, Value};

type Pairs = Vec<(String, Box<RawValue>)>;

#[derive(Debug, Deserialize)]
struct Typed {
    schema: String,
    open: bool,
    fields: Vec<Described>,
    minimal: Instance,
    full: Instance,
}

#[derive(Debug, Deserialize)]
struct Described {
    name: String,
    required: bool,
    default: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Instance {
    values: Pairs,
    content: Pairs,
}

#[derive(Debug, Deserialize)]
struct Text {
    text: String,
    reference: bool,
    name: Option<String>,
    key: Option<String>,
}

#[test]
fn schemas_have_zenmls_fields_in_zenmls_order() {
    let cases = vectors::<Typed>("schemas.json");
    assert_eq!(cases.len(), Schema::all().count());
    for case in cases {
        let schema = Schema::named(&case.schema).unwrap();
        let Some(fields) = schema.fields() else {
            assert!(case.open, "{case:?}");
            continue;
        };
        assert_eq!(fields.len(), case.fields.len(), "{}", case.schema);
        for (field, described) in fields.iter().zip(&case.fields) {
            assert_eq!(field.key, described.name);
            assert_eq!(matches!(field.holds, FieldType::Required), described.required, "{described:?}");
            let default = match field.holds {
                FieldType::Text(text) | FieldType::Literal(text) => Some(serde_json::Value::from(text)),
                FieldType::Boolean(default) => Some(default.into()),
                FieldType::Required | FieldType::Optional => None,
            };
            assert_eq!(default, described.default, "{described:?}");
        }
        for instance in [&case.minimal, &case.full] {
            assert_eq!(schema.check(values(&instance.values)).unwrap(), values(&instance.content), "{}", case.schema);
        }
    }
}

#[test]
fn a_violation_names_every_fault_and_no_value() {
    let given = [("aws_access_key_id", "canary"), ("colour", "canary")];
    let given = given.map(|(key, value)| (key.to_owned(), Value::text(value)));
    let error = Schema::named("aws").unwrap().check(given.into_iter().collect()).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    let text = format!("{error:?}");
    assert!(text.contains("`aws_secret_access_key` is required") && text.contains("`colour` is not one"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn references_are_zenmls() {
    for case in vectors::<Text>("references.json") {
        let parsed = Reference::parse(&case.text);
        assert_eq!(parsed.is_some(), case.reference, "{case:?}");
        if let Some(Reference { secret, key }) = parsed {
            assert_eq!((Some(secret), Some(key)), (case.name, case.key), "{}", case.text);
        }
    }
}
