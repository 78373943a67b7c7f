//! Backup and restore.

use serde_json::{Value, json};
use strongroom_keyvault::Options;

use crate::client::Room;

async fn blob(room: &Room, name: &str) -> Value {
    room.call("POST", &format!("/secrets/{name}/backup")).await.ok()
}

#[tokio::test]
async fn all_versions_come_back() {
    let room = Room::open().await;
    let set = json!({ "value": "canary", "tags": { "a": "b" }, "contentType": "t", "attributes": { "exp": 5 } });
    let first = room.send("PUT", "/secrets/My-S", set).await.ok();
    let second = room.put("My-S", "2 \u{1f511}").await;
    room.send("PATCH", "/secrets/my-s/", json!({ "attributes": { "enabled": false } })).await.ok();
    let backup = blob(&room, "MY-s").await;
    let text = backup["value"].as_str().unwrap();
    assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "base64url without padding");
    assert!(!text.contains("canary"));

    let conflict = room.send("POST", "/secrets/restore", backup.clone()).await;
    assert_eq!(conflict.refusal(), (409, "Conflict".into(), String::new()));
    let start = format!("There was a conflict restoring the secret '{}/secrets/My-S/{second}'.", room.url());
    assert!(conflict.message().starts_with(&start), "{conflict:?}");

    room.call("DELETE", "/secrets/my-s").await.ok();
    let conflict = room.send("POST", "/secrets/restore", backup.clone()).await;
    assert_eq!(conflict.refusal(), (409, "Conflict".into(), "ObjectIsDeletedButRecoverable".into()));

    assert_eq!(room.call("DELETE", "/deletedsecrets/my-s").await.status, 204);
    let restored = room.send("POST", "/secrets/restore", backup).await.ok();
    assert_eq!(restored["id"], format!("{}/secrets/My-S/{second}", room.url()), "the current one, spelled as before");
    assert!(restored.get("value").is_none());
    assert_eq!(room.call("GET", "/secrets/my-s").await.status, 403, "still disabled");
    let path = first["id"].as_str().unwrap().strip_prefix(room.url()).unwrap();
    assert_eq!(room.call("GET", path).await.ok(), first);
}

#[tokio::test]
async fn a_backup_opens_in_another_vault_of_the_instance_but_in_no_other_instance() {
    let vaults = vec!["one".parse().unwrap(), "two".parse().unwrap()];
    let room = Room::with(Options { vaults, ..Options::default() }).await;
    room.put("s", "v").await;
    let backup = blob(&room, "s").await;
    let two = format!("{}/secrets", room.running.vaults()[1].url);
    let restore = format!("{two}/restore?{}", crate::client::API);
    let answer = crate::client::Answer::of(room.http.post(restore).bearer_auth(&room.token).json(&backup)).await;
    assert!(answer.ok()["id"].as_str().unwrap().starts_with(&two));

    let other = Room::open().await;
    let refused = other.send("POST", "/secrets/restore", backup).await;
    assert_eq!(refused.refusal(), (400, "Malformed backup blob".into(), String::new()));
    assert_eq!(refused.message(), "Backup blob is corrupt.");
}

#[tokio::test]
async fn a_bad_blob_is_refused_as_recorded() {
    let room = Room::open().await;
    room.put("s", "v").await;
    let good = blob(&room, "s").await["value"].as_str().unwrap().to_owned();
    let cut = &good[..good.len() - 4];
    for bad in ["bm9uLWV4aXN0aW5n", "", "*", cut, &good.to_uppercase()] {
        let refused = room.send("POST", "/secrets/restore", json!({ "value": bad })).await;
        assert_eq!(refused.refusal(), (400, "Malformed backup blob".into(), String::new()), "{bad}");
    }
    assert_eq!(room.call("POST", "/secrets/absent/backup").await.refusal().0, 404);
}

#[tokio::test]
async fn more_than_500_versions_cannot_be_backed_up() {
    let room = Room::open().await;
    for _ in 0..500 {
        room.put("s", "v").await;
    }
    blob(&room, "s").await;
    room.put("s", "v").await;
    assert_eq!(room.call("POST", "/secrets/s/backup").await.refusal().0, 400);
}
