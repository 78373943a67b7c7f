//! Tokens go to the vault and to nobody else.

use super::{Bench, open_in, refused, says, with};
use strongroom_core::{Backend, Filter, Kind};
use strongroom_testkit::{Fault, Operation};

async fn list(backend: &dyn Backend) -> strongroom_core::Result<usize> {
    futures::TryStreamExt::try_collect::<Vec<_>>(backend.list(Filter::default())).await.map(|all| all.len())
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_asked_for() {
    let (bench, other) = (Bench::new().await, Bench::new().await);
    for link in [
        format!("{}/secrets?api-version=7.5&$skiptoken=x", other.vault.url().trim_end_matches('/')),
        "http://localhost/secrets?$skiptoken=x".to_owned(),
    ] {
        bench.vault.faults().add(Operation::List, 1, Fault::NextPage(link));
        let error = list(&*bench.open(&[])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        says(&error, "another host");
    }
    assert!(other.vault.faults().counts().is_empty(), "{:?}", other.vault.faults().counts());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (bench, other) = (Bench::new().await, Bench::new().await);
    let to = format!("{}/secrets/x", other.vault.url().trim_end_matches('/'));
    bench.vault.faults().add(Operation::Get, 1, Fault::Redirect(to));
    let error = bench.open(&[]).get(&"x".parse().unwrap(), None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    says(&error, "redirects");
    assert!(other.vault.faults().counts().is_empty(), "{:?}", other.vault.faults().counts());
}

#[tokio::test]
async fn a_challenge_for_another_resource_gets_no_token() {
    let bench = Bench::new().await;
    let env = bench.vault.environment();
    for resource in [None, Some("https://graph.microsoft.com"), Some("https://localhost.evil.example")] {
        if let Some(resource) = resource {
            bench.vault.faults().add(Operation::Get, 1, Fault::Challenge(resource.to_owned()));
        }
        let error = refused(&bench, &env, &[("verify_challenge_resource", "true")]).await;
        says(&error, resource.unwrap_or("https://vault.azure.net").trim_start_matches("https://"));
        says(&error, "verify_challenge_resource");
    }
    assert_eq!(bench.vault.faults().count(Operation::Token), 0);
}

#[tokio::test]
async fn further_roots_come_from_the_environment_too() {
    let bench = Bench::new().await;
    let file = bench.vault.running().ca_certificate().to_string_lossy().into_owned();
    let env = with(&bench.vault.environment(), &[("SSL_CERT_FILE", Some(&file))]);
    super::ask(&bench, &env, &[("ca_certificate", "")]).await.unwrap();
    let absent = with(&env, &[("SSL_CERT_FILE", Some("/nowhere/roots.pem"))]);
    let error = open_in(&bench, &absent, &[]).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    says(&error, "/nowhere/roots.pem");
}
