//! What `doctor` is told.

use super::{Bench, context, lookup, says, with};
use strongroom_backends::azure::{Auth, diagnose, sign_in_ways};

#[tokio::test]
async fn the_vault_and_the_way_in_are_named_without_asking_the_vault() {
    let bench = Bench::new().await;
    let diagnosis = diagnose(&bench.configuration(&[]), &bench.context()).await.unwrap();
    assert_eq!(diagnosis.vault_url, bench.vault.url().trim_end_matches('/'));
    assert_eq!(diagnosis.sign_in.unwrap(), Auth::Environment);
    assert_eq!(diagnosis.found_by.unwrap(), "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET");
    assert!(bench.vault.faults().counts().is_empty());
    let asked = diagnose(&bench.configuration(&[("auth", "token")]), &bench.context()).await.unwrap();
    says(&asked.sign_in.unwrap_err(), "STRONGROOM_AZURE_TOKEN not set");
}

#[tokio::test]
async fn every_way_is_told_with_what_is_missing() {
    let bench = Bench::new().await;
    let nowhere = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", Some("http://127.0.0.1:1")), ("AZURE_CLIENT_SECRET", None)];
    let env = with(&bench.vault.environment(), &nowhere);
    let ways = sign_in_ways(&context(bench.home.path(), lookup(env))).await;
    let missing: Vec<_> = ways.into_iter().map(|way| (way.auth, way.finding.unwrap_err())).collect();
    let expected = [
        (Auth::Environment, "AZURE_CLIENT_SECRET not set"),
        (Auth::WorkloadIdentity, "AZURE_FEDERATED_TOKEN_FILE not set"),
        (Auth::ManagedIdentity, "no metadata service on this machine"),
        (Auth::Cli, "`az` is not on the PATH"),
        (Auth::Token, "STRONGROOM_AZURE_TOKEN not set"),
    ];
    assert_eq!(missing, expected.map(|(auth, text)| (auth, text.to_owned())));
}
