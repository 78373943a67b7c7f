//! One secret: hydrated or not, patched, replaced, in both dialects.

use crate::room::Room;
use serde_json::{Value, json};
use strongroom_core::central::Role;

#[tokio::test(flavor = "multi_thread")]
async fn values_are_patched_or_replaced() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let given = json!({"name": "s", "values": {"a": "1", "b": "2", "none": null}});
    let made = room.post("secrets", &ann, given).await.good();
    assert_eq!(made["body"]["values"], json!({"a": "1", "b": "2"}), "what is null is left out");
    let path = format!("secrets/{}", made["id"].as_str().unwrap());
    let put = async |query: &str, body: Value| {
        let done = room.put(&format!("{path}{query}"), &ann, body).await.good();
        (done["body"]["values"].clone(), done["body"]["revision"].as_u64().unwrap())
    };
    let patch = "?patch_values=True";
    assert_eq!(put(patch, json!({"values": {"c": "3", "a": null}})).await, (json!({"b": "2", "c": "3"}), 2));
    assert_eq!(put(patch, json!({"values": {"unknown": null}})).await, (json!({"b": "2", "c": "3"}), 2));
    assert_eq!(put(patch, json!({"name": "t", "values": null})).await, (json!({"b": "2", "c": "3"}), 2));
    assert_eq!(put("", json!({"values": {"d": "4", "e": null}})).await, (json!({"d": "4"}), 3));
    assert_eq!(put("?patch_values=False", json!({"values": {"d": "4"}})).await, (json!({"d": "4"}), 3));
    assert_eq!(put("", json!({})).await, (json!({"d": "4"}), 3));
    assert_eq!(put("", json!({"values": {}})).await, (json!({}), 4));
    assert_eq!(room.get(&path, &ann).await.good()["name"], "t");
    assert_eq!(
        room.get(&format!("{path}?revision=1"), &ann).await.good()["body"]["values"],
        json!({"a": "1", "b": "2"})
    );
    room.get(&format!("{path}?revision=9"), &ann).await.is(404);
    room.get(&format!("{path}?revision=first"), &ann).await.is(422);
    let history = room.get(&format!("{path}/history"), &ann).await.good();
    let numbers: Vec<_> = history.as_array().unwrap().iter().map(|entry| entry["revision"].as_u64().unwrap()).collect();
    assert_eq!((numbers, &history[0]["current"]), (vec![4, 3, 2, 1], &json!(true)));
    assert_eq!(
        room.post(&format!("{path}/rollback"), &ann, json!({"revision": 2})).await.good()["body"]["revision"],
        5
    );
    room.post(&format!("{path}/rollback"), &ann, json!({"revision": 99})).await.is(404);
    room.post(&format!("{path}/rollback"), &ann, json!({"revision": "two"})).await.is(422);
    let clash = room.secret(&ann, "taken", false).await;
    room.put(&format!("secrets/{clash}"), &ann, json!({"name": "t"})).await.is(409);
    room.put(&format!("{path}?if_version=1"), &ann, json!({"name": "u"})).await.is(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_envelope_is_whole_or_short() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let id = room.secret(&ann, "s", false).await;
    let whole = room.get(&format!("secrets/{id}"), &ann).await.good();
    assert_eq!(whole, room.get(&format!("secrets/{id}?hydrate=True"), &ann).await.good());
    assert_eq!((&whole["metadata"], &whole["permission_denied"]), (&json!({}), &json!(false)));
    assert_eq!(whole["resources"]["user"]["name"], "ann");
    let short = room.get(&format!("secrets/{id}?hydrate=False"), &ann).await.good();
    assert!(short["metadata"].is_null() && short["body"] == whole["body"], "{short}");
    for path in ["current-user", "projects/default", "users/ann"] {
        let short = room.get(&format!("{path}?hydrate=false"), &ann).await.good();
        let whole = room.get(&format!("{path}?hydrate=true"), &ann).await.good();
        assert!(short["metadata"].is_null() && whole["metadata"].is_object(), "{path}: {short} {whole}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_dialect_is_flat() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let bearer = format!("Bearer {ann}");
    let headers = [("authorization", &*bearer), ("user-agent", "python-requests/2.32"), ("source-context", "cli")];
    let ask = async |method: &str, path: &str, body: &str| room.send(method, path, &headers, body.to_owned()).await;
    let user = ask("GET", "current-user", "").await.good();
    let place = ask("GET", "workspaces/default", "").await.good();
    let body =
        json!({"name": "old", "scope": "user", "values": {"k": "v"}, "user": user["id"], "workspace": place["id"]});
    let made = ask("POST", "workspaces/default/secrets", &body.to_string()).await.good();
    assert_eq!((&made["name"], &made["scope"], &made["values"]), (&json!("old"), &json!("user"), &json!({"k": "v"})));
    assert_eq!(made["workspace"]["name"], "default");
    assert_eq!(ask("GET", "version", "").await.good(), "0.44.1");
    for (field, value) in [("user", json!(uuid::Uuid::new_v4())), ("workspace", json!(uuid::Uuid::new_v4()))] {
        let mut body = body.clone();
        body[field] = value;
        ask("POST", "workspaces/default/secrets", &body.to_string()).await.is(403);
    }
    let mut wrong = body.clone();
    wrong["scope"] = json!("galaxy");
    ask("POST", "workspaces/default/secrets", &wrong.to_string()).await.is(422);
    ask("POST", "workspaces/absent/secrets", &body.to_string()).await.is(404);
    assert_eq!(room.names("secrets?name=old", &ann).await, ["old"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_of_different_people_do_not_clash() {
    let room = Room::open().await;
    let (ann, bob) = (room.person("ann", Role::Editor).await, room.person("bob", Role::Editor).await);
    for (token, is_private) in [(&ann, true), (&bob, true), (&ann, false)] {
        room.secret(token, "same", is_private).await;
    }
    let reply = room.post("secrets", &bob, json!({"name": "same", "values": {}})).await;
    assert_eq!(reply.is(409).detail().0, "EntityExistsError");
    // a public secret is changed by every editor; who sees it, by its owner only
    let id = room.secret(&ann, "shared", false).await;
    room.put(&format!("secrets/{id}"), &bob, json!({"values": {"k": "bob's"}})).await.good();
    room.put(&format!("secrets/{id}"), &bob, json!({"private": true})).await.is(403);
    room.put(&format!("secrets/{id}"), &ann, json!({"private": true})).await.good();
    room.get(&format!("secrets/{id}"), &bob).await.is(404);
}
