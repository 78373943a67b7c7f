//! No two different secrets share an item: over all scopes, what would be another's is refused, and all else reads back.

use super::Bench;
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};
use strongroom_backends::flavor;
use strongroom_core::{Kind, Schema, Secret, SecretName, SecretsManager, Value, Values, unscoped_item_name};

/// Managers of one vault that see different secrets.
const MANAGERS: [(u128, &str, &str); 7] = [
    (1, "none", ""),
    (2, "global", ""),
    (3, "component", ""),
    (4, "component", ""),
    (5, "namespace", "a"),
    (6, "namespace", "a-b"),
    (7, "namespace", "A"),
];

/// Of one manager: what to write, over what is there or not.
#[derive(Debug, Clone)]
struct Write {
    manager: usize,
    name: String,
    keys: BTreeSet<String>,
    is_update: bool,
}

fn writes() -> impl Strategy<Value = Vec<Write>> {
    let keys = prop::collection::btree_set("[aB-]{1,2}", 1..3);
    // unscoped secrets are the ones that can fall on each other by their keys
    let manager = prop_oneof![Just(0_usize), 0..MANAGERS.len()];
    let write = (manager, "[abA-]{1,3}", keys, any::<bool>());
    let write = write.prop_map(|(manager, name, keys, is_update)| Write { manager, name, keys, is_update });
    prop::collection::vec(write, 1..14)
}

type Secrets = HashMap<(usize, String), Values>;

/// The items of a secret, as a vault tells them apart.
fn items(manager: usize, name: &str, values: &Values) -> BTreeSet<String> {
    let (id, scope, namespace) = MANAGERS[manager];
    let secret: SecretName = name.parse().unwrap();
    match scope {
        "none" => values.keys().map(|key| unscoped_item_name(&secret, key, 127).unwrap().to_string()).collect(),
        "component" => [format!("zenml-component-{}-{name}", uuid::Uuid::from_u128(id)).to_lowercase()].into(),
        "namespace" => [format!("zenml-namespace-{namespace}-{name}").to_lowercase()].into(),
        _ => [format!("zenml-{scope}-{name}").to_lowercase()].into(),
    }
}

/// Does one write, and says what `known` should hold of it then.
async fn write(managers: &[SecretsManager], write: &Write, count: usize, known: &mut Secrets) {
    let manager = &managers[write.manager];
    let name: SecretName = write.name.parse().unwrap();
    let place = (write.manager, write.name.clone());
    let values: Values = write.keys.iter().map(|key| (key.clone(), Value::text(format!("{count} {key}")))).collect();
    let mine = items(write.manager, &write.name, &values);
    let is_anothers =
        known.iter().any(|(other, values)| *other != place && !items(other.0, &other.1, values).is_disjoint(&mine));
    let is_there = known.contains_key(&place);
    let done = match write.is_update {
        true => manager.update(&name, &|_| Ok(values.clone())).await.map(drop),
        false => manager.register(&Secret::new(name.clone(), Schema::ARBITRARY, values.clone()).unwrap()).await,
    };
    match (write.is_update, is_there, is_anothers) {
        (true, false, _) => assert_eq!(done.unwrap_err().kind(), Kind::NotFound, "{write:?}"),
        (false, true, false) => assert_eq!(done.unwrap_err().kind(), Kind::AlreadyExists, "{write:?}"),
        (false, true, true) => {
            let kind = done.unwrap_err().kind();
            assert!(matches!(kind, Kind::AlreadyExists | Kind::Conflict), "{kind}: {write:?}");
        }
        (_, _, true) => assert_eq!(done.unwrap_err().kind(), Kind::Conflict, "{write:?}"),
        (true, true, false) | (false, false, false) => {
            done.unwrap_or_else(|error| panic!("{error}: {write:?}"));
            known.insert(place, values);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_secrets_share_an_item(writes in writes()) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let bench = Bench::new().await;
            let managers = MANAGERS
                .map(|(id, scope, namespace)| bench.manager(id, &[("scope", scope), ("namespace", namespace)]));
            let mut known = Secrets::new();
            for (count, one) in writes.iter().enumerate() {
                write(&managers, one, count, &mut known).await;
            }
            for (index, manager) in managers.iter().enumerate() {
                let names: BTreeSet<_> = manager.list().await.unwrap().iter().map(ToString::to_string).collect();
                let expected = known.keys().filter(|place| place.0 == index).map(|place| place.1.clone());
                assert_eq!(names, expected.collect());
            }
            for ((manager, name), values) in &known {
                let secret = managers[*manager].require(&name.parse().unwrap()).await.unwrap();
                let text = |values: &Values| -> HashMap<_, _> {
                    values.iter().map(|(key, value)| (key.to_owned(), value.expose().to_owned())).collect()
                };
                assert_eq!(text(&secret.values), text(values), "`{name}` of {:?}", MANAGERS[*manager]);
            }
        });
    }
}

#[test]
fn the_managers_are_of_every_scope() {
    let kinds: BTreeSet<_> = MANAGERS.iter().map(|(_, scope, _)| *scope).collect();
    assert_eq!(kinds.len(), 4);
    assert!(flavor("azure").unwrap().rules.folds_case);
}
