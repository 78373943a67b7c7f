//! Names and tags in Azure Key Vault.

use crate::{AZURE, values, vectors};
use serde::Deserialize;
use serde_json::value::RawValue;
use strongroom_core::{Configuration, ManagerLayout, Owner, Schema, Scope, Secret, SecretName, unscoped_item_name};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct Scoped {
    scope: String,
    namespace: Option<String>,
    component_id: Uuid,
    component_name: String,
    schema: String,
    secret: String,
    values: Vec<(String, Box<RawValue>)>,
    item: String,
    tags: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
struct Unscoped {
    secret: String,
    key: String,
    item: String,
}

#[derive(Debug, Deserialize)]
struct Rule {
    kind: String,
    scope: String,
    name: String,
    accepted: bool,
}

fn attributes(scope: &str, namespace: Option<&str>) -> Configuration {
    let namespace = namespace.map(|name| ("namespace".to_owned(), name.to_owned()));
    [("scope".to_owned(), scope.to_owned())].into_iter().chain(namespace).collect()
}

#[test]
fn scoped_names_and_tags_are_zenmls() {
    for case in vectors::<Scoped>("azure/scoped-names.json") {
        let owner = Owner { id: case.component_id, name: case.component_name.clone() };
        let layout = ManagerLayout::new(&AZURE, &attributes(&case.scope, case.namespace.as_deref()), owner).unwrap();
        let schema = Schema::named(&case.schema).unwrap();
        let secret = Secret::new(case.secret.parse().unwrap(), schema, values(&case.values)).unwrap();
        match layout.encode(&secret, None) {
            Ok(item) => {
                assert_eq!(item.name.as_str(), case.item, "{case:?}");
                assert_eq!(Vec::from_iter(item.tags), case.tags);
            }
            // ZenML leaves Key Vault's own limit to the service
            Err(error) => assert!(case.item.len() > AZURE.items.longest, "{case:?}: {error}"),
        }
    }
}

#[test]
fn unscoped_names_are_zenmls() {
    for case in vectors::<Unscoped>("azure/unscoped-names.json") {
        let Ok(secret) = case.secret.parse::<SecretName>() else {
            assert!(case.secret.is_empty() || case.secret.contains(char::is_control), "{case:?}");
            continue;
        };
        let name = unscoped_item_name(&secret, &case.key, usize::MAX);
        match name {
            Ok(name) => assert_eq!(name.as_str(), case.item, "{case:?}"),
            Err(_) => assert!(case.item.len() > 255, "{case:?}"),
        }
        let refused = unscoped_item_name(&secret, &case.key, 127).is_err();
        assert_eq!(refused, case.item.len() > 127, "{case:?}");
    }
}

#[test]
fn names_are_accepted_and_refused_as_by_zenml() {
    for case in vectors::<Rule>("azure/name-rules.json") {
        let owner = Owner { id: Uuid::nil(), name: "m".into() };
        let accepted = match case.kind.as_str() {
            "namespace" => Scope::from_attributes(&attributes(&case.scope, Some(&case.name)), owner.id, &AZURE).is_ok(),
            "secret" => {
                let layout = ManagerLayout::new(&AZURE, &attributes(&case.scope, Some("ns")), owner).unwrap();
                case.name.parse().is_ok_and(|name| layout.is_per_key() || layout.item_name(&name).is_ok())
            }
            other => panic!("unknown kind {other}"),
        };
        // we refuse more: empty and control characters anywhere, names too long for the service, the name `name`
        let length = case.name.chars().count();
        let ours = case.name.is_empty() || case.name.chars().any(char::is_control) || length > 74;
        assert!(accepted == case.accepted || (!accepted && ours), "{case:?}");
    }
}
