//! What each operation of a secrets manager costs, in calls to the vault.

use crate::Faults;
use crate::contract::item;
use futures::StreamExt;
use strongroom_core::{Backend, PutMode, Schema, Secret, SecretsManager, Value, Values};

/// How many writes fill a vault at once.
const AT_ONCE: usize = 16;

/// Calls to the vault for one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    /// A secret that was not there.
    pub register: usize,
    /// A secret that is there.
    pub get: usize,
    /// One key of a secret.
    pub update: usize,
    /// A secret, with the polls until its name is free.
    pub delete: usize,
    /// The names of all secrets.
    pub list: usize,
}

/// A secret of `keys` keys.
fn secret(name: &str, keys: usize) -> Secret {
    let values = (0..keys).map(|key| (format!("key-{key}"), Value::text("value"))).collect();
    Secret::new(name.parse().expect("a legal name"), Schema::ARBITRARY, values).expect("an arbitrary secret")
}

/// Registers `secrets` secrets of `keys` keys, and writes `foreign` items of nobody beside them.
pub async fn fill(manager: &SecretsManager, secrets: usize, keys: usize, foreign: usize) {
    let backend: &dyn Backend = manager.backend();
    futures::stream::iter(0..foreign)
        .for_each_concurrent(AT_ONCE, |index| async move {
            let new = item(&format!("foreign-{index}"), "x", &[]);
            backend.put(&new, PutMode::Upsert).await.expect("a write");
        })
        .await;
    futures::stream::iter(0..secrets)
        .for_each_concurrent(AT_ONCE, |index| async move {
            manager.register(&secret(&format!("filled-{index}"), keys)).await.expect("a write");
        })
        .await;
}

/// Does each operation once, with a secret of `keys` keys that is gone afterwards.
pub async fn costs(manager: &SecretsManager, faults: &Faults, keys: usize) -> Costs {
    let one = secret("measured", keys);
    let count = || {
        let calls = faults.calls();
        faults.clear();
        calls
    };
    let change = |mut values: Values| {
        values.insert("key-0", Value::text("another"));
        Ok(values)
    };
    count();
    manager.register(&one).await.expect("a write");
    let register = count();
    manager.require(&one.name).await.expect("a read");
    let get = count();
    manager.update(&one.name, &change).await.expect("a write");
    let update = count();
    assert!(manager.delete(&one.name).await.expect("a delete"));
    let delete = count();
    manager.list().await.expect("a listing");
    Costs { register, get, update, delete, list: count() }
}
