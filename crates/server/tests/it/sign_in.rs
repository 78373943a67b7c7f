//! Signing in by password, and what ends a token.

use crate::room::{PASSWORD, Room};
use serde_json::json;
use strongroom_core::central::{AccountKind, Role};

#[tokio::test(flavor = "multi_thread")]
async fn a_password_gives_a_token_that_lasts_half_a_day() {
    let room = Room::open().await;
    room.person("ann", Role::Reader).await;
    let token = room.login("ann", PASSWORD).await.good();
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("bearer"), &json!(43200)));
    let bearer = token["access_token"].as_str().unwrap();
    assert_eq!(room.get("current-user", bearer).await.good()["name"], "ann");
    // as ZenML 0.44 has it, without a word about the way
    room.form("login", &[("username", "ann"), ("password", PASSWORD)]).await.good();
    for (fields, status) in [
        (&[("grant_type", "password"), ("username", "ann"), ("password", "wrong password")][..], 401),
        (&[("grant_type", "password"), ("username", "ann")], 401),
        (&[("grant_type", "password"), ("password", PASSWORD)], 400),
        (&[("grant_type", "zenml-api-key"), ("password", "ZENKEY_canary")], 401),
        (&[("grant_type", "zenml-external")], 400),
        (&[], 400),
    ] {
        let reply = room.form("login", fields).await;
        assert!(reply.is(status).text.contains("detail") && !reply.text.contains("canary"), "{reply:?}");
        assert_eq!(reply.header("www-authenticate") == "Bearer", status == 401);
    }
    let short = room.get("api_token?token_type=generic&expires_in=60", bearer).await.good();
    room.get("current-user", short.as_str().unwrap()).await.good();
    for query in ["token_type=workload", "expires_in=forever"] {
        room.get(&format!("api_token?{query}"), bearer).await.is(422);
    }
    for query in ["expires_in=0", "expires_in=43201"] {
        room.get(&format!("api_token?{query}"), bearer).await.is(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_one_token_at_once() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let ann = room.person("ann", Role::Editor).await;
    let path = format!("secrets/{}", room.secret(&ann, "read", false).await);
    let script = room.get("api_token", &ann).await.good().as_str().unwrap().to_owned();
    for method in ["GET", "POST"] {
        let token = room.token("ann").await;
        for path in [&*path, &*path, "current-user"] {
            room.get(path, &token).await.good();
        }
        assert_eq!(room.ask(method, "logout", &token, None).await.is(200).text, "null");
        for path in [&*path, "current-user", "logout", "api_token"] {
            assert_eq!(room.get(path, &token).await.is(401).detail().1, "the token was ended", "{path}");
        }
    }
    for token in [&ann, &script] {
        room.get(&path, token).await.good();
    }
    let trail = room.get("audit?action=sign-out", &admin).await.good();
    assert_eq!((&trail["total"], &trail["items"][0]["target"]), (&json!(2), &json!("ann")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_token() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let ann = room.person("ann", Role::Reader).await;
    let change = |old: &str| json!({"password": "another password", "old_password": old});
    room.put("current-user", &ann, change("wrong password")).await.is(403);
    room.put("current-user", &ann, json!({"password": "another password"})).await.is(403);
    room.put("current-user", &ann, json!({"password": "short", "old_password": PASSWORD})).await.is(400);
    room.get("current-user", &ann).await.good();
    room.put("current-user", &ann, change(PASSWORD)).await.good();
    assert_eq!(room.get("current-user", &ann).await.is(401).detail().1, "the token was ended");
    room.login("ann", PASSWORD).await.is(401);
    let token =
        async |password: &str| room.login("ann", password).await.good()["access_token"].as_str().unwrap().to_owned();
    let ann = token("another password").await;
    room.put("users/ann", &admin, json!({"active": false})).await.good();
    room.get("current-user", &ann).await.is(401);
    room.login("ann", "another password").await.is(401);
    room.put("users/ann", &admin, json!({"active": true})).await.good();
    room.delete("users/ann", &admin).await.good();
    room.get("current-user", &ann).await.is(401);
    // another of the same name is somebody else
    room.person("ann", Role::Admin).await;
    room.get("current-user", &ann).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_failures_are_told_to_wait() {
    let room = Room::open().await;
    room.person("ann", Role::Reader).await;
    room.person("bob", Role::Reader).await;
    room.account(AccountKind::Service, "robot", Role::Reader).await;
    room.login("robot", PASSWORD).await.is(401);
    for at in 0..10 {
        room.login(if at % 2 == 0 { "ann" } else { "ANN" }, "wrong password").await.is(401);
    }
    let reply = room.login("ann", PASSWORD).await;
    assert_eq!((reply.is(429).detail().0, reply.header("retry-after")), ("RateLimitError".to_owned(), "60"));
    room.login("bob", PASSWORD).await.good();
    // the audit trail has what was tried, and no password
    let admin = room.person("admin", Role::Admin).await;
    let trail = room.get("audit?action=sign-in&target=ann&outcome=unauthenticated", &admin).await;
    assert!(trail.good()["total"] == 5 && !trail.text.contains("password"), "{trail:?}");
}
