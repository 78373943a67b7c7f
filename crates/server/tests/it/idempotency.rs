//! The same `Idempotency-Key` twice is one request.

use crate::room::{Reply, Room};
use serde_json::{Value, json};
use strongroom_core::central::Role;

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
