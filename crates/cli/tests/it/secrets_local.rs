//! Secrets in a local file: each verb, what it shows, and what it refuses.

use crate::room::{Room, same};
use snapbox::str;
use std::fs;

const SECRET: [&str; 2] = ["secrets-manager", "secret"];

/// The words of a command about secrets.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    SECRET.iter().chain(words).copied().collect()
}

#[test]
fn the_whole_life_of_a_secret() {
    let room = Room::with_local_manager();
    same(
        room.cli(secret(&["list"])),
        str![[r#"
exit: 0
----- stderr -----
No secrets registered.

"#]],
    );
    same(
        room.cli(secret(&["register", "db", "--user=me", "--password=hunter2"])),
        str![[r#"
exit: 0
----- stderr -----
note: made the key `[ROOM]/home/local.key`; keep a copy: sealed secrets cannot be read without it
Successfully registered secret `db` in secrets manager `safe`: `user`, `password`.

"#]],
    );
    same(
        room.cli(secret(&["get", "db"])),
        str![[r#"
exit: 0
----- stdout -----
SECRET_KEY  SECRET_VALUE
user        me
password    hunter2

"#]],
    );
    same(
        room.cli(secret(&["update", "db", "--password=hunter3", "--port=5432"])),
        str![[r#"
exit: 0
----- stderr -----
Successfully updated secret `db` in secrets manager `safe`.

"#]],
    );
    same(
        room.cli(secret(&["update", "db", "--port=5432"])),
        str![[r#"
exit: 0
----- stderr -----
Secret `db` has these values already: nothing was written.

"#]],
    );
    same(
        room.cli(secret(&["update", "db", "--remove-keys", "port", "-r", "user"])),
        str![[r#"
exit: 0
----- stderr -----
Successfully updated secret `db` in secrets manager `safe`.

"#]],
    );
    same(
        room.cli(secret(&["describe", "db"])),
        str![[r#"
exit: 0
----- stdout -----
Secret `db` in secrets manager `safe`: schema `arbitrary`, keys `password`.

"#]],
    );
    room.succeeds(secret(&["register", "api", "--token=t"]));
    same(
        room.cli(secret(&["list", "--sort_by", "desc:name"])),
        str![[r#"
exit: 0
----- stdout -----
SECRET_NAMES
db
api

"#]],
    );
    same(
        room.cli(secret(&["delete", "db", "-y"])),
        str![[r#"
exit: 0
----- stderr -----
Deleted secret `db` from secrets manager `safe`.

"#]],
    );
    same(
        room.cli(secret(&["get", "db"])),
        str![[r#"
exit: 1
----- stderr -----
error: secret `db` does not exist

"#]],
    );
    same(
        room.cli(secret(&["cleanup", "--yes"])),
        str![[r#"
exit: 0
----- stderr -----
Deleted all secrets of secrets manager `safe`: 1.

"#]],
    );
    same(
        room.cli(secret(&["cleanup", "--yes"])),
        str![[r#"
exit: 0
----- stderr -----
Deleted all secrets of secrets manager `safe`: 0.

"#]],
    );
}

#[test]
fn programs_get_documents() {
    let room = Room::with_local_manager();
    same(
        room.cli(secret(&["register", "s3", "--schema=seldon_s3", "--rclone_config_s3_env_auth=yes", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
{
  "name": "s3",
  "schema": "seldon_s3",
  "keys": [
    "rclone_config_s3_type",
    "rclone_config_s3_provider",
    "rclone_config_s3_env_auth"
  ],
  "secrets_manager": "safe"
}
----- stderr -----
note: made the key `[ROOM]/home/local.key`; keep a copy: sealed secrets cannot be read without it

"#]],
    );
    same(
        room.cli(secret(&["get", "s3", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
{
  "name": "s3",
  "schema": "seldon_s3",
  "values": {
    "rclone_config_s3_type": "s3",
    "rclone_config_s3_provider": "aws",
    "rclone_config_s3_env_auth": true
  }
}

"#]],
    );
    same(
        room.cli(secret(&["get", "s3", "-o", "yaml", "--key", "rclone_config_s3_env_auth"])),
        str![[r#"
exit: 0
----- stdout -----
name: s3
schema: seldon_s3
values:
  rclone_config_s3_env_auth: true

"#]],
    );
    same(
        room.cli(secret(&["list", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
[
  {
    "name": "s3"
  }
]

"#]],
    );
    same(
        room.cli(secret(&["describe", "s3", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
{
  "name": "s3",
  "schema": "seldon_s3",
  "keys": [
    "rclone_config_s3_type",
    "rclone_config_s3_provider",
    "rclone_config_s3_env_auth"
  ],
  "secrets_manager": "safe"
}

"#]],
    );
    same(
        room.cli(secret(&["update", "s3", "--rclone_config_s3_region=eu", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
{
  "name": "s3",
  "secrets_manager": "safe"
}

"#]],
    );
    same(
        room.cli(secret(&["delete", "s3", "-y", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
{
  "name": "s3",
  "secrets_manager": "safe"
}

"#]],
    );
    same(
        room.cli(secret(&["cleanup", "-y", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
{
  "deleted": 0,
  "secrets_manager": "safe"
}

"#]],
    );
    same(
        room.cli(secret(&["list", "-o", "json"])),
        str![[r#"
exit: 0
----- stdout -----
[]

"#]],
    );
    same(
        room.cli(secret(&["get", "s3", "-o", "json"])),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"secret `s3` does not exist","causes":[]}}

"#]],
    );
}

#[test]
fn one_value_comes_as_it_is() {
    let room = Room::with_local_manager();
    let value = "a\n\u{e9}\u{1b}[31m\n";
    room.file("v", value);
    room.succeeds(secret(&["register", "x", "--k=@v", "--empty="]));
    assert_eq!(room.succeeds(secret(&["get", "x", "--key", "k"])), value);
    assert_eq!(room.succeeds(secret(&["get", "x", "-k", "empty"])), "");
    same(
        room.cli(secret(&["get", "x", "--key", "nope"])),
        str![[r#"
exit: 1
----- stderr -----
error: secret `x` has no key `nope`

hint: keys: `k`, `empty`

"#]],
    );
    let shown = room.succeeds(secret(&["get", "x"]));
    assert!(!shown.contains('\u{1b}') && shown.contains("\\u{1b}[31m"), "a value cannot steer the terminal: {shown:?}");
}

#[test]
fn zenml_reads_what_is_written_unsealed() {
    let room = Room::new();
    let file = room.path("secrets.yaml");
    let words = format!("--secrets_file={}", file.display());
    room.succeeds(["secrets-manager", "register", "plain", "--flavor=local", "--sealed=false", &words]);
    room.succeeds(["stack", "update", "-x", "plain"]);
    room.succeeds(secret(&["register", "db", "--password=hunter2"]));
    assert_eq!(fs::read_to_string(file).unwrap(), "db:\n  password: aHVudGVyMg==\n  zenml_schema_name: arbitrary\n");
}

#[test]
fn without_a_secrets_manager_the_way_is_shown() {
    let room = Room::new();
    for words in [
        &["register", "x", "--k=v"][..],
        &["get", "x"],
        &["describe", "x"],
        &["list"],
        &["update", "x", "--k=v"],
        &["delete", "x", "-y"],
        &["cleanup", "-y"],
    ] {
        same(
            room.cli(secret(words)),
            str![[r#"
exit: 1
----- stderr -----
error: no secrets manager on the active stack `default`

hint: `strongroom secrets-manager register NAME --flavor=local`, then `strongroom stack update -x NAME`

"#]],
        );
    }
}

#[test]
fn both_spellings_of_the_group_are_taken() {
    let room = Room::with_local_manager();
    room.succeeds(["secrets-manager", "secrets", "register", "x", "--k=v"]);
    assert_eq!(room.succeeds(["secrets", "secret", "get", "x", "-k", "k"]), "v");
    assert_eq!(room.succeeds(["secrets_manager", "secrets", "get", "-k", "k", "x"]), "v");
}

/// What is refused, with exit code 1, its kind, and nothing written.
#[test]
fn what_register_refuses() {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "there", "--k=v"]));
    for (words, kind, message) in [
        (&["register", "there", "--k=v"][..], "already_exists", "secret `there` already exists"),
        (&["register", "x", "--name=canary"], "invalid", "you can't use 'name' as the key for one of your secrets"),
        (&["register", "name", "--k=canary"], "invalid", "secret names cannot be named 'name'"),
        (
            &["register", "x", "--zenml_schema_name=canary"],
            "invalid",
            "you can't use 'zenml_schema_name' as a key: the schema is stored under it",
        ),
        (&["register", "x", "--schema=nosuch", "--k=canary"], "not_found", "secret schema `nosuch` does not exist"),
        (
            &["register", "x", "-s", "aws", "--k=canary"],
            "invalid",
            "secret values do not conform with the secret schema `aws`: `aws_access_key_id` is required, `aws_secret_access_key` is required, `k` is not one of its keys",
        ),
        (&["register", "x"], "invalid", "no values are given"),
        (&["register", "x", "-s", "aws"], "invalid", "no values are given"),
        (&["register", "x", "-i", "--k=canary"], "invalid", "values are given, and asked for by `--interactive`"),
        (&["register", "x", "--k=canary", "--k=canary"], "invalid", "key `k` is given twice"),
        (&["register", "", "--k=canary"], "invalid", "a secret needs a name"),
        (&["register", "a\nb", "--k=canary"], "invalid", "the secret name \"a\\nb\" has a control character"),
    ] {
        refused(&room, words, kind, message);
    }
    assert_eq!(room.json(secret(&["list"])), serde_json::json!([{"name": "there"}]));
    assert_eq!(room.succeeds(secret(&["get", "there", "-k", "k"])), "v");
}

#[test]
fn what_update_and_delete_refuse() {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "db", "--schema=basic_auth", "--username=u", "--password=p"]));
    let before = room.succeeds(secret(&["get", "db", "-o", "json"]));
    for (words, kind, message) in [
        (&["update", "absent", "--k=canary"][..], "not_found", "secret `absent` does not exist"),
        (&["update", "db", "--name=canary"], "invalid", "you can't use 'name' as the key for one of your secrets"),
        (
            &["update", "db", "--extra=canary"],
            "invalid",
            "secret values do not conform with the secret schema `basic_auth`: `extra` is not one of its keys",
        ),
        (&["update", "db"], "invalid", "nothing to change is given"),
        (&["update", "db", "-r", "nope"], "not_found", "secret `db` has no key `nope`"),
        (
            &["update", "db", "-r", "password"],
            "invalid",
            "secret values do not conform with the secret schema `basic_auth`: `password` is required",
        ),
        (
            &["update", "db", "-r", "password", "--password=canary"],
            "invalid",
            "key `password` is both changed and removed",
        ),
        (&["update", "db", "-i", "--password=canary"], "invalid", "values are given, and asked for by `--interactive`"),
        (&["delete", "absent", "-y"], "not_found", "secret `absent` does not exist"),
        (&["delete", "db"], "invalid", "this needs a confirmation, and there is no terminal to ask at"),
        (&["cleanup"], "invalid", "this needs a confirmation, and there is no terminal to ask at"),
        (&["get", "absent"], "not_found", "secret `absent` does not exist"),
        (&["describe", "absent"], "not_found", "secret `absent` does not exist"),
    ] {
        refused(&room, words, kind, message);
    }
    assert_eq!(room.succeeds(secret(&["get", "db", "-o", "json"])), before);
}

#[test]
fn a_name_is_needed() {
    let room = Room::with_local_manager();
    for verb in ["register", "get", "describe", "update", "delete"] {
        let output = room.run(secret(&[verb]));
        assert_eq!(output.status.code(), Some(2), "{verb}");
        assert!(output.stdout.is_empty(), "{verb}");
    }
}

#[test]
fn a_wrong_or_missing_key_is_told_and_nothing_is_made_anew() {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "db", "--password=hunter2"]));
    let key = room.home().join("local.key");
    let right = fs::read(&key).unwrap();

    fs::remove_file(&key).unwrap();
    let output = room.run(secret(&["get", "db", "-o", "json"]));
    assert_eq!(kind(&output.stderr), "corrupt", "{}", room.show(&output));
    assert!(!room.run(secret(&["register", "x", "--k=v"])).status.success());
    assert!(!key.exists(), "no new key beside records that it cannot open");

    fs::write(&key, format!("strongroom-key-1:{}=\n", "A".repeat(43))).unwrap();
    let output = room.run(secret(&["get", "db", "-o", "json"]));
    assert_eq!(kind(&output.stderr), "corrupt", "{}", room.show(&output));

    fs::write(&key, right).unwrap();
    assert_eq!(room.succeeds(secret(&["get", "db", "-k", "password"])), "hunter2");
}

#[test]
fn many_processes_at_once_lose_nothing() {
    let room = Room::with_local_manager();
    room.succeeds(secret(&["register", "db", "--start=1"]));
    let writers: Vec<_> = (0..12)
        .map(|index| room.command(secret(&["update", "db", &format!("--k{index}={index}")])).spawn().unwrap())
        .collect();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", room.show(&output));
    }
    let document = room.json(secret(&["get", "db"]));
    assert_eq!(document["values"].as_object().unwrap().len(), 13);
}

#[test]
fn a_literal_value_is_warned_about_once() {
    let room = Room::with_local_manager().with("STRONGROOM_NO_HINTS", "");
    room.succeeds(["secrets-manager", "list"]); // the other hint
    room.file("v", "x");
    let stderr = |words: &[&str]| String::from_utf8(room.run(secret(words)).stderr).unwrap();
    assert!(!stderr(&["register", "a", "--k=@v"]).contains("process lists"));
    assert!(stderr(&["register", "b", "--k=v"]).contains("process lists"));
    assert!(!stderr(&["register", "c", "--k=v"]).contains("process lists"));
}

fn refused(room: &Room, words: &[&str], expected: &str, message: &str) {
    let output = room.run(secret(words).into_iter().chain(["-o", "json"]));
    assert_eq!(output.status.code(), Some(1), "{words:?}: {}", room.show(&output));
    assert!(output.stdout.is_empty(), "{words:?}");
    let line: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((line["error"]["kind"].as_str(), line["error"]["message"].as_str()), (Some(expected), Some(message)));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("canary"), "{words:?}");
}

/// The kind of a failure with `-o json`.
fn kind(stderr: &[u8]) -> String {
    let line: serde_json::Value = serde_json::from_slice(stderr).unwrap();
    line["error"]["kind"].as_str().unwrap().to_owned()
}
