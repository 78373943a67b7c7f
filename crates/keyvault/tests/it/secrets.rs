//! Set, get, update: bundles as recorded.

use serde_json::json;

use crate::client::Room;

#[tokio::test]
async fn a_bundle_has_what_was_recorded_and_nothing_else() {
    let room = Room::open().await;
    let set = room.send("PUT", "/secrets/plain", json!({ "value": "v" })).await;
    let id = set.ok()["id"].as_str().unwrap().to_owned();
    let version = id.strip_prefix(&format!("{}/secrets/plain/", room.url())).unwrap();
    assert_eq!(version.len(), 32);
    assert!(version.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)));
    let created = set.ok()["attributes"]["created"].as_i64().unwrap();
    let recorded = format!(
        r#"{{"value":"v","id":"{id}","attributes":{{"enabled":true,"created":{created},"updated":{created},"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90}}}}"#
    );
    assert_eq!(set.text, recorded, "order of fields, and no null");
    for path in ["/secrets/plain", "/secrets/plain/", &format!("/secrets/plain/{version}")] {
        assert_eq!(room.call("GET", path).await.text, recorded, "{path}");
    }
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    assert!((now - 60..=now).contains(&created));
}

#[tokio::test]
async fn everything_that_can_be_set_comes_back() {
    let room = Room::open().await;
    let asked = json!({
        "value": "a\n\"ü\u{1f511}\u{0}", "contentType": "text/plain", "tags": { "k": "v", "": "x" },
        "attributes": { "enabled": true, "nbf": -5, "exp": 4_102_444_800_i64 },
    });
    assert_eq!(room.send("PUT", "/secrets/full", asked).await.status, 400, "a tag without a name");
    let asked = json!({
        "value": "a\n\"ü\u{1f511}\u{0}", "contentType": "text/plain", "tags": { "k": "v", "b": "" },
        "attributes": { "enabled": true, "nbf": -5, "exp": 4_102_444_800_i64, "created": 1 }, "unknown": [1],
    });
    room.send("PUT", "/secrets/full", asked.clone()).await.ok();
    let got = room.call("GET", "/secrets/full").await.ok();
    for field in ["value", "contentType", "tags"] {
        assert_eq!(got[field], asked[field], "{field}");
    }
    assert_eq!((&got["attributes"]["nbf"], &got["attributes"]["exp"]), (&json!(-5), &json!(4_102_444_800_i64)));
    assert_ne!(got["attributes"]["created"], json!(1), "the service sets it");
}

#[tokio::test]
async fn every_put_starts_a_version_with_only_the_tags_it_sends() {
    let room = Room::open().await;
    let first = room.send("PUT", "/secrets/s", json!({ "value": "1", "tags": { "a": "1" }, "contentType": "t" })).await;
    let first = first.ok()["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let second = room.put("s", "2").await;
    assert_ne!(first, second);
    let current = room.call("GET", "/secrets/s").await.ok();
    assert_eq!(current["value"], "2");
    assert!(current.get("tags").is_none() && current.get("contentType").is_none(), "{current}");
    let older = room.call("GET", &format!("/secrets/s/{first}")).await.ok();
    assert_eq!((&older["value"], &older["tags"]), (&json!("1"), &json!({ "a": "1" })));
    // Made within a second, the order is still the order of writing.
    for n in 0..20 {
        room.put("s", &n.to_string()).await;
        assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], n.to_string());
    }
}

#[tokio::test]
async fn patch_changes_what_it_names() {
    let room = Room::open().await;
    let set = json!({ "value": "v", "tags": { "a": "1", "b": "2" }, "contentType": "t", "attributes": { "exp": 5 } });
    room.send("PUT", "/secrets/s", set).await.ok();
    // Without a version it is the current one (ZenML's manager does this after each PUT).
    for path in ["/secrets/s/", "/secrets/s"] {
        let patched = room.send("PATCH", path, json!({ "tags": { "c": "3" } })).await.ok();
        assert!(patched.get("value").is_none(), "no value in the answer to PATCH");
        assert_eq!(patched["tags"], json!({ "c": "3" }), "the whole map is replaced");
        assert_eq!((&patched["contentType"], &patched["attributes"]["exp"]), (&json!("t"), &json!(5)));
    }
    let id = room.call("GET", "/secrets/s").await.ok()["id"].as_str().unwrap().to_owned();
    let path = id.strip_prefix(room.url()).unwrap();
    let patched = room.send("PATCH", path, json!({ "contentType": "u", "attributes": { "nbf": 1 } })).await.ok();
    assert_eq!(patched["tags"], json!({ "c": "3" }), "without tags they stay");
    assert_eq!(patched["id"], id.as_str(), "no new version");
    let got = room.call("GET", "/secrets/s").await.ok();
    assert_eq!((&got["value"], &got["contentType"], &got["attributes"]["nbf"]), (&json!("v"), &json!("u"), &json!(1)));
    let cleared = room.send("PATCH", "/secrets/s/", json!({ "tags": {} })).await.ok();
    assert_eq!(cleared["tags"], json!({}));
    for path in ["/secrets/absent/", "/secrets/s/00000000000000000000000000000000"] {
        assert_eq!(room.send("PATCH", path, json!({})).await.refusal().1, "SecretNotFound");
    }
}

