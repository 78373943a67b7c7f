//! Workload identity, with tokens that the embedded authority really checks.

use super::{Bench, Variables, ask, open_in, refused, says, with};
use secrecy::ExposeSecret;
use std::fs;

/// A vault, a file with a federated token that is good for so long, and the environment that names it.
async fn bench(valid_for: i64) -> (Bench, std::path::PathBuf, Variables) {
    let bench = Bench::new().await;
    let file = bench.home.path().join("token");
    renew(&bench, &file, valid_for);
    let path = file.to_string_lossy().into_owned();
    let env =
        with(&bench.vault.environment(), &[("AZURE_CLIENT_SECRET", None), ("AZURE_FEDERATED_TOKEN_FILE", Some(&path))]);
    (bench, file, env)
}

fn renew(bench: &Bench, file: &std::path::Path, valid_for: i64) {
    fs::write(file, bench.vault.running().federated_token(valid_for).unwrap().expose_secret()).unwrap();
}

#[tokio::test]
async fn a_federated_token_is_exchanged() {
    let (bench, file, env) = bench(600).await;
    ask(&bench, &env, &[]).await.unwrap();
    renew(&bench, &file, -600);
    let error = refused(&bench, &env, &[]).await;
    says(&error, "AADSTS700024");
    says(&error, "workload_identity");
}

#[tokio::test]
async fn a_renewed_file_is_read_again() {
    let (bench, file, env) = bench(-600).await;
    let backend = open_in(&bench, &env, &[]).unwrap();
    let name = "absent".parse().unwrap();
    says(&backend.get(&name, None).await.unwrap_err(), "AADSTS700024");
    renew(&bench, &file, 600);
    assert!(backend.get(&name, None).await.unwrap().is_none());
}

#[tokio::test]
async fn a_file_that_is_empty_or_gone_is_named() {
    let (bench, file, env) = bench(600).await;
    fs::write(&file, "\n").unwrap();
    says(&refused(&bench, &env, &[]).await, "AZURE_FEDERATED_TOKEN_FILE");
    fs::remove_file(&file).unwrap();
    says(&refused(&bench, &env, &[]).await, "AZURE_FEDERATED_TOKEN_FILE");
}
