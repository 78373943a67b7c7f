//! What stands in the way of a migration, in the vault: throttling, secrets that cannot be read or taken, and what ZenML left.

use super::{in_manager, in_store, report, row, secret};
use crate::room::Room;
use crate::vault::{Faulty, register};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::{Backend, Item, PutMode, Tags};
use strongroom_testkit::{Fault, Operation};
use uuid::Uuid;

impl Faulty {
    /// Writes an item as some other program would.
    fn put(&self, name: &str, value: &str, tags: &[(&str, &str)]) {
        let folder = tempfile::tempdir().unwrap();
        let context = Context {
            id: Uuid::nil(),
            local_stores: folder.path().join("stores"),
            key_file: folder.path().join("key"),
            journal: folder.path().join("journal"),
            env: self.vault().lookup(),
            notice: Arc::new(|_| {}),
        };
        let configuration = self.vault().attributes().into_iter().collect();
        let backend: Arc<dyn Backend> = (flavor("azure").unwrap().open)(&configuration, &context).unwrap();
        let tags: Tags = tags.iter().map(|(tag, value)| ((*tag).to_owned(), (*value).to_owned())).collect();
        let item = Item::new(name.parse().unwrap(), SecretString::from(value), tags);
        self.runtime.block_on(backend.put(&item, PutMode::Upsert)).unwrap();
    }
}

fn left_behind(document: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let left = document["left_behind"].as_array().unwrap();
    let mut left: Vec<_> = left.iter().map(|left| (text(&left["item"]), text(&left["why"]))).collect();
    left.sort();
    left
}

#[test]
fn each_secret_costs_the_vault_one_call_and_all_of_them_one_listing() {
    let vault = Faulty::start();
    for scope in ["--scope=global", "--scope=none"] {
        let room = vault.room(&[scope]);
        let names: Vec<_> = (0..30).map(|index| format!("s{index}")).collect();
        for name in &names {
            room.succeeds(secret(&["register", name, "--k=v"]));
        }
        vault.faults().clear();
        assert_eq!(report(&room, &["--non-interactive"]).0, Some(0));
        let count = |operation| vault.faults().count(operation);
        let pages = if scope == "--scope=none" { 60_usize.div_ceil(25) } else { 30_usize.div_ceil(25) };
        assert_eq!((count(Operation::List), count(Operation::Get)), (pages, 30), "{scope}");
        assert_eq!(vault.faults().calls(), pages + 30, "{scope}");
        // named ones need no listing where a secret has a name of its own
        vault.faults().clear();
        assert_eq!(report(&room, &["s1", "s2", "--non-interactive"]).0, Some(0));
        let pages = if scope == "--scope=none" { pages } else { 0 };
        assert_eq!((count(Operation::List), count(Operation::Get)), (pages, 2), "{scope}");
        for name in &names {
            room.succeeds(["secret", "delete", name, "-y"]);
        }
    }
}

/// Scenario 53: the source throttles, and holds out for longer than a command waits.
#[test]
fn scenario_53_a_throttled_vault_is_waited_for_or_resumed() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global", "--timeout=300"]);
    for name in ["a", "b", "c"] {
        room.succeeds(secret(&["register", name, "--k=v"]));
    }
    vault.faults().add(Operation::Get, 2, Fault::Status(429, Some("0")));
    let (code, document) = report(&room, &["a", "--non-interactive"]);
    assert_eq!((code, &row(&document, "a")["action"]), (Some(0), &json!("created")));
    vault.faults().clear();
    vault.faults().add(Operation::Get, 1, Fault::Status(429, Some("60")));
    room.succeeds(["secrets-manager", "update", "kv", "--timeout=2"]);
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(1), "{document}");
    let failed: Vec<_> =
        ["a", "b", "c"].into_iter().filter(|name| row(&document, name)["action"] == "failed").collect();
    assert!(!failed.is_empty(), "{document}");
    for name in &failed {
        assert_eq!(row(&document, name)["error"]["kind"], "unavailable", "{document}");
    }
    vault.faults().clear();
    room.succeeds(["secrets-manager", "update", "kv", "--timeout=300"]);
    for name in &failed {
        assert!(in_manager(&room, name).is_some(), "{name}");
    }
    let (code, document) = report(&room, &["--resume"]);
    assert_eq!(code, Some(0), "{document}");
    assert_eq!(room.json(secret(&["list"])), json!([]));
    for name in ["a", "b", "c"] {
        assert_eq!(in_store(&room, name).unwrap()["values"], json!({"k": "v"}));
    }
}

