//! A vault that throttles: what was asked for arrives, in time, without a storm.

use super::{Bench, secret};
use std::time::{Duration, Instant};
use strongroom_core::{Kind, SecretName};
use strongroom_testkit::{Fault, Operation};

fn name() -> SecretName {
    "s".parse().unwrap()
}

#[tokio::test]
async fn parallel_reads_slow_down_together() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[("scope", "none")]);
    let keys: Vec<_> = (0..40).map(|index| format!("k{index}")).collect();
    let pairs: Vec<_> = keys.iter().map(|key| (key.as_str(), "v")).collect();
    manager.register(&secret("s", &pairs)).await.unwrap();
    let faults = bench.vault.faults();
    faults.clear();
    faults.add(Operation::Get, 16, Fault::Status(429, None));
    let start = Instant::now();
    assert_eq!(manager.require(&name()).await.unwrap().values.len(), 40);
    // the sixteen that were under way are asked for again, and nothing else
    assert_eq!(faults.count(Operation::Get), 56);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn no_wait_at_all_is_not_taken_at_its_word() {
    let bench = Bench::new().await;
    for (status, retry_after) in [(429, "0"), (503, "0"), (429, "Wed, 21 Oct 2015 07:28:00 GMT")] {
        let faults = bench.vault.faults();
        faults.clear();
        faults.add(Operation::Get, 10_000, Fault::Status(status, Some(retry_after)));
        let error = bench.manager(1, &[("timeout", "1")]).get(&name()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(faults.count(Operation::Get) < 20, "{}", faults.count(Operation::Get));
    }
}

#[tokio::test]
async fn a_throttled_vault_is_left_alone_by_calls_that_come_later() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[("timeout", "2")]);
    let faults = bench.vault.faults();
    faults.add(Operation::Get, 1, Fault::Status(429, Some("3600")));
    manager.get(&name()).await.unwrap_err();
    // it said how long; nobody asks before
    let error = manager.get(&name()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.to_string().contains("throttling"), "{error}");
    assert_eq!(faults.count(Operation::Get), 1);
}

#[tokio::test]
async fn what_cannot_succeed_is_asked_once() {
    let bench = Bench::new().await;
    let faults = bench.vault.faults();
    for (fault, kind) in [
        (Fault::Refused(403, "ForbiddenByRbac"), Kind::Forbidden),
        (Fault::Refused(400, "BadParameter"), Kind::Invalid),
        (Fault::Refused(405, "MethodNotAllowed"), Kind::Invalid),
        (Fault::Refused(413, "RequestEntityTooLarge"), Kind::Invalid),
    ] {
        faults.clear();
        faults.add(Operation::Get, 100, fault.clone());
        let error = bench.manager(1, &[]).get(&name()).await.unwrap_err();
        assert_eq!((error.kind(), faults.count(Operation::Get)), (kind, 1), "{fault:?}: {error:?}");
    }
    faults.clear();
    assert!(bench.manager(1, &[]).get(&name()).await.unwrap().is_none());
    assert_eq!(faults.count(Operation::Get), 1);
}
