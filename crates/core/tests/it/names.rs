//! No two different secrets share an item, and every accepted name reads back.

use crate::AZURE;
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::Value as Json;
use std::collections::HashMap;
use strongroom_core::{
    Configuration, ManagerLayout, Owner, Schema, Secret, SecretName, Value, Values, parse_values, unscoped_item_name,
    write_values,
};
use uuid::Uuid;

fn layouts() -> Vec<ManagerLayout> {
    let mut layouts = Vec::new();
    for (scope, namespace) in
        [("global", ""), ("component", ""), ("namespace", "a"), ("namespace", "a-b"), ("namespace", "A")]
    {
        let attributes = Configuration::from_iter([
            ("scope".to_owned(), scope.to_owned()),
            ("namespace".to_owned(), namespace.to_owned()),
        ]);
        let owner = Owner { id: Uuid::from_u128(7), name: "m".into() };
        layouts.push(ManagerLayout::new(&AZURE, &attributes, owner).unwrap());
    }
    layouts
}

proptest! {
    /// Two secrets that fall on one item are told apart by their tags, so that a write is refused.
    #[test]
    fn a_shared_item_is_never_owned_by_both(names in prop::collection::vec("[abAB-]{1,4}", 2..12)) {
        let mut seen: HashMap<String, (usize, String)> = HashMap::new();
        for (index, layout) in layouts().iter().enumerate() {
            for name in &names {
                let secret = Secret::new(name.parse().unwrap(), Schema::ARBITRARY, Values::new()).unwrap();
                let item = layout.encode(&secret, None).unwrap();
                prop_assert!(layout.owns(&secret.name, &item.tags));
                let place = item.name.as_str().to_lowercase();
                if let Some((other, first)) = seen.insert(place, (index, name.clone())) {
                    let same = other == index && &first == name;
                    let other = &layouts()[other];
                    prop_assert_eq!(other.owns(&first.parse().unwrap(), &item.tags), same);
                }
            }
        }
    }

    /// Any text survives a round through the stored form.
    #[test]
    fn every_value_reads_back(pairs in prop::collection::vec(("[^\u{0}]{0,8}", any::<String>()), 0..6)) {
        let values: Values = pairs.iter().filter(|(key, _)| key != "name" && key != "zenml_schema_name")
            .map(|(key, value)| (key.clone(), Value::text(value))).collect();
        let secret = Secret::new("s".parse().unwrap(), Schema::ARBITRARY, values).unwrap();
        let layout = &layouts()[0];
        let item = layout.encode(&secret, None).unwrap();
        prop_assert_eq!(layout.decode(&secret.name, &item).unwrap(), secret);
    }

    /// Whatever name is accepted is the one that a listing tells.
    #[test]
    fn every_accepted_name_reads_back(name in prop_oneof!["[a-zA-Z0-9-]{1,110}", any::<String>()]) {
        let Ok(name) = name.parse::<SecretName>() else { return Ok(()) };
        for layout in layouts() {
            let Ok(secret) = Secret::new(name.clone(), Schema::ARBITRARY, Values::new()) else { return Ok(()) };
            let Ok(item) = layout.encode(&secret, None) else { continue };
            prop_assert!(AZURE.items.check("item", item.name.as_str()).is_ok());
            prop_assert_eq!(layout.secret_of(&item.name, &item.tags), Some(name.clone()));
            prop_assert_eq!(layout.decode(&name, &item).unwrap(), secret);
        }
    }

    /// Unscoped items are apart from scoped ones, and one is shared only where secret and key join to the same text.
    #[test]
    fn unscoped_items_are_shared_only_where_names_join_to_the_same(
        one in ("[abAB-]{1,4}", "[abAB-]{0,4}"), other in ("[abAB-]{1,4}", "[abAB-]{0,4}"),
    ) {
        let item = |(name, key): &(String, String)| unscoped_item_name(&name.parse().unwrap(), key, 127).unwrap();
        let joined = |(name, key): &(String, String)| format!("{name}-{key}");
        let (first, second) = (item(&one), item(&other));
        let are_one = first.as_str().eq_ignore_ascii_case(second.as_str());
        prop_assert_eq!(are_one, joined(&one) == joined(&other));
        for layout in layouts() {
            let scoped = layout.item_name(&other.0.parse().unwrap()).unwrap();
            prop_assert!(!first.as_str().eq_ignore_ascii_case(scoped.as_str()));
        }
    }

    /// Typed values keep their JSON, and what is written once is written the same ever after.
    #[test]
    fn stored_json_reads_back(pairs in prop::collection::vec((any::<String>(), json()), 0..6)) {
        let value = |json: String| serde_json::from_str::<String>(&json).map_or(Value::Json(json.into()), Value::text);
        let values: Values = pairs.into_iter().map(|(key, json)| (key, value(json))).collect();
        let written = write_values(&values, &[]);
        let again = parse_values("them", &written).unwrap();
        prop_assert!(again.keys().eq(values.keys()));
        for ((_, before), (_, after)) in values.iter().zip(again.iter()) {
            let meaning = |value: &Value| match value {
                Value::Text(_) => Json::String(value.expose().to_owned()),
                Value::Json(_) => serde_json::from_str(value.expose()).unwrap(),
            };
            prop_assert!(meaning(before) == meaning(after));
        }
        let rewritten = write_values(&again, &[]);
        prop_assert_eq!(rewritten.expose_secret(), written.expose_secret());
    }
}

/// Any JSON as text, with and without blanks.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    let document = leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    });
    (document, any::<bool>()).prop_map(|(json, pretty)| if pretty { format!("{json:#}") } else { json.to_string() })
}
