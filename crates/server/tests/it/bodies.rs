//! Bodies that are too deep, too large, or say things twice.

use crate::room::Room;
use serde_json::json;
use std::fmt::Write as _;
use strongroom_core::central::Role;

fn nested(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

fn many(keys: usize) -> String {
    let mut text = String::from("{\"name\": \"many\", \"values\": {\"a\": \"\"");
    for at in 0..keys {
        write!(text, ",\"{at}\":\"\"").unwrap();
    }
    text + "}}"
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_58_deep_wide_and_doubled_json_is_refused() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let bearer = format!("Bearer {ann}");
    let post = async |body: String| room.send("POST", "secrets", &[("authorization", &bearer)], body).await;
    for levels in [1000, 100_000] {
        let deep = nested(levels);
        post(format!("{{\"name\": \"deep\", \"values\": {{\"k\": {deep}}}}}")).await.is(422);
        post(format!("{{\"name\": \"deep\", \"values\": {deep}}}")).await.is(422);
        post(deep.clone()).await.is(422);
        // what no field is named after is not looked at, however deep
        let reply = post(format!("{{\"name\": \"deep-{levels}\", \"values\": {{}}, \"else\": {deep}}}")).await;
        assert!(matches!(reply.status, 200 | 422), "{reply:?}");
    }
    let million = many(1_000_000);
    assert_eq!(post(million).await.is(413).json(), json!({"detail": "the body is larger than 1 MiB"}));
    // under the limit of a body, over the limit of a secret
    let (name, message) = post(many(80_000)).await.is(400).detail();
    assert!(name == "ValueError" && message.contains("65536 is the limit"), "{name}: {message}");
    for twice in [
        "{\"name\": \"twice\", \"name\": \"thrice\", \"values\": {}}",
        "{\"name\": \"twice\", \"values\": {\"k\": \"1\"}, \"values\": {\"k\": \"2\"}}",
        "{\"name\": \"twice\", \"values\": {\"k\": \"1\", \"k\": \"2\"}}",
    ] {
        post(twice.to_owned()).await.is(422);
    }
    assert_eq!(room.names("secrets?name=twice", &ann).await, Vec::<String>::new());
    room.secret(&ann, "alive", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_have_a_mebibyte_on_every_route() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Admin).await;
    let bearer = format!("Bearer {ann}");
    let large = "x".repeat((1 << 20) + 1);
    for (method, path) in
        [("POST", "login"), ("POST", "claim"), ("POST", "users"), ("PUT", "current-user"), ("POST", "devices/verify")]
    {
        room.send(method, path, &[("authorization", &bearer)], large.clone()).await.is(413);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stock_client_sends_is_understood() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let bearer = format!("Bearer {ann}");
    // ZenML 0.44 sends no type, others the wrong one
    for (name, kind) in
        [("none", None), ("form", Some("application/x-www-form-urlencoded")), ("text", Some("text/plain"))]
    {
        let mut headers = vec![("authorization", &*bearer)];
        headers.extend(kind.map(|kind| ("content-type", kind)));
        let body = json!({"name": name, "values": {"k": "v"}, "unknown": [1], "user": "nobody"}).to_string();
        room.send("POST", "secrets", &headers, body).await.good();
    }
    for (query, total) in [("private=False", 3), ("private=True", 0), ("private=false", 3), ("hydrate=TRUE", 3)] {
        assert_eq!(room.get(&format!("secrets?{query}"), &ann).await.good()["total"], total, "{query}");
    }
    room.get("secrets?hydrate=perhaps", &ann).await.is(422);
    let id = room.secret(&ann, "gone", false).await;
    let gone = room.delete(&format!("secrets/{id}"), &ann).await;
    assert_eq!((gone.status, &*gone.text, gone.header("content-type")), (200, "null", "application/json"));
    room.delete(&format!("secrets/{id}"), &ann).await.is(404);
    for id in ["no-uuid", "1", "../users", "%00"] {
        let (name, message) = room.get(&format!("secrets/{}", id.replace('/', "%2f")), &ann).await.is(422).detail();
        assert!(name == "ValueError" && !message.contains(id), "{message}");
    }
    for body in [
        "",
        "null",
        "[]",
        "{}",
        "{\"name\": 1}",
        "{\"name\": \"x\", \"values\": [\"k\"]}",
        "{\"name\": \"x\", \"values\": {\"k\": 1}}",
        "\u{feff}{}",
        "{\"name\": \"x\"",
    ] {
        room.send("POST", "secrets", &[("authorization", &bearer)], body).await.is(422);
    }
    room.send("POST", "secrets", &[("authorization", &bearer)], vec![b'{', 0xff, b'}']).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_255_characters_at_most() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let robot = room.account(strongroom_core::central::AccountKind::Service, "robot", Role::Reader).await;
    let keys = format!("service_accounts/{robot}/api_keys");
    let (longest, longer) = ("é".repeat(255), "é".repeat(256));
    for path in ["secrets", "users", "service_accounts", "projects", &*keys] {
        for (name, status) in [(&longer, 422), (&longest, 200)] {
            // the names of all accounts are apart
            let name = name.replacen('é', &path[..1], 1);
            let body = json!({"name": name, "values": {}, "password": "a long password"});
            room.post(path, &admin, body).await.is(status);
        }
        let reply = room.post(path, &admin, json!({"name": "", "values": {}})).await;
        assert!(matches!(reply.status, 400 | 422), "{path}: {reply:?}");
    }
    let id = room.secret(&admin, "short", false).await;
    room.put(&format!("secrets/{id}"), &admin, json!({"name": longer})).await.is(422);
    room.put("users/admin", &admin, json!({"name": longer})).await.is(422);
    room.put(&format!("service_accounts/{robot}"), &admin, json!({"name": longer})).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_told_by_its_id() {
    let room = Room::open().await;
    for (given, is_taken) in [("1a2b3c4d", true), ("a b", false), ("x\u{7f}", false), (&*"a".repeat(65), false)] {
        if let Ok(value) = reqwest::header::HeaderValue::from_bytes(given.as_bytes()) {
            let reply = room.send("GET", "info", &[("x-request-id", value.to_str().unwrap_or("?"))], "").await;
            let id = reply.header("x-request-id");
            assert!(!id.is_empty() && (id == given) == is_taken, "{given}: {id}");
        }
    }
    let reply = room.send("GET", "nothing", &[("x-request-id", "abc")], "").await;
    assert_eq!(reply.is(404).header("x-request-id"), "abc");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}
