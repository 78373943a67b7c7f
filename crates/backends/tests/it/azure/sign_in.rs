//! The ways to sign in, each against something that checks.

use super::{Bench, ask, refused, says, with};
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use strongroom_core::Kind;
use strongroom_testkit::keyvault::TokenShape;
use strongroom_testkit::{Fault, Operation};

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

#[tokio::test]
async fn a_busy_authority_is_asked_again_and_then_named() {
    let bench = Bench::new().await;
    let env = bench.vault.environment();
    let faults = bench.vault.faults();
    faults.add(Operation::Token, 1, Fault::Status(503, None));
    ask(&bench, &env, &[]).await.unwrap();
    assert_eq!(faults.count(Operation::Token), 2);
    faults.add(Operation::Token, 100, Fault::Status(429, None));
    let error = ask(&bench, &env, &[]).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    says(&error, "the authority answered 429");
    faults.clear();
    faults.add(Operation::Token, 100, Fault::HoldBefore);
    let error = ask(&bench, &env, &[("timeout", "1")]).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    says(&error, "signing in by `environment` took too long");
}
