//! Attributes that only a vault can show to work.

use super::{Bench, ask, open_in, says, with};
use std::time::{Duration, Instant};
use strongroom_core::Kind;
use strongroom_testkit::{Fault, Operation};

#[tokio::test]
async fn every_api_version_that_the_vault_knows_can_be_asked_for() {
    let bench = Bench::new().await;
    let env = bench.vault.environment();
    for version in ["7.0", "7.6", "2025-07-01", "2026-04-01"] {
        ask(&bench, &env, &[("api_version", version)]).await.unwrap();
    }
    let error = ask(&bench, &env, &[("api_version", "1999-01-01")]).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
    says(&error, "api_version");
}

#[tokio::test]
async fn tenant_and_client_of_the_attributes_count_before_those_of_the_environment() {
    let bench = Bench::new().await;
    let nobody = "11111111-1111-1111-1111-111111111111";
    let env = with(&bench.vault.environment(), &[("AZURE_TENANT_ID", Some(nobody)), ("AZURE_CLIENT_ID", Some(nobody))]);
    let running = bench.vault.running();
    ask(&bench, &env, &[("tenant_id", running.tenant_id()), ("client_id", running.client_id())]).await.unwrap();
    says(&ask(&bench, &env, &[]).await.unwrap_err(), "AADSTS90002");
}

#[tokio::test]
async fn the_timeout_is_for_the_command_in_all() {
    let bench = Bench::new().await;
    let backend = open_in(&bench, &bench.vault.environment(), &[("timeout", "1")]).unwrap();
    let name = "absent".parse().unwrap();
    let start = Instant::now();
    for _ in 0..8 {
        bench.vault.faults().add(Operation::Get, 1, Fault::Latency(Duration::from_millis(300)));
        if backend.get(&name, None).await.is_err() {
            break;
        }
    }
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
}

#[tokio::test]
async fn opening_asks_nobody() {
    let bench = Bench::new().await;
    bench.open(&[]);
    assert!(bench.vault.faults().counts().is_empty(), "{:?}", bench.vault.faults().counts());
}
