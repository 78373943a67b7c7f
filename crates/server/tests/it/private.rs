//! Private secrets, to others.

use crate::room::Room;
use serde_json::json;
use strongroom_core::central::Role;

#[tokio::test(flavor = "multi_thread")]
async fn scenario_56_private_secrets_are_absent_everywhere() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let bob = room.person("bob", Role::Editor).await;
    for name in ["alpha", "omega"] {
        room.secret(&bob, name, false).await;
    }
    let user = room.get("current-user", &ann).await.good()["id"].as_str().unwrap().to_owned();
    let mut queries: Vec<String> = [
        "",
        "name=hidden",
        "name=equals:hidden",
        "name=contains:idd",
        "name=startswith:hid",
        "name=endswith:den",
        "name=oneof:[\"hidden\",\"alpha\"]",
        "name=notequals:alpha",
        "private=True",
        "private=False",
        "private=true&logical_operator=or&name=hidden",
        "scope=user",
        "scope_workspace=x&scope=user",
        "user=ann",
        "created=gt:2020-01-01 00:00:00",
        "sort_by=name",
        "sort_by=desc:name",
        "sort_by=desc:updated",
        "sort_by=asc:private&size=1&page=2",
        "sort_by=name&size=2&page=2",
        "logical_operator=or&id=startswith:hidden&name=contains:hidden",
    ]
    .map(str::to_owned)
    .into();
    queries.push(format!("user_id={user}"));
    queries.push(format!("user_id=equals:{user}&logical_operator=or&name=hidden"));
    let mut before = Vec::new();
    for query in &queries {
        before.push(room.get(&format!("secrets?{query}"), &bob).await.text);
    }
    let hidden = room.secret(&ann, "hidden", true).await;
    for (query, before) in queries.iter().zip(before) {
        assert_eq!(room.get(&format!("secrets?{query}"), &bob).await.text, before, "{query}");
    }
    // the beginning of its id, and all of it
    for query in
        ["id=startswith:ID", "id=ID", "id=contains:ID", "logical_operator=or&id=startswith:ID&name=contains:ID"]
    {
        for length in [4, 8, 36] {
            let query = query.replace("ID", &hidden[..length]);
            let found = room.get(&format!("secrets?name=endswith:en&{query}"), &bob).await.good();
            assert_eq!((&found["total"], &found["items"]), (&json!(0), &json!([])), "{query}");
        }
    }
    // by id: values, export, history, rollback, change, removal
    for (method, path, body) in [
        ("GET", "secrets/ID", None),
        ("GET", "secrets/ID?hydrate=False", None),
        ("GET", "secrets/ID?revision=1", None),
        ("GET", "secrets/ID/history", None),
        ("POST", "secrets/ID/rollback", Some(json!({"revision": 1}))),
        ("PUT", "secrets/ID", Some(json!({"name": "seen"}))),
        ("PUT", "secrets/ID?patch_values=True", Some(json!({"values": {"k": null}}))),
        ("PUT", "secrets/ID?if_version=1", Some(json!({"private": false}))),
        ("DELETE", "secrets/ID", None),
    ] {
        let ask = async |id: &str| {
            let reply = room.ask(method, &path.replace("ID", id), &bob, body.clone()).await;
            (reply.status, reply.text.replace(id, "ID"))
        };
        let (private, absent) = (ask(&hidden).await, ask(&uuid::Uuid::new_v4().to_string()).await);
        assert_eq!((private.0, &private), (404, &absent), "{method} {path}");
    }
    // its name is free for others, and tells nothing
    room.secret(&bob, "hidden", true).await;
    room.secret(&bob, "hidden", false).await;
    // the trail is for administrators, and it has no values
    assert_eq!(room.get("audit", &bob).await.is(403).text, room.get("audit?target=hidden", &bob).await.text);
    let admin = room.person("admin", Role::Admin).await;
    let trail = room.get("audit?size=1000", &admin).await.is(200).text.clone();
    assert!(trail.contains("secret.create") && !trail.contains("value of"), "{trail}");
    // not even administrators see it
    room.get(&format!("secrets/{hidden}"), &admin).await.is(404);
    assert_eq!(room.get("secrets?name=hidden", &admin).await.good()["total"], 1, "the public one");
}