/// Scenario 53: secrets that are too big for the target, disabled, or damaged are told by name, and the others move.
#[test]
fn scenario_53_what_cannot_be_read_or_taken_is_told_and_stays() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global"]);
    room.succeeds(secret(&["register", "good", "--k=v"]));
    let tags = |name| [("zenml_scope", "global"), ("zenml_secret_name", name)];
    vault.put("zenml-global-damaged", "{\"k\": \"cAnArY", &tags("damaged"));
    vault.put("zenml-global-schemaless", "{\"k\": \"cAnArY\"}", &tags("schemaless"));
    vault.put("zenml-global-odd", "{}", &[("zenml_scope", "global"), ("zenml_secret_name", "a\nb")]);
    vault.put("zenml-global-untagged", "cAnArY", &[]);
    let output = room.run(super::migrate(&["--non-interactive", "--delete"]));
    let shown = room.show(&output);
    assert!(!shown.contains("cAnArY"), "{shown}");
    assert!(shown.contains("item `zenml-global-untagged` was not migrated: has the name of a secret"), "{shown}");
    assert!(shown.contains("item `zenml-global-odd` was not migrated"), "{shown}");
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(1));
    for name in ["damaged", "schemaless"] {
        assert_eq!(row(&document, name)["error"]["kind"], "corrupt", "{document}");
        assert!(in_store(&room, name).is_none());
    }
    assert_eq!(room.json(secret(&["list"])), json!([{"name": "damaged"}, {"name": "schemaless"}]));
    assert!(in_store(&room, "good").is_some());
    let items: Vec<_> = left_behind(&document).into_iter().map(|(item, _)| item).collect();
    assert_eq!(items, ["zenml-global-odd", "zenml-global-untagged"]);

    // the vault of a local manager has no limit; the store has one
    let room = Room::with_local_manager();
    room.file("big.json", format!("{{\"k\": \"{}\"}}", "x".repeat(70_000)));
    room.succeeds(secret(&["register", "big", "--values=@big.json"]));
    room.succeeds(secret(&["register", "small", "--k=v"]));
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!((code, &row(&document, "big")["error"]["kind"]), (Some(1), &json!("invalid")), "{document}");
    assert!(in_manager(&room, "big").is_some() && in_manager(&room, "small").is_none());
}

/// Scenario 54: one vault with everything that releases of ZenML left there.
#[test]
fn scenario_54_layouts_of_old_releases_move_and_what_does_not_is_told() {
    let vault = Faulty::start();
    // ZenML wrote these: one item per key, without any tag of ours
    let entry =
        |secret, key, schema| [("zenml-group-key", secret), ("zenml-key-name", key), ("zenml-schema-name", schema)];
    let id = Uuid::nil().to_string();
    vault.put(
        "zenml-62586c7a5a574e795a5851746347467a63336476636d513d",
        "pw",
        &entry("mysecret", "password", "arbitrary"),
    );
    vault.put("zenml-62586c7a5a574e795a58517464584e6c63673d3d", "me", &entry("mysecret", "user", "arbitrary"));
    // and these, with the tags of a central store and of other scopes
    vault.put(&format!("zenml-{id}"), "{\"k\": \"v\"}", &[("zenml", "server-1"), ("zenml_secret_id", &id)]);
    let namespaced = [("zenml_scope", "namespace"), ("zenml_secret_name", "other"), ("zenml_namespace", "team")];
    vault.put("zenml-namespace-team-other", "{\"k\": \"v\", \"zenml_schema_name\": \"arbitrary\"}", &namespaced);
    vault.put("nobodys", "x", &[]);

    let room = vault.room(&["--scope=none"]);
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(0), "{document}");
    assert_eq!(in_store(&room, "mysecret").unwrap()["values"], json!({"password": "pw", "user": "me"}));
    assert_eq!(room.json(secret(&["list"])), json!([]));
    let left = left_behind(&document);
    assert_eq!(
        left,
        [
            (format!("zenml-{id}"), "belongs to the central store of server `server-1`".to_owned()),
            ("zenml-namespace-team-other".to_owned(), "secret `other` of namespace `team`".to_owned()),
        ]
    );
    let shown = room.cli(super::migrate(&["--non-interactive"]));
    for told in ["`other` of namespace `team`", "of the central store of server `server-1`"] {
        assert!(shown.contains(told), "{shown}");
    }

    // the manager of that scope moves the other one
    register(&room, "team", &vault.vault().attributes(), &["--scope=namespace", "--namespace=team"]);
    room.succeeds(["stack", "update", "-x", "team"]);
    let (code, document) = report(&room, &["--non-interactive"]);
    assert_eq!((code, &row(&document, "other")["action"]), (Some(0), &json!("created")), "{document}");
}

/// What was changed between the reading and the deleting is not deleted.
#[test]
fn a_secret_that_changes_meanwhile_is_not_deleted() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global"]);
    room.succeeds(secret(&["register", "a", "--k=old"]));
    vault.faults().clear();
    // the listing and the first reading pass; the second reading, before the deletion, waits
    vault.faults().add_any(2, 1, Fault::Latency(std::time::Duration::from_secs(2)));
    let mut words = super::migrate(&["--non-interactive", "--delete"]);
    words.extend(["-o", "json"]);
    let child = room.command(words).spawn().unwrap();
    while vault.faults().count(Operation::Get) < 2 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let text = r#"{"k": "new", "zenml_schema_name": "arbitrary"}"#;
    vault.put("zenml-global-a", text, &[("zenml_scope", "global"), ("zenml_secret_name", "a")]);
    let output = child.wait_with_output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(row(&document, "a")["error"]["kind"], "conflict", "{document}");
    assert_eq!(in_manager(&room, "a").unwrap(), json!({"k": "new"}));
    assert_eq!(in_store(&room, "a").unwrap()["values"], json!({"k": "old"}));
}
