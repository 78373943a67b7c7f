//! Managed identity, by a metadata service that hands out tokens the vault checks.

use super::az::Az;
use super::{Bench, Variables, ask, refused, says};
use std::time::{Duration, Instant};
use strongroom_core::Kind;
use strongroom_testkit::MetadataService;
use strongroom_testkit::keyvault::TokenShape;

async fn service(bench: &Bench) -> (MetadataService, Variables) {
    let service = MetadataService::start(bench.vault.running().mint(&TokenShape::default()).unwrap()).await;
    let env = Variables::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), service.url())]);
    (service, env)
}

#[tokio::test]
async fn the_identity_of_the_machine() {
    let bench = Bench::new().await;
    let (service, env) = service(&bench).await;
    ask(&bench, &env, &[]).await.unwrap();
    assert_eq!(service.asked().len(), 1, "the probe asked for a token");
    ask(&bench, &env, &[("auth", "managed_identity"), ("client_id", "7e57")]).await.unwrap();
    assert!(service.asked()[1].contains("client_id=7e57"), "{:?}", service.asked());
}

#[tokio::test]
async fn an_identity_that_fails_is_not_replaced_by_another() {
    let bench = Bench::new().await;
    let (service, mut env) = service(&bench).await;
    let az = Az::that_signs_in(&bench);
    env.insert("PATH".to_owned(), az.path());
    service.fail_with(400);
    let error = refused(&bench, &env, &[]).await;
    says(&error, "managed_identity");
    assert!(az.calls().is_empty(), "{:?}", az.calls());
    ask(&bench, &env, &[("auth", "cli")]).await.unwrap();
}

#[tokio::test]
async fn a_service_that_is_ill_is_named_in_time() {
    let bench = Bench::new().await;
    let (service, env) = service(&bench).await;
    for status in [500, 429, 410] {
        service.fail_with(status);
        let start = Instant::now();
        let error = ask(&bench, &env, &[("timeout", "1")]).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{status}: {error:?}");
        says(&error, "managed_identity");
        assert!(start.elapsed() < Duration::from_secs(2), "{status}: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_machine_of_another_cloud_has_no_managed_identity() {
    let bench = Bench::new().await;
    let service = MetadataService::of_another_cloud().await;
    let az = Az::that_signs_in(&bench);
    let env = Variables::from([
        ("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), service.url()),
        ("PATH".to_owned(), az.path()),
    ]);
    ask(&bench, &env, &[]).await.unwrap();
    assert_eq!(az.calls().len(), 1);
    says(&refused(&bench, &env, &[("auth", "managed_identity")]).await, "not Azure's");
}
