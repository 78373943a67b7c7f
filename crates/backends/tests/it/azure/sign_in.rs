//! The ways to sign in, each against something that checks.

use super::{Bench, context};
use axum::Json;
use axum::extract::Query;
use axum::routing::get;
use http::HeaderMap;
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use strongroom_backends::flavor;
use strongroom_core::{Error, Kind, Result};
use strongroom_keyvault::TokenShape;

/// Asks the vault for something that is not there, with this environment and these further attributes.
async fn ask(bench: &Bench, env: &HashMap<String, String>, more: &[(&str, &str)]) -> Result<()> {
    let env = env.clone();
    let lookup: strongroom_testkit::Lookup = Arc::new(move |name| env.get(name).cloned());
    let context = context(bench.home.path(), lookup);
    let backend = (flavor("azure").unwrap().open)(&bench.configuration(more), &context)?;
    let found = backend.get(&"absent".parse().unwrap(), None).await?;
    assert!(found.is_none());
    Ok(())
}

fn with(base: &HashMap<String, String>, changes: &[(&str, Option<&str>)]) -> HashMap<String, String> {
    let mut env = base.clone();
    for (name, value) in changes {
        match value {
            Some(value) => env.insert((*name).to_owned(), (*value).to_owned()),
            None => env.remove(*name),
        };
    }
    env
}

async fn refused(bench: &Bench, env: &HashMap<String, String>, more: &[(&str, &str)]) -> Error {
    let error = ask(bench, env, more).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthenticated, "{error:?}");
    error
}

fn says(error: &Error, word: &str) {
    let all = format!("{error:?}");
    assert!(all.contains(word), "{word} is not in {all}");
}

#[tokio::test]
async fn a_client_secret_in_the_environment() {
    let bench = Bench::new().await;
    let env = bench.vault.environment();
    ask(&bench, &env, &[]).await.unwrap();
    let wrong = with(&env, &[("AZURE_CLIENT_SECRET", Some("cAnArY-5up3rs3cr3t"))]);
    let error = refused(&bench, &wrong, &[]).await;
    says(&error, "AADSTS7000215");
    says(&error, "environment");
    assert!(!format!("{error:?}").contains("5up3rs3cr3t"));
    let elsewhere = with(&env, &[("AZURE_TENANT_ID", Some("11111111-1111-1111-1111-111111111111"))]);
    says(&refused(&bench, &elsewhere, &[]).await, "AADSTS90002");
    let nobody = with(&env, &[("AZURE_CLIENT_ID", Some("11111111-1111-1111-1111-111111111111"))]);
    says(&refused(&bench, &nobody, &[]).await, "AADSTS700016");
    let down = with(&env, &[("AZURE_AUTHORITY_HOST", Some("https://localhost:1"))]);
    assert_eq!(ask(&bench, &down, &[]).await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn workload_identity() {
    let bench = Bench::new().await;
    let file = bench.home.path().join("token");
    std::fs::write(&file, bench.vault.running().federated_token(600).unwrap().expose_secret()).unwrap();
    let file = file.to_string_lossy().into_owned();
    let base = with(&bench.vault.environment(), &[("AZURE_CLIENT_SECRET", None)]);
    let env = with(&base, &[("AZURE_FEDERATED_TOKEN_FILE", Some(&file))]);
    ask(&bench, &env, &[]).await.unwrap();
    std::fs::write(&file, bench.vault.running().federated_token(-600).unwrap().expose_secret()).unwrap();
    let error = refused(&bench, &env, &[]).await;
    says(&error, "AADSTS700024");
    says(&error, "workload_identity");
    let gone = with(&base, &[("AZURE_FEDERATED_TOKEN_FILE", Some("/nowhere/token"))]);
    says(&refused(&bench, &gone, &[]).await, "AZURE_FEDERATED_TOKEN_FILE");
}

#[tokio::test]
async fn a_ready_token() {
    let bench = Bench::new().await;
    let vault = bench.vault.running();
    let mint = |shape: TokenShape| vault.mint(&shape).unwrap().expose_secret().to_owned();
    let env = |token: &str| HashMap::from([("STRONGROOM_AZURE_TOKEN".to_owned(), token.to_owned())]);
    ask(&bench, &env(&mint(TokenShape::default())), &[("auth", "token")]).await.unwrap();
    for (shape, what) in [
        (TokenShape { valid_until: -600, valid_from: -4000, ..TokenShape::default() }, "expired"),
        (TokenShape { audience: "https://graph.microsoft.com".into(), ..TokenShape::default() }, "audience"),
        (TokenShape { forged: true, ..TokenShape::default() }, "signature"),
    ] {
        let error = ask(&bench, &env(&mint(shape)), &[("auth", "token")]).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unauthenticated, "{what}: {error:?}");
    }
    let other = "22222222-2222-2222-2222-222222222222";
    let foreign = TokenShape { tenant: Some(other.parse().unwrap()), ..TokenShape::default() };
    let error = ask(&bench, &env(&mint(foreign)), &[("auth", "token")]).await.unwrap_err();
    says(&error, other);
    says(&error, vault.tenant_id());
}

#[tokio::test]
async fn managed_identity() {
    let bench = Bench::new().await;
    let token = bench.vault.running().mint(&TokenShape::default()).unwrap().expose_secret().to_owned();
    let answer = move |headers: HeaderMap, Query(query): Query<HashMap<String, String>>| async move {
        assert_eq!(headers["metadata"], "true");
        assert_eq!(query["resource"], "https://vault.azure.net");
        let later = (time::OffsetDateTime::now_utc() + time::Duration::hours(1)).unix_timestamp().to_string();
        Json(
            serde_json::json!({"access_token": token, "expires_on": later, "expires_in": "3599", "token_type": "Bearer",
            "resource": query["resource"]}),
        )
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/metadata/identity/oauth2/token", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let env = HashMap::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), host)]);
    ask(&bench, &env, &[]).await.unwrap();
    ask(&bench, &env, &[("auth", "managed_identity")]).await.unwrap();
}

#[tokio::test]
async fn nobody_is_signed_in() {
    let bench = Bench::new().await;
    let start = Instant::now();
    let env = HashMap::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), "http://127.0.0.1:1".to_owned())]);
    let error = refused(&bench, &env, &[]).await;
    for way in ["environment", "workload_identity", "managed_identity", "cli", "token"] {
        says(&error, way);
    }
    assert!(error.hint().unwrap().contains("az login"));
    // 192.0.2.1 is reserved for documentation: nothing answers there, at best a refusal at once
    let silent = HashMap::from([("AZURE_POD_IDENTITY_AUTHORITY_HOST".to_owned(), "http://192.0.2.1".to_owned())]);
    refused(&bench, &silent, &[]).await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    let error = refused(&bench, &bench.vault.environment(), &[("auth", "workload_identity")]).await;
    says(&error, "AZURE_FEDERATED_TOKEN_FILE");
}
