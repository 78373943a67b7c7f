//! The same `Idempotency-Key` twice is one request.

use crate::room::{Reply, Room};
use serde_json::{Value, json};
use strongroom_core::central::{AccountKind, Role};

async fn keyed(room: &Room, method: &str, path: &str, token: &str, key: &str, body: Value) -> Reply {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer), ("idempotency-key", key), ("content-type", "application/json")];
    room.send(method, path, &headers, body.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_post_makes_one_secret() {
    let room = Room::open().await;
    let (ann, bob) = (room.person("ann", Role::Editor).await, room.person("bob", Role::Editor).await);
    let body = json!({"name": "once", "private": true, "values": {"k": "v"}});
    let first = keyed(&room, "POST", "secrets", &ann, "key-1", body.clone()).await.good();
    let again = keyed(&room, "POST", "secrets", &ann, "key-1", body.clone()).await.good();
    assert_eq!(first, again);
    keyed(&room, "POST", "secrets", &ann, "key-2", body.clone()).await.is(409);
    // another caller's key is another key
    let other = keyed(&room, "POST", "secrets", &bob, "key-1", body).await.good();
    assert_ne!(first["id"], other["id"]);
    assert_eq!(room.get("secrets", &ann).await.good()["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_put_changes_a_secret_once() {
    let room = Room::open().await;
    let (ann, bob) = (room.person("ann", Role::Editor).await, room.person("bob", Role::Editor).await);
    let path = format!("secrets/{}", room.secret(&ann, "once", false).await);
    let change = |value: &str| json!({"values": {"k": value}});
    let strict = format!("{path}?if_version=1");
    let first = keyed(&room, "PUT", &strict, &ann, "key-1", change("two")).await.good();
    assert_eq!(first["body"]["revision"], 2);
    // its answer was lost: it is not refused for the revision that it made itself
    assert_eq!(keyed(&room, "PUT", &strict, &ann, "key-1", change("two")).await.good(), first);
    // somebody else's change is not undone by a repetition
    let other = keyed(&room, "PUT", &path, &bob, "key-1", change("three")).await.good();
    assert_eq!((&other["body"]["revision"], &other["body"]["values"]["k"]), (&json!(3), &json!("three")));
    let late = keyed(&room, "PUT", &strict, &ann, "key-1", change("two")).await.good();
    assert_eq!(late["body"]["values"]["k"], "two", "what it did, not what is there now");
    let now = room.get(&path, &ann).await.good();
    assert_eq!((&now["body"]["revision"], &now["body"]["values"]["k"]), (&json!(3), &json!("three")));
    keyed(&room, "PUT", &strict, &ann, "key-2", change("two")).await.is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_rollback_is_one() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let path = format!("secrets/{}", room.secret(&ann, "once", false).await);
    room.put(&path, &ann, json!({"values": {"k": "two"}})).await.good();
    let back = format!("{path}/rollback");
    let back = async || keyed(&room, "POST", &back, &ann, "key", json!({"revision": 1})).await.good();
    let first = back().await;
    assert_eq!(first["body"]["revision"], 3);
    room.put(&path, &ann, json!({"values": {"k": "four"}})).await.good();
    assert_eq!(back().await["body"]["values"], first["body"]["values"], "what it did, not what is there now");
    assert_eq!(room.get(&path, &ann).await.good()["body"]["revision"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn repetitions_at_once_are_one() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let path = format!("secrets/{}?patch_values=True", room.secret(&ann, "once", false).await);
    let change = |at: usize| keyed(&room, "PUT", &path, &ann, "key", json!({"values": {"n": format!("{at}")}}));
    let replies = futures::future::join_all((0..8).map(change)).await;
    let first = replies[0].good();
    assert_eq!(first["body"]["revision"], 2);
    for reply in &replies {
        assert_eq!(reply.good()["body"]["values"], first["body"]["values"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_post_makes_one_account_and_one_project() {
    let room = Room::open().await;
    let (admin, other) = (room.person("admin", Role::Admin).await, room.person("other", Role::Admin).await);
    let editor = room.person("editor", Role::Editor).await;
    for (path, body) in [
        ("users", json!({"name": "ann", "password": "a long password", "active": true})),
        ("service_accounts", json!({"name": "robot", "active": true})),
        ("projects", json!({"name": "vision", "display_name": "Vision"})),
    ] {
        let post = async |token: &str, key: &str| keyed(&room, "POST", path, token, key, body.clone()).await;
        // the same key for another kind of thing is another request
        let first = post(&admin, "key").await.good();
        assert_eq!(post(&admin, "key").await.good(), first, "{path}");
        post(&admin, "another key").await.is(409);
        post(&other, "key").await.is(409);
        post(&editor, "key").await.is(403);
        let one = format!("{path}/{}", first["id"].as_str().unwrap());
        assert_eq!(
            room.get(&format!("{path}?name={}", body["name"].as_str().unwrap()), &admin).await.good()["total"],
            1
        );
        // what was removed since does not come back by a repetition that comes late
        room.delete(&one, &admin).await.good();
        assert_eq!(post(&admin, "key").await.is(409).detail().0, "RevisionConflictError", "{path}");
        assert_ne!(post(&admin, "another key").await.good()["id"], first["id"], "{path}");
    }
    let trail = room.get("audit?action=account.create&target=ann", &admin).await.good();
    assert_eq!(trail["total"], 2, "{trail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_post_makes_one_api_key_and_shows_it_once() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let robot = room.account(AccountKind::Service, "robot", Role::Reader).await;
    let path = format!("service_accounts/{robot}/api_keys");
    let post = |_: usize| keyed(&room, "POST", &path, &admin, "key", json!({"name": "ci"}));
    let replies = futures::future::join_all((0..4).map(post)).await;
    let (made, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    assert_eq!(made.len(), 1, "{replies:?}");
    for reply in refused {
        let said = "API key `ci` was made by an earlier request and shown then; rotate it".to_owned();
        assert_eq!(reply.is(409).detail(), ("EntityExistsError".to_owned(), said));
        assert!(!reply.text.contains("ZENKEY_"), "{reply:?}");
    }
    let shown = made[0].good();
    let key = shown["body"]["key"].as_str().unwrap();
    let sign_in = async |key: &str| room.form("login", &[("grant_type", "zenml-api-key"), ("password", key)]).await;
    sign_in(key).await.good();
    assert_eq!(room.get(&path, &admin).await.good()["total"], 1);
    // the way on; what a rotation retains is not ended by its repetition
    let rotate = format!("{path}/ci/rotate");
    let rotate = async |by: &str| keyed(&room, "PUT", &rotate, &admin, by, json!({"retain_period_minutes": 60})).await;
    let rotated = rotate("key").await.good();
    let rotated = rotated["body"]["key"].as_str().unwrap();
    assert!(rotate("key").await.is(409).text.contains("was rotated by an earlier request"));
    for key in [key, rotated] {
        sign_in(key).await.good();
    }
    assert_ne!(rotate("another key").await.good()["body"]["key"], rotated);
    sign_in(key).await.is(401);
    // a key that was removed never comes back to life, nor do the tokens it got
    room.delete(&format!("{path}/ci"), &admin).await.good();
    assert_eq!(post(0).await.is(409).detail().0, "RevisionConflictError");
}
