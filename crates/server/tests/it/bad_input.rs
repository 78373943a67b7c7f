//! Bad input with a canary in it: no answer, log line, record or figure quotes it.

use crate::log::{logged, start};
use crate::room::Room;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use strongroom_core::central::Role;

const CANARY: &str = "cAnArY-5up3rs3cr3t";
/// The canary, its parts, and its base64 and hexadecimal forms.
const SPELLINGS: [&str; 5] =
    ["cAnArY", "5up3rs3cr3t", "Y0FuQXJZLTV1cDNyczNjcjN0", "63416e4172592d3575703372733363723374", "cAnArY%2D5up"];

#[track_caller]
fn clean(what: &str, text: &str) {
    for spelling in SPELLINGS {
        assert!(!text.contains(spelling), "{what} has `{spelling}`: {text}");
    }
}

/// Bodies that nobody can make sense of, with the canary where a value would stand.
fn malformed() -> Vec<String> {
    let forms = [
        CANARY.to_owned(),
        format!("{{\"name\": \"x\", \"values\": {{\"k\": \"{CANARY}\""),
        format!("{{\"name\": \"x\", \"values\": \"{CANARY}\"}}"),
        format!("{{\"name\": \"x\", \"values\": {{\"k\": [\"{CANARY}\"]}}}}"),
        format!("{{\"name\": \"x\", \"values\": {{\"k\": {CANARY}}}}}"),
        format!("{{\"name\": \"x\", \"values\": {{\"k\": \"{CANARY}\", \"k\": \"{CANARY}\"}}}}"),
        format!("{{\"name\": {{\"{CANARY}\": 1}}, \"values\": {{}}}}"),
        format!("{{\"name\": \"x\", \"private\": \"{CANARY}\", \"values\": {{}}}}"),
        format!("[\"{CANARY}\"]"),
        format!("\"{CANARY}\""),
        format!("{{\"revision\": \"{CANARY}\"}}"),
        format!("{{\"user_code\": [\"{CANARY}\"], \"password\": {{\"p\": \"{CANARY}\"}}}}"),
        format!("grant_type={CANARY}&username=u&password={CANARY}"),
        format!("username=u&password={CANARY}"),
        format!("grant_type=zenml-api-key&password={CANARY}"),
        "grant_type=zenml-api-key&password=ZENKEY_Y0FuQXJZLTV1cDNyczNjcjN0".to_owned(),
        format!("client_id={CANARY}&device_code={CANARY}"),
        format!("device_id={CANARY}&user_code={CANARY}&username=u&password={CANARY}"),
        format!("{{\"name\": \"{}\", \"values\": {{\"k\": \"{}\"}}}}", "x", CANARY.repeat(8000)),
    ];
    forms.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_35_malformed_input_is_not_quoted_anywhere() {
    start();
    let address = "127.0.0.1:0".parse().unwrap();
    let options = strongroom_server::ServerOptions {
        metrics_listen: Some(address),
        ..strongroom_server::ServerOptions::new(address)
    };
    let room = Room::open_with(options).await;
    let admin = room.person("admin", Role::Admin).await;
    // by `/logout`, which ends the token that it is asked with
    let ended = room.token("admin").await;
    let described: Value = serde_json::from_str(&strongroom_server::openapi()).unwrap();
    let id = room.secret(&admin, "there", false).await;
    for (path, methods) in described["paths"].as_object().unwrap() {
        let token = if path.ends_with("/logout") { &ended } else { &admin };
        let bearer = format!("Bearer {token}");
        for method in methods.as_object().unwrap().keys().filter(|method| *method == "post" || *method == "put") {
            let path = path.replace("{secret}", &id).replace("{workspace}", "default").replace("{user}", "admin");
            for body in malformed() {
                let reply = room.send(&method.to_uppercase(), &path, &[("authorization", &bearer)], body).await;
                clean(&format!("{method} {path}"), &reply.text);
                assert!(reply.status != 500, "{method} {path}: {reply:?}");
            }
        }
        for query in [
            "sort_by",
            "name",
            "page",
            "size",
            "logical_operator",
            "hydrate",
            "created",
            "revision",
            "token_type",
            "expires_in",
        ] {
            let path = path.replace("{secret}", &id);
            let reply = room.get(&format!("{path}?{query}=oneof:{CANARY}"), token).await;
            assert!(reply.status < 500 || reply.status == 501, "{reply:?}");
            if query != "name" && query != "sort_by" {
                clean(&format!("{path}?{query}"), &reply.text);
            }
        }
    }
    for (name, value) in [("authorization", format!("Bearer {CANARY}")), ("authorization", CANARY.to_owned())] {
        clean(name, &room.send("GET", "current-user", &[(name, &value)], "").await.is(401).text);
    }
    let trail = room.get("audit?size=10000", &admin).await.good();
    clean("the audit trail", &trail.to_string());
    let figures = reqwest::get(room.running.metrics_url.as_ref().unwrap()).await.unwrap().text().await.unwrap();
    clean("the figures", &figures);
    clean("the description", &room.send("GET", "/openapi.json", &[], "").await.text);
    clean("the log", &logged());
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_36_a_value_of_many_lines_and_forms_is_in_no_log() {
    start();
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let value =
        format!("{CANARY}\nY0FuQXJZLTV1cDNyczNjcjN0\n{{\"k\": \"{CANARY}\"}}\n63416e4172592d3575703372733363723374");
    let made = room.post("secrets", &ann, json!({"name": "forms", "values": {"k": value}})).await.good();
    let path = format!("secrets/{}", made["id"].as_str().unwrap());
    assert_eq!(room.get(&path, &ann).await.good()["body"]["values"]["k"], value);
    room.put(&path, &ann, json!({"values": {"k": value, "l": value}})).await.good();
    room.post(&format!("{path}/rollback"), &ann, json!({"revision": 1})).await.good();
    room.post("secrets", &ann, json!({"name": "forms", "values": {"k": value}})).await.is(409);
    clean("a list", &room.get("secrets?hydrate=True", &ann).await.text);
    clean("the history", &room.get(&format!("{path}/history"), &ann).await.text);
    clean("the log", &logged());
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_37_the_files_of_the_database_are_private_and_sealed() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    room.post("secrets", &ann, json!({"name": "sealed", "values": {"k": CANARY}})).await.good();
    let mut seen = 0;
    for entry in std::fs::read_dir(room.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{path:?}");
        clean(&path.to_string_lossy(), &String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        seen += 1;
    }
    assert!(seen >= 2, "the database and its log");
}
