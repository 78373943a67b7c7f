//! Every way to give a value: literal, file, standard input, document; and what is refused, without showing it.

use crate::room::{Room, same};
use serde_json::{Value, json};
use snapbox::str;
use std::fs;
use std::os::unix::fs::PermissionsExt;

const REGISTER: [&str; 4] = ["secrets-manager", "secret", "register", "x"];

/// The words of a registration with `more`.
fn register<'a>(more: &[&'a str]) -> Vec<&'a str> {
    REGISTER.iter().chain(more).copied().collect()
}

/// The values that `x` has after it was registered with these words and this input.
fn values(room: &Room, more: &[&str], stdin: &str) -> Value {
    let output = room.run_with_stdin(register(more), stdin);
    assert!(output.status.success(), "{}", room.show(&output));
    let values = room.json(["secrets-manager", "secret", "get", "x"])["values"].clone();
    room.succeeds(["secrets-manager", "secret", "delete", "x", "-y"]);
    values
}

#[test]
fn values_arrive_to_the_byte() {
    let room = Room::with_local_manager();
    fs::create_dir_all(room.path("me")).unwrap();
    let home = room.path("me").to_string_lossy().into_owned();
    let room = room.with("HOME", &home);
    fs::write(room.path("me/v"), "tilde").unwrap();
    room.file("crlf", "a\r\nb\r\n");
    room.file("odd", "\u{feff}$(id) `x` 'q' \"Q\" \\ \t\u{1F511}");
    for (words, stdin, expected) in [
        (&["--k=v"][..], "", json!({"k": "v"})),
        (&["--k=a=b", "--l=", "--_m=--n"], "", json!({"k": "a=b", "l": "", "_m": "--n"})),
        (&["--k=@@v"], "", json!({"k": "@v"})),
        (&["--k=@~/v"], "", json!({"k": "tilde"})),
        (&["--k=@crlf"], "", json!({"k": "a\r\nb\r\n"})),
        (&["--k=@odd"], "", json!({"k": "\u{feff}$(id) `x` 'q' \"Q\" \\ \t\u{1F511}"})),
        (&["--k=-"], "from\nstdin", json!({"k": "from\nstdin"})),
        (&["--k=-"], "", json!({"k": ""})),
        (&["--k=-", "--trim-newline"], "a\n", json!({"k": "a"})),
        (&["--k=-", "--trim_newline"], "a\r\n", json!({"k": "a"})),
        (&["--k=@crlf", "--trim-newline"], "", json!({"k": "a\r\nb"})),
        (&["--", "schema=v", "--values=w"], "", json!({"schema": "v", "values": "w"})),
        (&["--values={\"a-b\": \"1\", \"c\": 2.50, \"d\": true}"], "", json!({"a-b": "1", "c": "2.50", "d": "true"})),
        (&["-v", "{a: 1, b: '@x'}"], "", json!({"a": "1", "b": "@x"})),
        (&["--values=-"], "k: v\n", json!({"k": "v"})),
        (&["--k=1", "--l=2", "--values={\"l\": \"3\", \"m\": \"4\"}"], "", json!({"k": "1", "l": "3", "m": "4"})),
        (&["--values={}"], "", json!({})),
    ] {
        assert_eq!(values(&room, words, stdin), expected, "{words:?}");
    }
}

