//! What each operation costs, in calls to the vault.

use super::{Bench, secret};
use futures::StreamExt;
use secrecy::SecretString;
use strongroom_core::{Item, PutMode, Tags};
use strongroom_testkit::Operation;

#[tokio::test]
async fn scoped_secrets_cost_two_calls_to_write_and_one_to_read() {
    let bench = Bench::new().await;
    fill(&bench, 30).await;
    let manager = bench.manager(1, &[]);
    let calls = |what: &str, expected: usize| {
        assert_eq!(bench.vault.faults().calls(), expected, "{what}: {:?}", bench.vault.faults().counts());
        bench.vault.faults().clear();
    };
    bench.vault.faults().clear();
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    calls("register", 2);
    manager.get(&"s".parse().unwrap()).await.unwrap().unwrap();
    calls("get", 1);
    let name = "s".parse().unwrap();
    let change = |mut values: strongroom_core::Values| {
        values.insert("a", strongroom_core::Value::text("2"));
        Ok(values)
    };
    manager.update(&name, &change).await.unwrap();
    calls("update", 2);
    manager.update(&name, &change).await.unwrap();
    calls("update to the same", 1);
    assert!(manager.delete(&name).await.unwrap());
    calls("delete, and one poll", 3);
    manager.list().await.unwrap();
    calls("list", 2);
}

#[tokio::test]
async fn unscoped_secrets_need_one_listing_and_then_go_side_by_side() {
    let bench = Bench::new().await;
    fill(&bench, 30).await;
    let manager = bench.manager(1, &[("scope", "none")]);
    manager.register(&secret("s", &[("a", "1"), ("b", "2"), ("c", "3")])).await.unwrap();
    let faults = bench.vault.faults();
    faults.clear();
    manager.get(&"s".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((faults.count(Operation::List), faults.count(Operation::Get), faults.calls()), (2, 3, 5));
    faults.clear();
    assert!(manager.delete(&"s".parse().unwrap()).await.unwrap());
    assert_eq!((faults.count(Operation::List), faults.count(Operation::Delete), faults.calls()), (2, 3, 8));
}

/// Secrets of other programs.
pub(super) async fn fill(bench: &Bench, count: usize) {
    let backend = bench.open(&[]);
    futures::stream::iter(0..count)
        .for_each_concurrent(8, |index| {
            let backend = &backend;
            async move {
                let name = format!("foreign-{index}").parse().unwrap();
                let item = Item::new(name, SecretString::from("x"), Tags::new());
                backend.put(&item, PutMode::Upsert).await.unwrap();
            }
        })
        .await;
}
