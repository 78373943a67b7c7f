//! Soft delete: views, windows, retention, purge protection.

use std::time::Duration;

use serde_json::json;
use strongroom_keyvault::{Options, Timing};

use crate::client::Room;

const DAY: u64 = 86_400;

#[tokio::test]
async fn a_deleted_secret_is_in_the_other_view() {
    let room = Room::open().await;
    let set = json!({ "value": "v", "contentType": "t", "tags": { "a": "b" } });
    let id = room.send("PUT", "/secrets/S", set).await.ok()["id"].as_str().unwrap().to_owned();
    let deleted = room.call("DELETE", "/secrets/s").await;
    let keys: Vec<_> = deleted.ok().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["recoveryId", "deletedDate", "scheduledPurgeDate", "contentType", "id", "attributes", "tags"]);
    assert_eq!(deleted.ok()["id"], id.as_str());
    assert_eq!(deleted.ok()["recoveryId"], format!("{}/deletedsecrets/S", room.url()));
    let date = |field: &str| deleted.ok()[field].as_i64().unwrap();
    assert_eq!(date("scheduledPurgeDate") - date("deletedDate"), 90 * 86_400);

    assert_eq!(room.call("GET", "/deletedsecrets/S").await.text, deleted.text);
    let listed = room.call("GET", "/deletedsecrets").await.ok();
    assert_eq!(listed["value"][0]["id"], format!("{}/secrets/S", room.url()), "without version");
    assert_eq!(listed["value"][0]["recoveryId"], deleted.ok()["recoveryId"]);
    assert_eq!(room.call("GET", "/secrets").await.ok()["value"], json!([]));
    assert_eq!(room.call("GET", "/secrets/s/versions").await.ok()["value"], json!([]));
    for (method, path) in [("GET", "/secrets/s"), ("DELETE", "/secrets/s"), ("POST", "/secrets/s/backup")] {
        assert_eq!(room.call(method, path).await.refusal(), (404, "SecretNotFound".into(), String::new()), "{method}");
    }
    let refused = room.send("PUT", "/secrets/s", json!({ "value": "w" })).await;
    assert_eq!(refused.refusal(), (409, "Conflict".into(), "ObjectIsDeletedButRecoverable".into()));
    let text = "Secret s is currently in a deleted but recoverable state, and its name cannot be reused; in this \
                state, the secret can only be recovered or purged.";
    assert_eq!(refused.message(), text);
}

#[tokio::test]
async fn recover_brings_all_versions_back() {
    let room = Room::open().await;
    let first = room.put("s", "1").await;
    let second = room.put("s", "2").await;
    room.call("DELETE", "/secrets/s").await.ok();
    let recovered = room.call("POST", "/deletedsecrets/S/recover").await.ok();
    assert_eq!(recovered["id"], format!("{}/secrets/s/{second}", room.url()));
    assert!(recovered.get("value").is_none() && recovered.get("recoveryId").is_none());
    assert_eq!(room.call("GET", &format!("/secrets/s/{first}")).await.ok()["value"], "1");
    assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], "2");
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
}

#[tokio::test]
async fn purge_destroys_and_frees_the_name() {
    let room = Room::open().await;
    let old = room.put("s", "1").await;
    room.call("DELETE", "/secrets/s").await.ok();
    let purged = room.call("DELETE", "/deletedsecrets/s").await;
    assert_eq!((purged.status, purged.text.as_str()), (204, ""));
    assert!(!purged.header("x-ms-request-id").is_empty());
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
    room.put("S", "2").await;
    assert_eq!(room.call("GET", &format!("/secrets/s/{old}")).await.status, 404);
    assert_eq!(room.call("GET", "/secrets").await.ok()["value"][0]["id"], format!("{}/secrets/S", room.url()));
}

#[tokio::test]
async fn what_is_not_deleted_is_not_in_the_deleted_view() {
    let room = Room::open().await;
    room.put("live", "v").await;
    for name in ["live", "absent"] {
        for (method, tail) in [("GET", ""), ("DELETE", ""), ("POST", "/recover")] {
            let refused = room.call(method, &format!("/deletedsecrets/{name}{tail}")).await;
            assert_eq!(refused.refusal(), (404, "SecretNotFound".into(), String::new()), "{method}");
            assert_eq!(refused.message(), format!("Deleted Secret not found: {name}"));
        }
    }
}

#[tokio::test]
async fn a_disabled_secret_is_refused_in_the_deleted_view_too() {
    let room = Room::open().await;
    room.send("PUT", "/secrets/s", json!({ "value": "v", "attributes": { "enabled": false } })).await.ok();
    assert_eq!(room.call("DELETE", "/secrets/s").await.ok()["attributes"]["enabled"], false);
    let refused = room.call("GET", "/deletedsecrets/s").await;
    assert_eq!(refused.refusal(), (403, "Forbidden".into(), "SecretDisabled".into()));
    assert_eq!(room.call("DELETE", "/deletedsecrets/s").await.status, 204);
}

