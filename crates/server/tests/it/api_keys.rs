//! Service accounts and their keys.

use crate::room::{Reply, Room};
use serde_json::{Value, json};
use strongroom_core::central::Role;

async fn sign_in(room: &Room, key: &Value) -> Reply {
    room.form("login", &[("grant_type", "zenml-api-key"), ("password", key.as_str().unwrap())]).await
}

async fn token(room: &Room, key: &Value) -> String {
    sign_in(room, key).await.good()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_lives_until_it_is_rotated_switched_off_or_removed() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    let body = json!({"name": "robot", "description": "for jobs", "role": "reader"});
    let robot = room.post("service_accounts", &admin, body).await.good()["id"].as_str().unwrap().to_owned();
    let keys = format!("service_accounts/{robot}/api_keys");
    let made = room.post(&keys, &admin, json!({"name": "ci", "description": "d"})).await.good();
    let first = made["body"]["key"].clone();
    assert!(first.as_str().unwrap().starts_with("ZENKEY_"));
    for path in [keys.clone(), format!("{keys}/ci")] {
        assert!(!room.get(&path, &admin).await.is(200).text.contains("ZENKEY_"), "it is shown once");
    }
    let bearer = token(&room, &first).await;
    assert_eq!(room.get("current-user", &bearer).await.good()["body"]["is_service_account"], true);
    // without the prefix, and without a word about the way, as ZenML reads it
    let bare = first.as_str().unwrap().strip_prefix("ZENKEY_").unwrap();
    room.form("login", &[("password", bare)]).await.good();

    // kept for a while
    let rotate = format!("{keys}/ci/rotate");
    let second = room.put(&rotate, &admin, json!({"retain_period_minutes": 5})).await.good()["body"]["key"].clone();
    room.get("current-user", &bearer).await.good();
    let (old, new) = (token(&room, &first).await, token(&room, &second).await);
    // not kept
    let third = room.put(&rotate, &admin, json!({})).await.good()["body"]["key"].clone();
    for ended in [&bearer, &old, &new] {
        room.get("current-user", ended).await.is(401);
    }
    for key in [&first, &second] {
        assert_eq!(sign_in(&room, key).await.is(401).detail().1, "Authentication error: invalid API key");
    }
    let bearer = token(&room, &third).await;
    for (change, status) in [(json!({"active": false}), 401), (json!({"active": true}), 200)] {
        room.put(&format!("{keys}/ci"), &admin, change).await.good();
        room.get("current-user", &bearer).await.is(status);
        sign_in(&room, &third).await.is(status);
    }
    for (change, status) in [(json!({"active": false}), 401), (json!({"active": true}), 200)] {
        room.put("service_accounts/robot", &admin, change).await.good();
        room.get("current-user", &bearer).await.is(status);
        sign_in(&room, &third).await.is(status);
    }
    assert_eq!(room.delete(&format!("{keys}/ci"), &admin).await.is(200).text, "null");
    room.get("current-user", &bearer).await.is(401);
    sign_in(&room, &third).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_keys_do_not_lock_out_good_ones() {
    let room = Room::open().await;
    let admin = room.person("admin", Role::Admin).await;
    room.post("service_accounts", &admin, json!({"name": "robot"})).await.good();
    let robot = room.get("service_accounts/robot", &admin).await.good()["id"].as_str().unwrap().to_owned();
    let keys = format!("service_accounts/{robot}/api_keys");
    // the account is named by its id here, as in ZenML
    room.post("service_accounts/robot/api_keys", &admin, json!({"name": "ci"})).await.is(422);
    let key = room.post(&keys, &admin, json!({"name": "ci"})).await.good()["body"]["key"].clone();
    room.post(&keys, &admin, json!({"name": "ci"})).await.is(409);
    let statuses = async |times: usize| {
        let mut seen = Vec::new();
        for _ in 0..times {
            seen.push(sign_in(&room, &json!("ZENKEY_bm90aGluZw==")).await.status);
        }
        seen
    };
    assert_eq!(statuses(12).await, [[401; 10].as_slice(), &[429; 2]].concat());
    sign_in(&room, &key).await.good();
    room.put("service_accounts/robot", &admin, json!({"password": "a long password"})).await.is(400);
}
