//! `import zenml-db`: databases that ZenML 0.44 and 0.98 wrote, plain and encrypted; and what is wrong with others.

use crate::room::Room;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use strongroom_testkit::{DatabaseKind, TestDatabase};

const VERSIONS: [&str; 2] = ["0.44.1", "0.98.0"];
const KEY: &str = "the-encryption-key-of-the-vectors";

fn vectors() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/zenml-db")
}

/// A copy of what ZenML wrote, changed by `change`.
pub(crate) fn database(room: &Room, version: &str, form: &str, change: &str) -> String {
    let path = room.path("zenml.db");
    let _ = fs::remove_file(&path);
    let text = fs::read_to_string(vectors().join(format!("{version}-{form}.sql"))).unwrap();
    let file = Connection::open(&path).unwrap();
    file.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    file.execute_batch(&text).unwrap();
    file.execute_batch(change).unwrap();
    room.file("key", KEY);
    format!("sqlite:{}", path.display())
}

/// What ZenML itself reads: id to keys and values.
pub(crate) fn known(version: &str, form: &str) -> Value {
    let text = fs::read_to_string(vectors().join(format!("{version}.json"))).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()[form].take()
}

pub(crate) fn import(room: &Room, url: &str, more: &[&str]) -> (Option<i32>, Value) {
    let words = ["import", "zenml-db", url, "-o", "json"];
    let output = room.run(words.iter().chain(more));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::String(said));
    (output.status.code(), report)
}

pub(crate) fn action<'a>(report: &'a Value, name: &str, owner: &str, private: bool) -> &'a str {
    let secrets = report["secrets"].as_array().unwrap();
    let found = secrets.iter().find(|secret| {
        (&secret["name"], &secret["owner"], &secret["private"]) == (&name.into(), &owner.into(), &private.into())
    });
    found.unwrap_or_else(|| panic!("{name} of {owner}: {report}"))["action"].as_str().unwrap()
}

#[test]
fn what_zenml_reads_from_its_database_is_what_is_taken_over() {
    for version in VERSIONS {
        for form in ["plain", "encrypted"] {
            let room = Room::new();
            let url = database(&room, version, form, "");
            let key = ["--encryption-key-file", "key"];
            let (code, plan) = import(&room, &url, &key);
            assert_eq!((code, &plan["applied"]), (Some(0), &false.into()), "{version} {form}: {plan}");
            assert!(!room.home().join("store.db").exists(), "a plan writes nothing");
            let (code, report) = import(&room, &url, &["--apply", key[0], key[1]]);
            assert_eq!(code, Some(0), "{version} {form}: {report}");
            assert_eq!(report["counts"], plan["counts"]);
            assert_eq!(report["source"], &version[..4]);

            let known = known(version, form);
            let mut read = 0;
            for (id, values) in known.as_object().unwrap() {
                let planned = report["secrets"].as_array().unwrap().iter().find(|secret| secret["id"] == **id).unwrap();
                if planned["action"] == "internal" || planned["owner"] != "default" && planned["private"] == true {
                    continue; // ZenML's own; and what only its owner may read
                }
                let secret = room.json(["secret", "get", id]);
                assert_eq!((&secret["values"], &secret["id"]), (values, &id.as_str().into()), "{version} {form}");
                read += 1;
            }
            assert!(read >= 5, "{version} {form}: {read}");
            let ann = room.json(["user", "describe", "ann"]);
            assert_eq!(ann["role"], "editor");
            // twice is once
            let (code, again) = import(&room, &url, &["--apply", key[0], key[1]]);
            assert_eq!((code, again["counts"].get("create")), (Some(0), None), "{again}");
            assert_eq!(room.json(["audit", "verify"])["broken_at"], Value::Null);
            assert!(!room.succeeds(["audit", "list", "-o", "json"]).contains("hers"));
        }
    }
}