#[test]
fn a_lone_newline_at_the_end_is_kept_and_told() {
    let room = Room::with_local_manager();
    room.file("key", "hunter2\n");
    same(
        room.cli(register(&["--password=@key", "--pem=a", "-o", "yaml"])),
        str![[r#"
exit: 0
----- stdout -----
name: x
schema: arbitrary
keys:
- password
- pem
secrets_manager: safe
----- stderr -----
warning: the value of `password` ends with a newline, as its source does; `--trim-newline` leaves it out
note: made the key `[ROOM]/home/local.key`; keep a copy: sealed secrets cannot be read without it

"#]],
    );
    assert_eq!(room.succeeds(["secrets-manager", "secret", "get", "x", "-k", "password"]), "hunter2\n");
    room.file("pem", "one\ntwo\n");
    same(
        room.cli(["secrets-manager", "secret", "update", "x", "--pem=@pem"]),
        str![[r#"
exit: 0
----- stderr -----
Successfully updated secret `x` in secrets manager `safe`.

"#]],
    );
}

#[test]
fn documents_come_from_files() {
    let room = Room::with_local_manager();
    room.file("app.yaml", "user: me\nport: 0x1F\nflag: yes\npem: |\n  one\n  two\n");
    room.file("app.json", r#"{"user": "me", "pem": "one\ntwo\n"}"#);
    assert_eq!(
        values(&room, &["--values=@app.yaml"], ""),
        json!({"user": "me", "port": "0x1F", "flag": "yes", "pem": "one\ntwo\n"})
    );
    assert_eq!(values(&room, &["--values=@app.json"], ""), json!({"user": "me", "pem": "one\ntwo\n"}));
}

#[test]
fn what_cannot_be_read_is_refused_by_key_and_nothing_is_written() {
    let room = Room::with_local_manager();
    fs::create_dir(room.path("folder")).unwrap();
    room.file("binary", [0xff, 0xfe]);
    room.file("long", "canary ".repeat(10_000));
    room.file("closed", "canary");
    fs::set_permissions(room.path("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    room.file("nested.yaml", "k:\n  deep: canary\n");
    room.file("broken.json", "{\"k\": \"canary\n");
    let mut cases = vec![
        (&["--k=@absent"][..], "not_found", "cannot read `absent`, which `k` names"),
        (&["--k=@folder"], "invalid", "`folder`, which `k` names, is not a regular file"),
        (&["--k=@/dev/stdin"], "invalid", "`/dev/stdin`, which `k` names, is not a regular file"),
        (&["--k=@binary"], "invalid", "`binary`, which `k` names, is not UTF-8 text"),
        (&["--k=@long"], "invalid", "`long`, which `k` names, is longer than 65536 bytes"),
        (&["--k=-", "--l=-"], "invalid", "standard input cannot be both `k` and `l`"),
        (&["--k=-", "--values=-"], "invalid", "standard input cannot be both `k` and `--values`"),
        (&["--values=@absent"], "not_found", "cannot read `absent`, which `--values` names"),
        (&["--values=canary"], "invalid", "`--values` cannot be used"),
        (&["--values=@nested.yaml"], "invalid", "`--values` cannot be used"),
        (&["--values=@broken.json"], "invalid", "`--values` cannot be used"),
        (&["--values={\"k\": \"canary\", \"k\": \"canary\"}"], "invalid", "`--values` cannot be used"),
        (&["--values={\"name\": \"canary\"}"], "invalid", "you can't use 'name' as the key for one of your secrets"),
    ];
    // Root reads what is closed to all.
    if fs::read(room.path("closed")).is_err() {
        cases.push((&["--k=@closed"], "forbidden", "cannot read `closed`, which `k` names"));
    }
    for (words, kind, message) in cases {
        let output = room.run_with_stdin(register(words).into_iter().chain(["-o", "json"]), "canary\n");
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        let line: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!((line["error"]["kind"].as_str(), line["error"]["message"].as_str()), (Some(kind), Some(message)));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("canary"), "{}", room.show(&output));
    }
    assert_eq!(room.json(["secrets-manager", "secret", "list"]), json!([]));
    same(
        room.cli(register(&["--values={\"a\": [\"canary\"]}"])),
        str![[r#"
exit: 1
----- stderr -----
error: `--values` cannot be used
  caused by: the value of key `a` in the document is a list or a map

hint: values are text; quote it to keep it as text

"#]],
    );
}

#[test]
fn endless_standard_input_is_refused() {
    let room = Room::with_local_manager();
    let output = room.run_with_stdin(register(&["--k=-"]), &"x".repeat(65_537));
    same(
        room.show(&output),
        str![[r#"
exit: 1
----- stderr -----
error: standard input, the value of `k`, is longer than 65536 bytes

"#]],
    );
}