/// Windows as wide as an hour, crossed by moving the vault's clock.
#[tokio::test]
async fn delete_recover_and_purge_take_their_time() {
    let hour = Duration::from_secs(3600);
    let timing = Timing { delete: hour, recover: hour, purge: hour };
    let room = Room::with(Options { timing, ..Options::default() }).await;
    let conflict = |inner: &str| (409, "Conflict".to_owned(), inner.to_owned());
    room.put("s", "v").await;

    room.call("DELETE", "/secrets/s").await.ok();
    assert_eq!(room.call("GET", "/secrets/s").await.status, 404);
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
    assert_eq!(room.call("GET", "/deletedsecrets").await.ok()["value"], json!([]));
    let write = room.send("PUT", "/secrets/s", json!({ "value": "w" })).await;
    assert_eq!(write.refusal(), conflict("ObjectIsBeingDeleted"));
    assert_eq!(write.message(), "Secret s is currently being deleted and cannot be re-created; retry later.");
    for (method, path) in [("DELETE", "/deletedsecrets/s"), ("POST", "/deletedsecrets/s/recover")] {
        let refused = room.call(method, path).await;
        assert_eq!(refused.refusal(), conflict("ObjectIsBeingDeleted"));
        assert_eq!(refused.message(), "Secret is currently being deleted.");
    }

    room.running.switches().advance_clock(hour);
    room.call("GET", "/deletedsecrets/s").await.ok();
    room.call("POST", "/deletedsecrets/s/recover").await.ok();
    assert_eq!(room.call("GET", "/secrets/s").await.status, 404);
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
    let write = room.send("PUT", "/secrets/s", json!({ "value": "w" })).await;
    assert_eq!(write.refusal(), conflict("ObjectIsBeingRecovered"));
    assert_eq!(write.message(), "Secret s is currently being recovered and cannot be re-created; retry later.");
    assert_eq!(room.call("DELETE", "/secrets/s").await.refusal(), conflict("ObjectIsBeingRecovered"));

    room.running.switches().advance_clock(hour);
    assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], "v");
    room.call("DELETE", "/secrets/s").await.ok();
    room.running.switches().advance_clock(hour);
    assert_eq!(room.call("DELETE", "/deletedsecrets/s").await.status, 204);
    assert_eq!(room.call("GET", "/secrets/s").await.status, 404);
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
    let write = room.send("PUT", "/secrets/s", json!({ "value": "w" })).await;
    assert_eq!(write.refusal(), conflict("ObjectIsBeingDeleted"), "the name is still taken");

    room.running.switches().advance_clock(hour);
    room.put("s", "w").await;
    let listed = room.call("GET", "/secrets/s/versions").await.ok();
    assert_eq!(listed["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn windows_also_end_by_themselves() {
    let room = Room::open().await;
    room.put("s", "v").await;
    room.running.switches().set_timing(Timing { delete: Duration::from_millis(300), ..Timing::default() });
    room.call("DELETE", "/secrets/s").await.ok();
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 200);
}

#[tokio::test]
async fn retention_ends_by_itself() {
    let room = Room::with(Options { recoverable_days: 7, ..Options::default() }).await;
    room.put("s", "v").await;
    let deleted = room.call("DELETE", "/secrets/s").await.ok();
    assert_eq!(deleted["attributes"]["recoveryLevel"], "CustomizedRecoverable+Purgeable");
    assert_eq!(deleted["attributes"]["recoverableDays"], 7);
    room.running.switches().advance_clock(Duration::from_secs(7 * DAY - 60));
    room.call("GET", "/deletedsecrets/s").await.ok();
    room.running.switches().advance_clock(Duration::from_secs(120));
    assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404);
    assert_eq!(room.call("GET", "/deletedsecrets").await.ok()["value"], json!([]));
    assert_eq!(room.call("POST", "/deletedsecrets/s/recover").await.status, 404);
    room.put("s", "w").await;
    assert_eq!(room.call("GET", "/secrets/s/versions").await.ok()["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn purge_protection_refuses_purging_only() {
    for (days, level) in [(90, "Recoverable"), (30, "CustomizedRecoverable")] {
        let options = Options { purge_protection: true, recoverable_days: days, ..Options::default() };
        let room = Room::with(options).await;
        room.put("s", "v").await;
        let deleted = room.call("DELETE", "/secrets/s").await.ok();
        assert_eq!(deleted["attributes"]["recoveryLevel"], level);
        let refused = room.call("DELETE", "/deletedsecrets/s").await;
        assert_eq!(refused.refusal(), (403, "Forbidden".into(), String::new()));
        assert!(
            refused.message().starts_with("Operation \"purge\" is not allowed because purge protection is enabled")
        );
        room.call("POST", "/deletedsecrets/s/recover").await.ok();
        room.call("DELETE", "/secrets/s").await.ok();
        room.running.switches().advance_clock(Duration::from_secs(u64::from(days) * DAY + 60));
        assert_eq!(room.call("GET", "/deletedsecrets/s").await.status, 404, "retention still ends");
    }
}