#[test]
fn owners_times_and_kinds_of_accounts_stay() {
    let room = Room::new();
    let url = database(&room, "0.98.0", "plain", "");
    import(&room, &url, &["--apply"]);
    let file = Connection::open(room.home().join("store.db")).unwrap();
    let theirs = Connection::open(room.path("zenml.db")).unwrap();
    let sql = "SELECT id, created, user_id FROM secret WHERE internal = 0 AND name = 'many'";
    let (id, created, owner): (String, String, String) =
        theirs.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let id = uuid::Uuid::parse_str(&id).unwrap();
    let sql = "SELECT owner_id, created FROM secret WHERE id = ?";
    let (ours, micros): (String, i64) =
        file.query_row(sql, [id.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(ours, uuid::Uuid::parse_str(&owner).unwrap().to_string());
    assert_eq!(format!("{:06}", micros % 1_000_000), created.split_once('.').unwrap().1);
    let robot = room.json(["service-account", "describe", "robot"]);
    assert_eq!((&robot["service_account"], &robot["description"]), (&true.into(), &"trains".into()));
    let passwords: i64 =
        file.query_row("SELECT COUNT(*) FROM account WHERE password IS NOT NULL", [], |row| row.get(0)).unwrap();
    assert_eq!(passwords, 0);
}

/// The names in the database say which roles the users had there.
#[test]
fn users_of_0_44_may_here_what_they_might_there() {
    let room = Room::new();
    let url = database(&room, "0.44.1", "roles", "");
    let expected = [
        ("admin", "admin"),
        ("guest", "reader"),
        ("guest-painter", "editor"),
        ("member", "lister"),
        ("none", "lister"),
        ("nothing", "lister"),
        ("painter", "editor"),
        ("watcher", "reader"),
        ("watcher-admin", "admin"),
        ("workspace", "admin"),
    ];
    for applied in [false, true] {
        let (code, report) = import(&room, &url, if applied { &["--apply"] } else { &[] });
        assert_eq!(code, Some(0), "{report}");
        let accounts = report["accounts"].as_array().unwrap().iter();
        let roles: BTreeMap<_, _> = accounts.map(|account| (text(&account["name"]), text(&account["role"]))).collect();
        assert_eq!(roles, expected.into_iter().chain([("default", "admin")]).collect());
    }
    for (name, role) in expected {
        assert_eq!(room.json(["user", "describe", name])["role"], role, "{name}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_wrong_key_or_none_imports_nothing_and_says_so() {
    for version in VERSIONS {
        let room = Room::new();
        let url = database(&room, version, "encrypted", "");
        room.file("key", "the-encryption-key-of-the-vectorS");
        let (code, said) = import(&room, &url, &["--apply", "--encryption-key-file", "key"]);
        assert_eq!(code, Some(1));
        assert!(said.as_str().unwrap().contains("the encryption key opens none of"), "{said}");
        let (code, said) = import(&room, &url, &["--apply"]);
        assert_eq!(code, Some(1));
        assert!(said.as_str().unwrap().contains("encrypted, and there is no encryption key"), "{said}");
        assert!(!room.home().join("store.db").exists());
        let room = room.with("ZENML_SECRETS_STORE_ENCRYPTION_KEY", KEY);
        assert_eq!(import(&room, &url, &["--apply"]).0, Some(0));
    }
}

#[test]
fn damaged_rows_stay_behind_and_the_others_do_not() {
    let change = "UPDATE secret SET \"values\" = substr(\"values\", 1, 21) WHERE name = 'many';
        UPDATE secret SET \"values\" = 'W10=' WHERE name = 'odd';
        UPDATE secret SET user_id = 'ffffffffffffffffffffffffffffffff' WHERE name = 'empty'";
    for version in VERSIONS {
        let room = Room::new();
        let url = database(&room, version, "plain", change);
        let (code, report) = import(&room, &url, &["--apply"]);
        assert_eq!(code, Some(1), "{report}");
        assert_eq!(action(&report, "many", "ann", false), "unreadable");
        assert_eq!(action(&report, "odd", "ann", false), "unreadable");
        assert_eq!(action(&report, "empty", "", false), "refused");
        assert_eq!(action(&report, "plain", "default", false), "create");
        let is_whole = |secret: &&Value| secret["name"] == "plain" && secret["keys"] == 2;
        let whole = report["secrets"].as_array().unwrap().iter().find(is_whole).unwrap();
        assert_eq!(room.json(["secret", "get", whole["id"].as_str().unwrap()])["values"]["user"], "ann");
    }
}

#[test]
fn values_in_an_external_store_are_told_of_and_an_empty_table_is_no_error() {
    let room = Room::new();
    let url = database(&room, "0.98.0", "plain", "UPDATE secret SET \"values\" = NULL WHERE name = 'odd'");
    let (code, report) = import(&room, &url, &["--apply"]);
    assert_eq!((code, action(&report, "odd", "ann", false)), (Some(1), "external"));
    assert!(report.to_string().contains("its values are in an external store; this one keeps its own in `sql`"));
    assert_eq!(report["counts"]["internal"], 1);
    let room = Room::new();
    let url = database(&room, "0.44.1", "plain", "DELETE FROM secret");
    let (code, report) = import(&room, &url, &["--apply"]);
    assert_eq!((code, &report["counts"], &report["secrets"]), (Some(0), &json!({}), &json!([])));
}

#[test]
fn a_database_of_a_server_is_read_as_a_file_is() {
    let Some(database) = TestDatabase::new(DatabaseKind::MariaDb) else { return };
    let text = fs::read_to_string(vectors().join("0.98.0-mysql.sql")).unwrap();
    database.sql(&format!("SET foreign_key_checks = 0; {text}"));
    let before = database.sql("SELECT * FROM secret");
    let room = Room::new();
    let (code, report) = import(&room, &database.url(), &["--apply"]);
    assert_eq!(code, Some(0), "{report}");
    let mut read = 0;
    for (id, values) in known("0.98.0", "mysql").as_object().unwrap() {
        let planned = report["secrets"].as_array().unwrap().iter().find(|secret| secret["id"] == **id).unwrap();
        if planned["owner"] == "default" && planned["action"] == "create" || planned["private"] == false {
            let found = room.run(["secret", "get", id, "-o", "json"]);
            if planned["action"] == "internal" {
                assert_eq!(found.status.code(), Some(1));
                continue;
            }
            assert_eq!(serde_json::from_slice::<Value>(&found.stdout).unwrap()["values"], *values);
            read += 1;
        }
    }
    assert_eq!(read, 5);
    let robot = room.json(["service-account", "describe", "robot"]);
    assert_eq!(robot["description"], "trains");
    assert_eq!(database.sql("SELECT * FROM secret"), before, "nothing was written there");
}

#[test]
fn what_is_there_with_other_values_stays_unless_told_otherwise() {
    let room = Room::new();
    let url = database(&room, "0.98.0", "plain", "");
    room.succeeds(["secret", "create", "plain", "--user=me"]);
    room.succeeds(["secret", "create", "empty", "--values={}"]);
    let (code, report) = import(&room, &url, &["--apply"]);
    assert_eq!(code, Some(1));
    assert_eq!(action(&report, "plain", "default", false), "conflict");
    assert_eq!(action(&report, "empty", "default", false), "same");
    assert_eq!(room.json(["secret", "get", "plain"])["values"], json!({"user": "me"}));
    let (code, report) = import(&room, &url, &["--apply", "--overwrite"]);
    assert_eq!((code, action(&report, "plain", "default", false)), (Some(0), "overwrite"), "{report}");
    let secret = room.json(["secret", "get", "plain"]);
    assert_eq!((&secret["values"]["user"], &secret["revision"]), (&"ann".into(), &2.into()));
}

#[test]
fn what_is_no_database_of_zenml_is_refused() {
    let room = Room::new();
    room.file("text", "no database at all, but text that is long enough to be looked at as if it were one");
    Connection::open(room.path("empty.db")).unwrap().execute_batch("CREATE TABLE secret (id TEXT)").unwrap();
    for (url, expected) in [
        ("sqlite:absent.db", "there is no database `absent.db`"),
        ("sqlite:text", "cannot read `text`"),
        ("sqlite:empty.db", "this is no database of ZenML"),
        ("postgres://127.0.0.1/x", "ZenML keeps nothing in Postgres"),
        ("canary", "the address of the database cannot be used"),
    ] {
        let (code, said) = import(&room, url, &[]);
        assert_eq!(code, Some(1), "{url}");
        let said = said.as_str().unwrap();
        assert!(said.contains(expected) && !said.contains("canary"), "{url}: {said}");
    }
}