#[tokio::test]
async fn a_disabled_secret_is_listed_and_patched_but_not_read() {
    let room = Room::open().await;
    let set = room.send("PUT", "/secrets/s", json!({ "value": "v", "attributes": { "enabled": false } })).await.ok();
    let id = set["id"].as_str().unwrap().strip_prefix(room.url()).unwrap().to_owned();
    for path in ["/secrets/s", &id] {
        let refused = room.call("GET", path).await;
        assert_eq!(refused.refusal(), (403, "Forbidden".into(), "SecretDisabled".into()));
        assert_eq!(refused.message(), "Operation get is not allowed on a disabled secret.");
    }
    let listed = room.call("GET", "/secrets").await.ok();
    assert_eq!(listed["value"][0]["attributes"]["enabled"], false);
    room.send("PATCH", "/secrets/s/", json!({ "attributes": { "enabled": true } })).await.ok();
    assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], "v");
}

#[tokio::test]
async fn expired_and_not_yet_valid_secrets_are_given_out() {
    let room = Room::open().await;
    for attributes in [json!({ "exp": 1 }), json!({ "nbf": 4_102_444_800_i64 })] {
        room.send("PUT", "/secrets/s", json!({ "value": "v", "attributes": attributes })).await.ok();
        assert_eq!(room.call("GET", "/secrets/s").await.ok()["value"], "v");
    }
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let room = Room::open().await;
    room.put("there", "v").await;
    let tail = " was not found in this key vault. If you recently deleted this secret you may be able to recover it \
                using the correct recovery command. For help resolving this issue, please see \
                https://go.microsoft.com/fwlink/?linkid=2125182";
    for id in ["absent", "Absent/00000000000000000000000000000000", "there/latest"] {
        let refused = room.call("GET", &format!("/secrets/{id}")).await;
        assert_eq!(refused.refusal(), (404, "SecretNotFound".into(), String::new()));
        assert_eq!(refused.message(), format!("A secret with (name/id) {id}{tail}"));
    }
}

#[tokio::test]
async fn names_are_compared_without_case_and_kept_as_first_written() {
    let room = Room::open().await;
    room.put("My-Secret", "1").await;
    let second = room.put("MY-SECRET", "2").await;
    let got = room.call("GET", "/secrets/my-secret").await.ok();
    assert_eq!(got["value"], "2");
    assert_eq!(got["id"], format!("{}/secrets/My-Secret/{second}", room.url()));
    assert_eq!(room.call("GET", "/secrets").await.ok()["value"].as_array().unwrap().len(), 1);
    room.call("DELETE", "/secrets/mY-sEcReT").await.ok();
    assert_eq!(room.call("GET", "/deletedsecrets/MY-SECRET").await.status, 200);
}

#[tokio::test]
async fn a_secret_may_be_called_restore_or_versions() {
    let room = Room::open().await;
    for name in ["restore", "versions", "backup"] {
        room.put(name, name).await;
        assert_eq!(room.call("GET", &format!("/secrets/{name}/")).await.ok()["value"], name);
    }
    assert_eq!(room.call("GET", "/secrets/versions/versions").await.ok()["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_certificates_secret_is_managed() {
    let room = Room::open().await;
    room.running.add_certificate_secret("STRONGROOM", "cert", "pfx".into()).unwrap();
    assert!(room.running.add_certificate_secret("strongroom", "cert", "pfx".into()).is_err(), "taken");
    assert!(room.running.add_certificate_secret("other", "cert", "pfx".into()).is_err());
    let got = room.call("GET", "/secrets/cert").await.ok();
    assert_eq!((&got["managed"], &got["contentType"]), (&json!(true), &json!("application/x-pkcs12")));
    assert_eq!(got["kid"].as_str().unwrap(), got["id"].as_str().unwrap().replace("/secrets/", "/keys/"));
    assert_eq!(room.call("GET", "/secrets").await.ok()["value"][0]["managed"], true);
    let refused = [
        ("set", room.send("PUT", "/secrets/cert", json!({ "value": "v" })).await),
        ("update", room.send("PATCH", "/secrets/cert/", json!({})).await),
        ("delete", room.call("DELETE", "/secrets/cert").await),
        ("backup", room.call("POST", "/secrets/cert/backup").await),
    ];
    for (operation, answer) in refused {
        assert_eq!(answer.refusal(), (403, "Forbidden".into(), "SecretManagedByKeyVault".into()), "{operation}");
        assert!(answer.message().starts_with(&format!("Operation \"{operation}\" is not allowed")));
    }
}

#[tokio::test]
async fn twenty_writers_make_twenty_versions() {
    let room = std::sync::Arc::new(Room::open().await);
    let writers: Vec<_> = (0..20)
        .map(|n| {
            let room = room.clone();
            tokio::spawn(async move { room.put("s", &n.to_string()).await })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for writer in writers {
        ids.insert(writer.await.unwrap());
    }
    assert_eq!(ids.len(), 20);
    let listed = room.call("GET", "/secrets/s/versions").await.ok();
    assert_eq!(listed["value"].as_array().unwrap().len(), 20);
}
