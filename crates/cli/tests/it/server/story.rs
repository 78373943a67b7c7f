//! A secret's life over REST, the same on every database.

use super::{Client, Server, new, path, runtime, values};
use crate::room::Room;
use reqwest::Method;
use serde_json::json;
use strongroom_testkit::databases;

#[test]
fn a_secret_lives_and_dies_over_rest() {
    for database in databases() {
        let room = Room::new();
        let server = Server::start(&room, &database.url());
        runtime().block_on(async {
            let admin = server.admin().await;
            story(&admin).await;
            assert_eq!(Client::nobody(&server.url).ask(Method::GET, "/secrets", None).await.0, 401);
        });
    }
}

async fn story(admin: &Client) {
    let first = json!({ "user": "ann", "password": "é\n\u{1F511}\u{0}" });
    let made = admin.create("db", first.clone()).await;
    assert_eq!((values(&made), &made["body"]["revision"]), (&first, &json!(1)));
    let (status, again) = admin.ask(Method::POST, "/secrets", Some(&new("db", json!({})))).await;
    assert_eq!((status, &again["detail"][0]), (409, &json!("EntityExistsError")), "{again}");

    // names are told apart byte by byte
    for name in ["DB", "db ", "d\u{1F511}"] {
        admin.create(name, json!({})).await;
        let found = admin.get(&format!("/secrets?name={}", name.replace(' ', "%20"))).await;
        assert_eq!((&found["total"], &found["items"][0]["name"]), (&json!(1), &json!(name)), "{found}");
    }
    let secret = path(&made);
    let read = admin.get(&secret).await;
    assert_eq!(read, made);
    let listed = admin.get("/secrets?sort_by=asc:created&size=2&page=1").await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(4), &made["id"]), "{listed}");
    assert!(!listed.to_string().contains("\u{1F511}\\u0000"), "{listed}");

    // for the revision that was read, and for no other
    let change = json!({ "values": { "password": null, "port": "1" } });
    let patch = format!("{secret}?patch_values=true&if_version=1");
    let changed = admin.done(Method::PUT, &patch, Some(&change)).await;
    assert_eq!((values(&changed), &changed["body"]["revision"]), (&json!({ "user": "ann", "port": "1" }), &json!(2)));
    let (status, late) = admin.ask(Method::PUT, &patch, Some(&change)).await;
    assert_eq!((status, &late["detail"][0]), (409, &json!("RevisionConflictError")), "{late}");
    let (status, clash) = admin.ask(Method::PUT, &secret, Some(&json!({ "name": "DB" }))).await;
    assert_eq!((status, &clash["detail"][0]), (409, &json!("EntityExistsError")), "{clash}");

    assert_eq!(values(&admin.get(&format!("{secret}?revision=1")).await), &first);
    let back = admin.done(Method::POST, &format!("{secret}/rollback"), Some(&json!({ "revision": 1 }))).await;
    assert_eq!((values(&back), &back["body"]["revision"]), (&first, &json!(3)));
    let history = admin.get(&format!("{secret}/history")).await;
    let numbers: Vec<_> = history.as_array().unwrap().iter().map(|entry| entry["revision"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [3, 2, 1], "{history}");

    assert_eq!(admin.ask(Method::DELETE, &secret, None).await.0, 200);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(admin.ask(method, &secret, None).await.0, 404);
    }
    admin.create("db", json!({})).await;
    assert!(admin.verified().await["records"].as_u64().unwrap() > 12);
    let trail = admin.get("/audit?target=db&size=100").await;
    for action in ["secret.create", "secret.read", "secret.update", "secret.rollback", "secret.delete"] {
        assert!(trail["items"].as_array().unwrap().iter().any(|entry| entry["action"] == action), "{action}: {trail}");
    }
}
