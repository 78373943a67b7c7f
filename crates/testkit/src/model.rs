//! Random operations on a back-end, compared with a map in memory.

use crate::contract::{item, names};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use strongroom_core::{Backend, DeleteMode, Filter, PutMode};

/// Runs `count` operations that `seed` chooses; every answer must be the model's.
pub async fn random_operations(backend: &dyn Backend, value: impl Fn(&str) -> String, count: usize, mut seed: u64) {
    let mut model: BTreeMap<String, String> = BTreeMap::new();
    for step in 0..count {
        // xorshift: a failing run can be repeated from its seed
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let name = format!("model-{}", seed % 5);
        let text = value(&format!("{step}"));
        let at = format!("step {step}, `{name}`");
        let new = item(&name, &text, &[]);
        match (seed >> 8) % 8 {
            0..=2 => {
                backend.put(&new, PutMode::Upsert).await.unwrap_or_else(|error| panic!("{at}: {error:?}"));
                model.insert(name, text);
            }
            3 => {
                let created = backend.put(&new, PutMode::Create).await.is_ok();
                assert_eq!(created, !model.contains_key(&name), "{at}");
                model.entry(name).or_insert(text);
            }
            4 => {
                let gone = backend
                    .delete(&new.name, DeleteMode::Recoverable)
                    .await
                    .unwrap_or_else(|error| panic!("{at}: {error:?}"));
                assert_eq!(gone, model.remove(&name).is_some(), "{at}");
            }
            5 => assert_eq!(names(backend, Filter::default()).await, model.keys().cloned().collect::<Vec<_>>(), "{at}"),
            _ => {
                let found = backend.get(&new.name, None).await.unwrap_or_else(|error| panic!("{at}: {error:?}"));
                assert_eq!(
                    found.as_ref().map(|found| found.value.expose_secret()),
                    model.get(&name).map(String::as_str),
                    "{at}"
                );
            }
        }
    }
}
