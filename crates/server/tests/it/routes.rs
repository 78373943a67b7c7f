//! Every route that there is, asked by who may not: the list comes from the router itself.

use crate::room::Room;
use serde_json::{Value, json};
use strongroom_core::central::Role;

/// The routes that anybody may ask. Whoever opens another one changes this list.
const OPEN: [&str; 6] =
    ["GET info", "GET version", "POST claim", "POST device_authorization", "POST devices/verify", "POST login"];

/// Each route: its method, and its path below `/api/v1/` with the names of its parts in braces.
fn routes() -> Vec<(String, String)> {
    let described: Value = serde_json::from_str(&strongroom_server::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.strip_prefix("/api/v1/").unwrap();
            routes.push((method.to_uppercase(), path.to_owned()));
        }
    }
    assert!(routes.len() > 40, "{routes:?}");
    routes
}

/// The path with its parts filled in.
fn filled(path: &str, part: &str) -> String {
    let mut filled = String::new();
    for (at, piece) in path.split(['{', '}']).enumerate() {
        filled.push_str(if at % 2 == 1 { part } else { piece });
    }
    filled
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_55_nobody_gets_past_a_closed_route() {
    let (room, other) = (Room::open().await, Room::open().await);
    let token = room.person("ann", Role::Admin).await;
    let secret = room.secret(&token, "mine", true).await;
    let short = room.get("api_token?expires_in=1", &token).await.good().as_str().unwrap().to_owned();
    let foreign = other.person("ann", Role::Admin).await;
    let parts: Vec<_> = token.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
    let forged = format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len()));
    let id = uuid::Uuid::new_v4().to_string();
    // the clocks of replicas may differ by ten seconds
    tokio::time::sleep(std::time::Duration::from_secs(12)).await;

    let bearers =
        [short, foreign, unsigned, forged, "canary".into(), String::new()].map(|token| format!("Bearer {token}"));
    let basic = "Basic YW5uOmEgbG9uZyBwYXNzd29yZA==".to_owned();
    let mut open = Vec::new();
    for (method, path) in routes() {
        for part in [&secret, &id] {
            let path = filled(&path, part);
            let nothing = room.send(&method, &path, &[], "").await;
            if nothing.status != 401 || OPEN.contains(&&*format!("{method} {path}")) {
                open.push(format!("{method} {path}"));
                continue;
            }
            for bearer in bearers.iter().chain([&basic]) {
                let reply = room.send(&method, &path, &[("authorization", bearer)], "").await;
                let (name, message) = reply.is(401).detail();
                assert_eq!(name, "CredentialsNotValid", "{method} {path}: {reply:?}");
                assert!(!message.contains("canary"), "{reply:?}");
                assert_eq!(reply.header("www-authenticate"), "Bearer", "{method} {path}");
            }
            assert_eq!(nothing.detail().0, "CredentialsNotValid");
            assert_eq!(nothing.header("www-authenticate"), "Bearer", "{method} {path}");
        }
    }
    open.sort();
    open.dedup();
    assert_eq!(open, OPEN, "a route became open, or closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_55_what_others_keep_private_is_absent_on_every_route() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let hidden = room.secret(&ann, "hidden", true).await;
    for role in Role::ALL {
        let other = room.person(role.as_str(), role).await;
        for (method, path) in routes().into_iter().filter(|(_, path)| path.contains("{secret}")) {
            let mut seen = Vec::new();
            for id in [hidden.clone(), uuid::Uuid::new_v4().to_string()] {
                let body = match &*path {
                    "secrets/{secret}/rollback" => json!({"revision": 1}),
                    _ => json!({"name": "taken over", "private": false, "values": {"k": "v"}}),
                };
                let body = (method != "GET").then_some(body);
                let reply = room.ask(&method, &filled(&path, &id), &other, body).await;
                seen.push((reply.status, reply.text.replace(&id, "ID")));
            }
            assert_eq!(seen[0], seen[1], "{role}: {method} {path}");
            assert!(seen[0].0 == 404 || (role > Role::Editor && seen[0].0 == 403), "{role}: {method} {path}: {seen:?}");
        }
    }
    assert_eq!(room.get(&format!("secrets/{hidden}"), &ann).await.good()["body"]["values"]["k"], "value of hidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_administrators_may_says_nothing_of_what_is_there() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let robot = room.account(strongroom_core::central::AccountKind::Service, "robot", Role::Reader).await;
    let absent = uuid::Uuid::new_v4().to_string();
    for (method, path, body) in [
        ("PUT", "users/ID", json!({"active": false})),
        ("DELETE", "users/ID", Value::Null),
        ("PUT", "service_accounts/ID", json!({"active": false})),
        ("DELETE", "service_accounts/ID", Value::Null),
        ("GET", "service_accounts/ID/api_keys", Value::Null),
        ("GET", "service_accounts/ID/api_keys/ci", Value::Null),
        ("POST", "service_accounts/ID/api_keys", json!({"name": "ci"})),
        ("PUT", "service_accounts/ID/api_keys/ci/rotate", json!({})),
        ("DELETE", "service_accounts/ID/api_keys/ci", Value::Null),
    ] {
        let ask = async |id: &str| {
            let reply = room.ask(method, &path.replace("ID", id), &ann, Some(body.clone())).await;
            (reply.status, reply.text)
        };
        let (there, gone) = (ask(&robot).await, ask(&absent).await);
        assert_eq!((there.0, &there), (403, &gone), "{method} {path}");
    }
}

#[test]
fn every_body_is_described() {
    let described: Value = serde_json::from_str(&strongroom_server::openapi()).unwrap();
    let bodies = described["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    for operation in bodies.filter(|operation| operation.get("operationId").is_some()) {
        let answers = operation["responses"].as_object().unwrap().values();
        for body in answers.chain(operation.get("requestBody")) {
            for content in body["content"].as_object().into_iter().flat_map(|content| content.values()) {
                assert_ne!(content["schema"], json!({"type": "object"}), "{}", operation["operationId"]);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_the_one_that_is_committed_and_served() {
    let room = Room::open().await;
    let served = room.send("GET", "/openapi.json", &[], "").await;
    assert_eq!(served.is(200).header("content-type"), "application/json");
    assert_eq!(served.text, strongroom_server::openapi());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/openapi.json");
    let committed = std::fs::read_to_string(file).unwrap();
    assert!(served.text == committed, "docs/reference/openapi.json is old: run `cargo xtask docs`");
    assert_eq!(served.json()["openapi"], "3.1.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_told_in_json() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Admin).await;
    for (method, path, status, detail) in [
        ("GET", "/", 404, "Not Found"),
        ("GET", "/api/v1/nothing", 404, "Not Found"),
        ("GET", "/api/v1/secrets/", 404, "Not Found"),
        ("PATCH", "/api/v1/secrets", 405, "Method Not Allowed"),
        ("POST", "/health", 405, "Method Not Allowed"),
        ("GET", "/api/v1/users/%ff", 400, "Bad Request"),
    ] {
        let reply = room.ask(method, path, &ann, None).await;
        assert_eq!(reply.is(status).json(), json!({"detail": detail}), "{method} {path}");
        assert_eq!(status == 405, !reply.header("allow").is_empty(), "{reply:?}");
    }
    let head = room.ask("HEAD", "secrets", &ann, None).await;
    assert_eq!(head.is(405).header("content-type"), "application/json");
}
