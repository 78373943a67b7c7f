//! The audit trail by the command line: listed, exported, checked, and found out when somebody changed it.

use crate::room::{Room, same};
use snapbox::str;
use std::fs;
use std::os::unix::fs::PermissionsExt;

fn used() -> Room {
    let room = Room::new();
    room.file("v", "canary-value");
    room.succeeds(["secret", "create", "db", "--password=@v"]);
    room.succeeds(["secret", "create", "other", "--a=1"]);
    room.succeeds(["secret", "get", "db"]);
    room.succeeds(["secret", "delete", "other", "--yes"]);
    room
}

#[test]
fn who_did_what_is_listed_newest_first_and_narrowed() {
    let room = used();
    same(
        room.cli(["audit", "list"]),
        str![[r#"
exit: 0
----- stdout -----
SEQ  AT                    ACTOR    ACTION          TARGET   REVISION  ADDRESS  OUTCOME
5    [TIME]  default  secret.delete   other    1                  done
4    [TIME]  default  secret.read     db       1                  done
3    [TIME]  default  secret.create   other    1                  done
2    [TIME]  default  secret.create   db       1                  done
1    [TIME]  default  account.create  default                     done
----- stderr -----
5 of 5 records that fit.

"#]],
    );
    let seqs = |words: &[&str]| -> Vec<i64> {
        let list = room.json(["audit", "list"].iter().chain(words));
        list.as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect()
    };
    assert_eq!(seqs(&["--secret", "db"]), [4, 2]);
    assert_eq!(seqs(&["--action", "secret.create"]), [3, 2]);
    assert_eq!(seqs(&["--action", "startswith:secret.", "--limit", "2"]), [5, 4]);
    assert_eq!(seqs(&["--actor", "nobody"]), [] as [i64; 0]);
    assert_eq!(seqs(&["--since", "1h", "--limit", "1"]), [5]);
    assert_eq!(seqs(&["--until", "1h"]), [] as [i64; 0]);
    assert_eq!(seqs(&["--since", "2020-01-01", "--until", "2020-01-02"]), [] as [i64; 0]);
    let id = room.json(["secret", "get", "db"])["id"].as_str().unwrap().to_owned();
    assert_eq!(seqs(&["--secret", &id]), [6, 4, 2]);
    let all = room.succeeds(["audit", "list", "-o", "json"]);
    assert!(all.contains("\"hash\"") && !all.contains("canary"), "{all}");
}

#[test]
fn an_export_is_private_whole_and_checked_without_a_store() {
    let room = used();
    let exported = room.json(["audit", "export", "-f", "a.jsonl"]);
    assert_eq!((&exported["records"], &exported["checkpoints"]), (&5.into(), &1.into()));
    let path = room.path("a.jsonl");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("canary"));
    assert_eq!(text.lines().count(), 7, "a head, five records, a checkpoint");
    let key = exported["public_key"].as_str().unwrap();
    let shown = room.cli(["audit", "export", "-f", "a.jsonl"]);
    assert!(shown.starts_with("exit: 1") && shown.contains("already exists"), "{shown}");

    let stranger = Room::new();
    stranger.file("a.jsonl", &text);
    let verify = |key: &str| stranger.cli(["audit", "verify", "--file", "a.jsonl", "--public-key", key]);
    assert!(verify(key).starts_with("exit: 0"), "{}", verify(key));
    assert!(!stranger.home().join("store.db").exists());
    let other = "00".repeat(32);
    assert!(verify(&other).contains("was not signed with that key"));

    let lines: Vec<_> = text.lines().collect();
    let changed = |lines: &[&str]| {
        let stranger = Room::new();
        stranger.file("a.jsonl", lines.join("\n") + "\n");
        stranger.cli(["audit", "verify", "--file", "a.jsonl", "--public-key", key])
    };
    let mut cases = vec![("cut off", lines[..lines.len() - 1].to_vec(), "exit: 0")];
    for at in 1..=5 {
        let mut without = lines.clone();
        without.remove(at);
        cases.push(("removed", without, "the audit trail is broken at record"));
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        cases.push(("put in", twice, "the audit trail is broken at record"));
    }
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    cases.push(("swapped", swapped, "broken at record 2"));
    let eve = lines[4].replace("secret.read", "secret.list");
    let mut replaced = lines.clone();
    replaced[4] = &eve;
    cases.push(("changed", replaced, "broken at record 4"));
    let forged = lines[0].replace("\"seq\":5", "\"seq\":4");
    let mut shorter = lines[..5].to_vec();
    shorter[0] = &forged;
    cases.push(("shortened", shorter, "its first line was not signed with that key"));
    let mut unsigned = lines.clone();
    let checkpoint = lines[6].replace("\"signature\":\"", "\"signature\":\"00");
    unsigned[6] = &checkpoint;
    cases.push(("forged checkpoint", unsigned, "was not signed by this store"));
    for (what, lines, expected) in cases {
        let shown = changed(&lines);
        assert!(shown.contains(expected), "{what}: {shown}");
    }
}

#[test]
fn a_changed_trail_is_found_and_told() {
    let room = used();
    room.succeeds(["audit", "export", "-f", "a.jsonl"]);
    assert_eq!(room.json(["audit", "verify", "--against", "a.jsonl"])["broken_at"], serde_json::Value::Null);
    let file = rusqlite::Connection::open(room.home().join("store.db")).unwrap();
    file.execute("UPDATE audit SET actor = 'eve' WHERE seq = 4", []).unwrap();
    let output = room.run(["audit", "verify", "-o", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdict["broken_at"], 4);
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(
        (&error["error"]["kind"], &error["error"]["message"]),
        (&"corrupt".into(), &"the audit trail is broken at record 4".into())
    );
    file.execute("UPDATE audit SET actor = 'default' WHERE seq = 4", []).unwrap();
    room.succeeds(["audit", "verify"]);
    // cut off, checkpoints and all: only a copy elsewhere tells
    file.execute_batch(
        "DELETE FROM audit WHERE seq > 3; DELETE FROM checkpoint;
         UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3)",
    )
    .unwrap();
    room.succeeds(["audit", "verify"]);
    let shown = room.cli(["audit", "verify", "--against", "a.jsonl"]);
    assert!(shown.contains("record 5 was exported to `a.jsonl`, and is not there"), "{shown}");
}
