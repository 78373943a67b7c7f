//! What is refused before anything is looked at: names, sizes, versions of the API, bodies, methods, paths.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{API, Answer, Room};

#[tokio::test]
async fn api_versions() {
    let room = Room::open().await;
    room.put("s", "v").await;
    for version in ["2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-06-01-preview", "2025-07-01"] {
        room.call("GET", &format!("/secrets/s?api-version={version}")).await.ok();
    }
    let missing = room.call("GET", "/secrets/s?").await;
    assert_eq!(missing.refusal(), (400, "BadParameter".into(), String::new()));
    let unknown = room.call("GET", "/secrets/s?api-version=9.9").await;
    assert_eq!(unknown.refusal(), (400, "BadParameter".into(), String::new()));
    let text =
        "The specified version (9.9) is not recognized. Consider using the latest supported version (2026-04-01).";
    assert_eq!(unknown.message(), text);
}

#[tokio::test]
async fn names() {
    let room = Room::open().await;
    let longest = "a".repeat(127);
    for good in ["-", "0", longest.as_str()] {
        room.put(good, "v").await;
    }
    let too_long = "a".repeat(128);
    for (path, name) in [("a_b", "a_b"), ("a.b", "a.b"), ("a%2Fb", "a/b"), ("%C3%A4", "ä"), (&*too_long, &*too_long)] {
        let refused = room.send("PUT", &format!("/secrets/{path}"), json!({ "value": "v" })).await;
        assert_eq!(refused.refusal(), (400, "BadParameter".into(), String::new()), "{path}");
        assert_eq!(refused.message(), format!("The request URI contains an invalid name: {name}"));
    }
    assert_eq!(room.call("GET", "/secrets/%FF").await.refusal().0, 400, "not UTF-8");
}

#[tokio::test]
async fn sizes() {
    let room = Room::open().await;
    let tags = |count: usize, value: usize| -> Value {
        (0..count).map(|n| (n.to_string(), Value::from("x".repeat(value)))).collect::<serde_json::Map<_, _>>().into()
    };
    for good in [
        json!({ "value": "" }),
        json!({ "value": "é".repeat(12_800) }),
        json!({ "value": "\u{1}".repeat(25_600) }),
        json!({ "value": "v", "tags": tags(15, 512), "contentType": "é".repeat(255) }),
    ] {
        let value = good["value"].clone();
        room.send("PUT", "/secrets/s", good).await.ok();
        assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], value);
    }
    for bad in [
        json!({ "value": "x".repeat(25_601) }),
        json!({ "value": "é".repeat(12_801) }),
        json!({ "value": "v", "tags": tags(16, 1) }),
        json!({ "value": "v", "tags": tags(1, 513) }),
        json!({ "value": "v", "contentType": "x".repeat(256) }),
        json!({ "tags": {} }),
        json!({ "value": null }),
    ] {
        let refused = room.send("PUT", "/secrets/s", bad).await;
        assert_eq!(refused.refusal(), (400, "BadParameter".into(), String::new()));
        assert_eq!(refused.message(), "Property  has invalid value\r\n");
    }
    assert_eq!(room.send("PATCH", "/secrets/s/", json!({ "tags": tags(16, 1) })).await.status, 400);
    assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], "v", "nothing was changed");
}

#[tokio::test]
async fn bodies_are_never_quoted() {
    let room = Room::open().await;
    let deep = format!("{{\"value\":{}", "[".repeat(5_000));
    for body in [r#"{"value":"canary""#, r#"{"value":{"canary":1}}"#, r#"["canary"]"#, "canary", "", &deep] {
        let refused = Answer::of(room.request("PUT", "/secrets/s").body(body.to_owned())).await;
        assert_eq!(refused.refusal().0, 400, "{body}");
        assert!(!refused.text.contains("canary"), "{refused:?}");
    }
    let huge = format!("{{\"value\":\"{}\"}}", "x".repeat(2 << 20));
    let refused = Answer::of(room.request("PUT", "/secrets/s").body(huge)).await;
    assert_eq!(refused.refusal().0, 413);
    assert_eq!(room.send("PUT", "/secrets/s", json!({ "value": "v", "tags": { "a": 1 } })).await.status, 400);
    assert_eq!(room.call("GET", "/secrets/s").await.status, 404, "nothing was written");
}

#[tokio::test]
async fn methods_and_paths() {
    let room = Room::open().await;
    let empty_name = room.send("PUT", "/secrets/", json!({ "value": "v" })).await;
    assert_eq!(empty_name.refusal(), (405, "MethodNotAllowed".into(), String::new()));
    assert_eq!(empty_name.message(), "HTTP PUT not allowed");
    for (method, path) in
        [("POST", "/secrets"), ("DELETE", "/secrets/s/v"), ("PUT", "/deletedsecrets/s"), ("GET", "/secrets/s/backup")]
    {
        assert_eq!(room.call(method, path).await.refusal().0, 405, "{method} {path}");
    }
    assert_eq!(room.call("POST", "/secrets/other").await.refusal().0, 405, "only `restore` takes a POST");
    for path in ["/", "/keys", "/certificates", "/secrets/a/b/c", "/deletedsecrets/a/b"] {
        assert_eq!(room.call("GET", path).await.refusal().0, 404, "{path}");
        let bare = Answer::of(room.bare(Method::GET, &format!("{path}?{API}"))).await;
        assert_eq!(bare.refusal().0, 401, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_services_headers() {
    let room = Room::open().await;
    room.put("s", "v").await;
    for path in ["/secrets/s", "/secrets/absent", "/nowhere"] {
        let asked = room
            .request("GET", path)
            .header("x-ms-client-request-id", "mine")
            .header("x-ms-return-client-request-id", "true");
        let answer = Answer::of(asked).await;
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
        assert_eq!(answer.header("x-ms-client-request-id"), "mine");
        assert_eq!(answer.header("x-ms-request-id").len(), 36);
        for name in ["x-ms-keyvault-region", "x-ms-keyvault-service-version"] {
            assert!(!answer.header(name).is_empty(), "{name}");
        }
        assert!(!answer.headers.contains_key("etag"));
    }
    let unasked = Answer::of(room.request("GET", "/secrets/s").header("x-ms-client-request-id", "mine")).await;
    assert!(!unasked.headers.contains_key("x-ms-client-request-id"));
}
