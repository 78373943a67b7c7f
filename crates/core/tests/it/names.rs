//! No two different secrets share an item, and every accepted name reads back.

use crate::AZURE;
use proptest::prelude::*;
use std::collections::HashMap;
use strongroom_core::{Configuration, ManagerLayout, Owner, Schema, Secret, Value, Values};
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
}
