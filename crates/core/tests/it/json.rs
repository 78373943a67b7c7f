//! Values and their JSON.

use crate::{AZURE, values, vectors};
use serde::Deserialize;
use serde_json::value::RawValue;
use strongroom_core::{Configuration, Item, ItemName, Kind, ManagerLayout, Owner, Schema, Secret, SecretName, Tags};

#[derive(Debug, Deserialize)]
struct Written {
    schema: String,
    values: Vec<(String, Box<RawValue>)>,
    content: Vec<(String, Box<RawValue>)>,
    json: String,
}

#[derive(Debug, Deserialize)]
struct Read {
    document: String,
    schema: String,
    content: Vec<(String, Box<RawValue>)>,
}

#[derive(Debug, Deserialize)]
struct Rejected {
    document: String,
    error: Fault,
}

#[derive(Debug, Deserialize)]
struct Fault {
    message: String,
}

fn layout() -> ManagerLayout {
    let attributes = Configuration::from_iter([("scope".to_owned(), "global".to_owned())]);
    ManagerLayout::new(&AZURE, &attributes, Owner { id: uuid::Uuid::nil(), name: "m".into() }).unwrap()
}

fn read(document: &str) -> strongroom_core::Result<Secret> {
    let name: SecretName = "s".parse().unwrap();
    let item: ItemName = "zenml-global-s".parse().unwrap();
    layout().decode(&name, &Item::new(item, document.to_owned().into(), Tags::new()))
}

#[test]
fn values_are_written_in_zenmls_bytes() {
    use secrecy::ExposeSecret;
    for case in vectors::<Written>("manager/json-values.json") {
        let schema = Schema::named(&case.schema).unwrap();
        if case.values.iter().any(|(key, _)| key == "zenml_schema_name") {
            continue; // ZenML loses this value; we refuse it, see below
        }
        let secret = Secret::new("s".parse().unwrap(), schema, values(&case.values))
            .unwrap_or_else(|error| panic!("{case:?}: {error}"));
        let content: Vec<_> = secret.values.iter().map(|(key, value)| (key, value.expose())).collect();
        let expected = values(&case.content);
        let expected: Vec<_> = expected.iter().map(|(key, value)| (key, value.expose())).collect();
        assert_eq!(content, expected, "{case:?}");
        match layout().encode(&secret, None) {
            Ok(item) => assert_eq!(item.value.expose_secret(), case.json, "{case:?}"),
            Err(error) => assert!(case.json.len() > AZURE.value_bytes, "{case:?}: {error}"),
        }
    }
}

#[test]
fn what_zenml_reads_we_read_alike() {
    for case in vectors::<Read>("manager/json-reads.json") {
        if case.document.contains("1e16") {
            continue; // Python respells exponents, we keep the text
        }
        let secret = read(&case.document).unwrap_or_else(|error| panic!("{case:?}: {error:?}"));
        assert_eq!(secret.schema.name(), case.schema);
        assert_eq!(secret.values, values(&case.content), "{case:?}");
    }
}

/// What ZenML 0.44 refuses and we read on purpose: custom schemas, and the fields of ZenML 0.34.
fn is_ours_to_read(case: &Rejected) -> bool {
    let older = ["storage_type", "rclone_config_azureblob"].iter().any(|field| case.document.contains(field));
    older || case.error.message.contains("No SecretSchema class found")
}

#[test]
fn what_zenml_refuses_is_corrupt() {
    for case in vectors::<Rejected>("manager/json-rejects.json") {
        match read(&case.document) {
            Ok(_) => assert!(is_ours_to_read(&case), "{case:?} was read"),
            Err(error) => assert_eq!(error.kind(), Kind::Corrupt, "{case:?}"),
        }
    }
}

#[test]
fn keys_that_zenml_would_lose_are_refused() {
    for key in ["name", "zenml_schema_name"] {
        let values = strongroom_core::Values::from_iter([(key.to_owned(), strongroom_core::Value::text("v"))]);
        let error = Secret::new("s".parse().unwrap(), Schema::ARBITRARY, values).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
    }
}
