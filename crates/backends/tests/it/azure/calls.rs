//! What each operation costs, in calls to the vault.

use super::{Bench, secret};
use strongroom_testkit::{Costs, Operation, costs, fill};

#[tokio::test]
async fn scoped_secrets_cost_two_calls_to_write_and_one_to_read() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    fill(&manager, 0, 0, 30).await;
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
    let manager = bench.manager(1, &[("scope", "none")]);
    fill(&manager, 0, 0, 30).await;
    manager.register(&secret("s", &[("a", "1"), ("b", "2"), ("c", "3")])).await.unwrap();
    let faults = bench.vault.faults();
    faults.clear();
    manager.get(&"s".parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((faults.count(Operation::List), faults.count(Operation::Get), faults.calls()), (2, 3, 5));
    faults.clear();
    assert!(manager.delete(&"s".parse().unwrap()).await.unwrap());
    assert_eq!((faults.count(Operation::List), faults.count(Operation::Delete), faults.calls()), (2, 3, 8));
}

#[tokio::test]
async fn what_else_is_in_the_vault_makes_only_listings_longer() {
    let bench = Bench::new().await;
    let scoped = bench.manager(1, &[("timeout", "300")]);
    fill(&scoped, 200, 5, 1000).await;
    // 1,200 items in pages of 25; of a delete's calls one is a poll
    let expected = Costs { register: 2, get: 1, update: 2, delete: 3, list: 48 };
    assert_eq!(costs(&scoped, bench.vault.faults(), 5).await, expected);
    // one listing each, then one call a key and what a delete polls
    let unscoped = bench.manager(1, &[("timeout", "300"), ("scope", "none")]);
    let expected = Costs { register: 48 + 5, get: 49 + 5, update: 49 + 5 + 5, delete: 49 + 5 + 5, list: 48 };
    assert_eq!(costs(&unscoped, bench.vault.faults(), 5).await, expected);
}
