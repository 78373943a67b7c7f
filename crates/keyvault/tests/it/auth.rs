//! Tokens are really checked.

use reqwest::Method;
use secrecy::ExposeSecret;
use strongroom_keyvault::TokenShape;
use uuid::Uuid;

use crate::client::{API, Answer, Room};

async fn with(room: &Room, authorization: &str) -> Answer {
    let request = room.bare(Method::GET, &format!("/secrets?{API}"));
    Answer::of(request.header("authorization", authorization)).await
}

async fn minted(room: &Room, shape: TokenShape) -> Answer {
    with(room, &format!("Bearer {}", room.running.mint(&shape).unwrap().expose_secret())).await
}

#[tokio::test]
async fn without_a_token_there_is_a_challenge() {
    let room = Room::open().await;
    let challenge = format!(
        "Bearer authorization=\"{}/{}\", resource=\"https://vault.azure.net\"",
        room.running.authority(),
        room.running.tenant_id()
    );
    // Whatever is wrong with the request otherwise: path, API version, method.
    for (method, path) in [(Method::GET, "/secrets?api-version=7.4"), (Method::PUT, "/secrets/s"), (Method::POST, "/x")]
    {
        let answer = Answer::of(room.bare(method, path)).await;
        assert_eq!(answer.header("www-authenticate"), challenge);
        let body = r#"{"error":{"code":"Unauthorized","message":"AKV10000: Request is missing a Bearer, PoP, or MTLS_POP token."}}"#;
        assert_eq!((answer.status, answer.text.as_str()), (401, body));
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    for authorization in ["Bearer", "Bearer ", "Basic YTpi", "nonsense"] {
        assert!(with(&room, authorization).await.message().starts_with("AKV10000"), "{authorization}");
    }
}

#[tokio::test]
async fn good_tokens() {
    let room = Room::open().await;
    minted(&room, TokenShape::default()).await.ok();
    minted(&room, TokenShape { audience: "https://vault.azure.net/".into(), ..TokenShape::default() }).await.ok();
    with(&room, &format!("bearer {}", room.token)).await.ok();
}

#[tokio::test]
async fn bad_tokens() {
    let room = Room::open().await;
    let (tenant, stranger) = (room.running.tenant_id(), Uuid::nil());
    let wrong_audience =
        "AKV10022: Invalid audience. Expected https://vault.azure.net, found: https://management.azure.com.";
    let wrong_issuer = format!(
        "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/{tenant}/, found https://sts.windows.net/{stranger}/."
    );
    let shape = TokenShape::default;
    let cases = [
        (TokenShape { valid_from: -7200, valid_until: -3600, ..shape() }, "Error validating token: IDX10223"),
        (TokenShape { valid_from: 3600, valid_until: 7200, ..shape() }, "Error validating token: IDX10222"),
        (TokenShape { audience: "https://management.azure.com".into(), ..shape() }, wrong_audience),
        (TokenShape { tenant: Some(stranger), ..shape() }, &wrong_issuer),
        (TokenShape { forged: true, ..shape() }, "Error validating token: IDX10511"),
    ];
    for (bad, text) in cases {
        let answer = minted(&room, bad.clone()).await;
        assert_eq!(answer.refusal(), (401, "Unauthorized".into(), String::new()), "{bad:?}");
        assert_eq!(answer.message(), text, "{bad:?}");
        assert!(answer.header("www-authenticate").contains(tenant));
    }
}

#[tokio::test]
async fn altered_tokens() {
    let room = Room::open().await;
    let parts: Vec<_> = room.token.split('.').map(str::to_owned).collect();
    let [header, claims, signature] = parts.as_slice() else { panic!() };
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"; // {"alg":"none","typ":"JWT"}
    let flipped = format!("{}{}", &signature[..10], signature[10..].chars().rev().collect::<String>());
    for token in [
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{flipped}"),
        format!("{header}.{claims}"),
        format!("{header}.e30.{signature}"),
        "a.b.c".into(),
    ] {
        assert_eq!(with(&room, &format!("Bearer {token}")).await.refusal().0, 401, "{token}");
    }
    let other = Room::open().await;
    let answer = with(&room, &format!("Bearer {}", other.token)).await;
    assert!(answer.message().starts_with("AKV10032"), "another instance is another tenant");
}

#[tokio::test]
async fn a_federated_token_is_no_access_token() {
    let room = Room::open().await;
    let token = room.running.federated_token(60).unwrap();
    assert_eq!(with(&room, &format!("Bearer {}", token.expose_secret())).await.refusal().0, 401);
}
