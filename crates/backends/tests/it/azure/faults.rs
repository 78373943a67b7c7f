//! Throttling, broken connections, strange answers: the right kind, in time, and nothing shown.

use super::{Bench, context, secret};
use std::sync::Arc;
use std::time::{Duration, Instant};
use strongroom_backends::flavor;
use strongroom_core::{Configuration, Kind, SecretName};
use strongroom_testkit::{Fault, Operation, canary};

fn name() -> SecretName {
    "s".parse().unwrap()
}

#[tokio::test]
async fn a_throttled_vault_is_asked_again() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    let faults = bench.vault.faults();
    faults.add(Operation::Set, 1, Fault::Status(429, None));
    faults.add(Operation::Set, 1, Fault::Status(429, Some("1")));
    faults.add(Operation::Set, 2, Fault::Status(503, None));
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    assert_eq!(faults.count(Operation::Set), 5);
}

#[tokio::test]
async fn the_deadline_holds_whatever_the_vault_asks_for() {
    let bench = Bench::new().await;
    for fault in
        [Fault::Status(429, Some("3600")), Fault::Status(429, None), Fault::Status(500, None), Fault::HoldBefore]
    {
        let faults = bench.vault.faults();
        faults.clear();
        faults.add(Operation::Get, 100, fault.clone());
        let start = Instant::now();
        let error = bench.manager(1, &[("timeout", "1")]).get(&name()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{fault:?}");
        assert!(start.elapsed() < Duration::from_millis(1500), "{fault:?} took {:?}", start.elapsed());
        assert!(
            matches!(fault, Fault::Status(429, _)) == error.to_string().contains("throttling"),
            "{fault:?}: {error}"
        );
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_again() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    bench.vault.faults().add(Operation::Set, 1, Fault::Reset);
    bench.vault.faults().add(Operation::Get, 1, Fault::Reset);
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    bench.vault.faults().add(Operation::Delete, 1, Fault::Reset);
    manager.delete(&name()).await.unwrap();
    assert!(manager.get(&name()).await.unwrap().is_none());
}

#[tokio::test]
async fn strange_answers_are_unavailable_and_show_nothing() {
    let bench = Bench::new().await;
    bench.manager(1, &[]).register(&secret("s", &[("a", canary::CANARY)])).await.unwrap();
    for fault in [Fault::Html, Fault::Truncate] {
        bench.vault.faults().add(Operation::Get, 1, fault.clone());
        let error = bench.manager(1, &[]).get(&name()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{fault:?}");
        assert!(!canary::is_in(format!("{error:?}").as_bytes()), "{fault:?}");
    }
}

#[tokio::test]
async fn a_second_challenge_gets_a_new_token() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    bench.vault.faults().clear();
    bench.vault.faults().add(Operation::Get, 1, Fault::Claims);
    manager.require(&name()).await.unwrap();
    assert_eq!(bench.vault.faults().count(Operation::Get), 2);
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_named() {
    let bench = Bench::new().await;
    for (vault_ahead, said) in
        [(-600, Some("clock is 10 minutes ahead of its")), (900, Some("clock is 15 minutes behind its")), (200, None)]
    {
        bench.vault.faults().add(Operation::Get, 100, Fault::Clock(vault_ahead));
        let error = bench.manager(1, &[]).get(&name()).await.unwrap_err();
        bench.vault.faults().clear();
        assert_eq!(error.kind(), Kind::Unauthenticated, "{error:?}");
        let said = said.unwrap_or("refused the token");
        assert!(error.to_string().contains(said), "{vault_ahead}: {error}");
        assert_eq!(error.to_string().contains("clock"), said.contains("clock"), "{error}");
    }
}

#[tokio::test]
async fn empty_pages_do_not_end_a_listing() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    for index in 0..30 {
        manager.register(&secret(&format!("s{index}"), &[("a", "1")])).await.unwrap();
    }
    bench.vault.running().switches().set_empty_pages(2);
    assert_eq!(manager.list().await.unwrap().len(), 30);
}

#[tokio::test]
async fn nobody_there_and_a_certificate_of_nobody_fail_at_once() {
    let bench = Bench::new().await;
    let trusting_nobody: Configuration =
        bench.configuration(&[]).into_iter().filter(|(name, _)| name != "ca_certificate").collect();
    let nobody = bench.configuration(&[("vault_url", "https://localhost:1")]);
    for (configuration, expected) in [(trusting_nobody, "certificate"), (nobody, "cannot be reached")] {
        let start = Instant::now();
        // no sign-in of its own, so that the vault is what fails
        let env: strongroom_testkit::Lookup =
            Arc::new(|name| (name == "STRONGROOM_AZURE_TOKEN").then(|| "t".to_owned()));
        let mut configuration = configuration;
        configuration.insert("auth".to_owned(), "token".to_owned());
        let backend = (flavor("azure").unwrap().open)(&configuration, &context(bench.home.path(), env)).unwrap();
        let error = backend.get(&"x".parse().unwrap(), None).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(error.to_string().contains(expected), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }
}
