//! The core against golden bytes that ZenML itself wrote.
#![allow(clippy::unwrap_used)]

mod azure;
mod json;
mod names;
mod schemas;
mod store;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use strongroom_core::{NameRule, Rules, Unscoped, Value, Values};

/// The cases of one file under `vectors/`.
pub(crate) fn vectors<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = format!("{}/../../vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases: Vec<T> = serde_json::from_str(&text).unwrap();
    assert!(!cases.is_empty(), "{file} holds no case");
    cases
}

/// Values as the vectors spell them: text, or any other JSON.
pub(crate) fn values(pairs: &[(String, Box<RawValue>)]) -> Values {
    pairs.iter().map(|(key, value)| (key.clone(), self::value(value.get()))).collect()
}

fn value(json: &str) -> Value {
    match serde_json::from_str::<String>(json) {
        Ok(text) => Value::text(text),
        Err(_) => Value::Json(json.to_owned().into()),
    }
}

/// The rules of Azure Key Vault, as the layout needs them.
pub(crate) static AZURE: Rules = Rules {
    service: "Azure Key Vault",
    scopes: true,
    separator: '-',
    names: NameRule { legal: hyphenated, words: "alphanumeric characters and the character -", longest: 100 },
    items: NameRule { legal: hyphenated, words: "alphanumeric characters and the character -", longest: 127 },
    folds_case: true,
    value_bytes: 25_600,
    tags: 15,
    tag_length: 512,
    compare_and_set: false,
    unscoped: Unscoped::PerKey,
};

fn hyphenated(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}
