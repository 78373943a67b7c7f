//! The device flow, from the codes to the token.

use crate::room::{PASSWORD, Reply, Room};
use serde_json::{Value, json};
use std::time::Duration;
use strongroom_core::central::Role;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

struct Device {
    client: String,
    code: String,
    id: String,
    user_code: String,
}

async fn device(room: &Room) -> Device {
    let client = uuid::Uuid::new_v4().to_string();
    let codes = room.form("device_authorization", &[("client_id", &client)]).await.good();
    assert_eq!(
        (&codes["expires_in"], &codes["interval"], &codes["verification_uri"]),
        (&json!(300), &json!(5), &json!("/devices/verify"))
    );
    let complete = codes["verification_uri_complete"].as_str().unwrap();
    let id = complete.strip_prefix("/devices/verify?device_id=").unwrap().split('&').next().unwrap().to_owned();
    let text = |name: &str| codes[name].as_str().unwrap().to_owned();
    Device { client, code: text("device_code"), id, user_code: text("user_code") }
}

async fn poll(room: &Room, device: &Device) -> Reply {
    room.form("login", &[("grant_type", GRANT), ("client_id", &device.client), ("device_code", &device.code)]).await
}

fn error(reply: &Reply) -> Value {
    reply.is(400).json()["error"].clone()
}

async fn decide(room: &Room, device: &Device, decision: &str, headers: &[(&str, &str)]) -> Reply {
    let fields = [
        ("device_id", &*device.id),
        ("user_code", &device.user_code),
        ("username", "ann"),
        ("password", PASSWORD),
        ("decision", decision),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    room.send("POST", "devices/verify", headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_waits_and_is_approved_by_who_is_signed_in() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Reader).await;
    let device = device(&room).await;
    assert_eq!(error(&poll(&room, &device).await), "authorization_pending");
    assert_eq!(error(&poll(&room, &device).await), "slow_down");
    let path = format!("devices/{}/verify", device.id);
    room.put(&path, &ann, json!({"user_code": "AAAA-AAAA"})).await.is(404);
    room.put(&path, "", json!({"user_code": device.user_code})).await.is(401);
    assert_eq!(room.put(&path, &ann, json!({"user_code": device.user_code.to_lowercase()})).await.is(200).text, "null");
    let token = poll(&room, &device).await.good();
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("bearer"), &json!(43200)));
    let user = room.get("current-user", token["access_token"].as_str().unwrap()).await.good();
    assert_eq!(user["name"], "ann");
    // a code is good once, for the program that asked
    assert_eq!(error(&poll(&room, &device).await), "expired_token");
    room.put(&path, &ann, json!({"user_code": device.user_code})).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_at_the_interval_is_no_offence() {
    let room = Room::open().await;
    let device = device(&room).await;
    assert_eq!(error(&poll(&room, &device).await), "authorization_pending");
    tokio::time::sleep(Duration::from_millis(4500)).await;
    assert_eq!(error(&poll(&room, &device).await), "authorization_pending");
    let other = Device { client: uuid::Uuid::new_v4().to_string(), ..device };
    assert_eq!(error(&poll(&room, &other).await), "expired_token", "the code is another program's");
    room.form("device_authorization", &[("client_id", "no-uuid")]).await.is(400);
    assert_eq!(error(&room.form("login", &[("grant_type", GRANT)]).await), "invalid_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_approves_and_refuses_for_its_own_visitors_only() {
    let room = Room::open().await;
    room.person("ann", Role::Reader).await;
    let page = room.send("GET", "/devices/verify", &[], "").await;
    assert!(page.is(200).header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");

    let (approved, refused) = (device(&room).await, device(&room).await);
    // the form of another site, and one without a password, change nothing
    for site in ["cross-site", "same-site"] {
        decide(&room, &approved, "approve", &[("sec-fetch-site", site)]).await.is(403);
    }
    let (id, code) = (&*approved.id, &*approved.user_code);
    room.form("devices/verify", &[("device_id", id), ("user_code", code)]).await.is(400);
    let wrong = [("device_id", id), ("user_code", code), ("username", "ann"), ("password", "wrong password")];
    room.form("devices/verify", &wrong).await.is(401);
    decide(&room, &approved, "perhaps", &[]).await.is(400);
    assert_eq!(error(&poll(&room, &approved).await), "authorization_pending");

    let done = decide(&room, &approved, "approve", &[("sec-fetch-site", "same-origin")]).await;
    assert!(done.is(200).text.contains("approved"));
    assert!(decide(&room, &refused, "deny", &[]).await.is(200).text.contains("refused"));
    poll(&room, &approved).await.good();
    assert_eq!(error(&poll(&room, &refused).await), "access_denied");
    assert_eq!(error(&poll(&room, &refused).await), "expired_token");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_given_without_end() {
    let room = Room::open().await;
    let client = uuid::Uuid::new_v4().to_string();
    for _ in 0..60 {
        room.form("device_authorization", &[("client_id", &client)]).await.good();
    }
    let reply = room.form("device_authorization", &[("client_id", &client)]).await;
    assert_eq!(reply.is(429).header("retry-after"), "60");
}
