//! The sealing key of the store on this machine: rotated, killed at any point, missing, truncated, wrong.

use crate::room::{Room, same};
use serde_json::Value;
use snapbox::str;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;
use strongroom_core::Values;
use strongroom_core::central::{NewSecret, Secrets};
use strongroom_engine::{DatabaseUrl, Engine, EngineOptions, KeySource, Origin};
use tokio::runtime::Runtime;

fn key_lines(room: &Room) -> usize {
    fs::read_to_string(room.home().join("store.key")).unwrap().lines().count()
}

/// A store with so many secrets, each with the value `v` and its number.
fn filled(count: usize) -> Room {
    let room = Room::new();
    room.succeeds(["secret", "list"]);
    let keys = KeySource::file(&room.home().join("store.key")).unwrap().unwrap();
    let url = DatabaseUrl::sqlite(&room.home().join("store.db"));
    Runtime::new().unwrap().block_on(async {
        let engine = Engine::open(EngineOptions::new(url, keys)).await.unwrap();
        let caller = engine.local_caller(Origin::default()).await.unwrap();
        let acting = engine.acting(caller);
        let made = (0..count).map(|n| {
            let value = strongroom_core::Value::text(format!("v{n}"));
            let values = Values::from_iter([("k".to_owned(), value)]);
            acting.create(NewSecret::new(format!("s{n}").parse().unwrap(), values))
        });
        futures::future::try_join_all(made).await.unwrap();
    });
    room
}

#[test]
fn a_key_is_rotated_and_nothing_else_changes() {
    let room = filled(3);
    let before = room.json(["key", "status"]);
    let old = before["in_force"].as_str().unwrap().to_owned();
    assert_eq!(before["keys"][0]["records"], 4);
    let done = room.json(["key", "rotate"]);
    assert_eq!((&done["before"], &done["resealed"], &done["verified"]), (&old.clone().into(), &4.into(), &4.into()));
    assert_eq!((&done["dropped"], &done["unread"]), (&serde_json::json!([old]), &serde_json::json!([])));
    let after = room.json(["key", "status"]);
    assert_eq!(after["keys"].as_array().unwrap().len(), 1);
    assert_eq!((&after["in_force"], &after["keys"][0]["records"]), (&done["key"], &4.into()));
    assert_ne!(after["in_force"], before["in_force"]);
    assert_eq!(room.succeeds(["secret", "get", "s2", "--key", "k"]).trim_end(), "v2");
    let file = room.home().join("store.key");
    assert_eq!((key_lines(&room), fs::metadata(file).unwrap().permissions().mode() & 0o777), (1, 0o600));
    let shown = room.cli(["key", "rotate"]);
    assert!(shown.starts_with("exit: 0\n----- stdout -----\nPROPERTY"), "{shown}");
    assert!(room.json(["audit", "list", "--action", "key.rotate"]).as_array().unwrap().len() == 2);
}

#[test]
fn a_key_is_prepared_for_other_servers_first() {
    let room = filled(1);
    let prepared = room.json(["key", "rotate", "--prepare"]);
    assert_eq!(key_lines(&room), 2);
    let status = room.json(["key", "status"]);
    assert_eq!(status["in_force"], prepared["in_force"]);
    assert_eq!(room.json(["key", "rotate", "--prepare"]), prepared, "twice is once");
    let done = room.json(["key", "rotate"]);
    assert_eq!((&done["key"], key_lines(&room)), (&prepared["prepared"], 1));
}

/// kill -9 at any moment: the store is always open to its owner, and the next run finishes.
#[test]
fn a_rotation_that_is_killed_loses_nothing() {
    let room = filled(600);
    let begun = Instant::now();
    room.succeeds(["key", "rotate"]);
    let whole = begun.elapsed();
    let mut killed = 0;
    let mut unfinished = 0;
    for round in 1..=24 {
        let quiet = || Stdio::null();
        let mut child = room.command(["key", "rotate"]).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        sleep(whole * round / 24);
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        for n in [0, 299, 599] {
            let name = format!("s{n}");
            assert_eq!(room.succeeds(["secret", "get", &name, "--key", "k"]).trim_end(), format!("v{n}"));
        }
        let status = room.json(["key", "status"]);
        let records: Vec<_> = status["keys"].as_array().unwrap().iter().map(|key| key["records"].as_u64()).collect();
        assert_eq!(records.iter().map(|count| count.unwrap()).sum::<u64>(), 601, "{status}");
        unfinished += usize::from(records.iter().filter(|count| **count != Some(0)).count() > 1);
    }
    assert!(killed > 3, "{killed} were killed, {unfinished} of them half-way");
    room.succeeds(["key", "rotate"]);
    let status = room.json(["key", "status"]);
    assert_eq!((key_lines(&room), &status["keys"][0]["records"]), (1, &601.into()));
    assert_eq!(room.json(["audit", "verify"])["broken_at"], Value::Null);
}

/// Scenario 50: a named error, the file untouched, no silent new key.
#[test]
fn a_wrong_missing_or_truncated_key_is_named_and_replaced_by_none() {
    let room = filled(1);
    let file = room.home().join("store.key");
    let text = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    for words in [&["key", "rotate"][..], &["key", "status"], &["secret", "get", "s0"]] {
        let shown = room.cli(words);
        assert!(shown.contains("the key file `[ROOM]/home/store.key` is missing"), "{shown}");
        assert!(shown.starts_with("exit: 1") && !file.exists(), "{shown}");
    }
    for length in [0, 10, text.len() / 2, text.len() - 4] {
        fs::write(&file, &text[..length]).unwrap();
        for words in [&["key", "rotate"][..], &["key", "status"], &["secret", "get", "s0"]] {
            let shown = room.cli(words);
            assert!(shown.contains("error: the key file `[ROOM]/home/store.key` is damaged"), "{length}: {shown}");
            assert_eq!(fs::read(&file).unwrap(), &text[..length]);
        }
    }
    let other = Room::new();
    other.succeeds(["secret", "list"]);
    let foreign = fs::read(other.home().join("store.key")).unwrap();
    fs::write(&file, &foreign).unwrap();
    for words in [&["key", "rotate"][..], &["key", "status"], &["secret", "get", "s0"]] {
        let shown = room.cli(words);
        assert!(shown.contains("error: the key does not open the store\n  caused by: sealed with key `"), "{shown}");
        assert_eq!(fs::read(&file).unwrap(), foreign);
    }
    fs::write(&file, &text).unwrap();
    room.succeeds(["secret", "get", "s0"]);
}

#[test]
fn where_no_store_is_none_is_made() {
    let room = Room::new();
    same(
        room.cli(["key", "rotate"]),
        str![[r#"
exit: 1
----- stderr -----
error: there is no store `[ROOM]/home/store.db`

"#]],
    );
    assert!(!room.home().join("store.key").exists());
}
