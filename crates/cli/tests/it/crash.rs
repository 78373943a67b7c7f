//! kill -9 at every call to the vault: the old or the new secret, whole; a torn one is never shown as whole.

use crate::room::Room;
use crate::vault::Faulty;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use strongroom_testkit::Fault;
use uuid::Uuid;

/// The words of a command about secrets.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret"].iter().chain(words).copied().collect()
}

/// What a reader finds.
#[derive(Debug, PartialEq)]
enum Found {
    Nothing,
    Torn,
    Values(String),
}

fn found(room: &Room, name: &str) -> Found {
    let output = room.run(secret(&["get", name, "-o", "json"]));
    if output.status.success() {
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let values = document["values"].as_object().unwrap();
        return Found::Values(
            values.iter().map(|(key, value)| format!("{key}={} ", value.as_str().unwrap())).collect(),
        );
    }
    let line: Value = serde_json::from_slice(&output.stderr).unwrap();
    match line["error"]["kind"].as_str().unwrap() {
        "not_found" => Found::Nothing,
        "corrupt" => Found::Torn,
        kind => panic!("{kind}: {}", room.show(&output)),
    }
}

/// Runs a command that is killed at call `call`, before or after the vault carries it out; `false` when it needs no
/// such call and ends by itself.
fn killed_at(call: usize, after: bool, words: &[&str], room: &Room, vault: &Faulty) -> bool {
    vault.faults().clear();
    // A notice of the round before must not count for this one.
    let _ = vault.runtime.block_on(async { tokio::time::timeout(Duration::ZERO, vault.faults().held()).await });
    let first = if after { Fault::HoldAfter } else { Fault::HoldBefore };
    vault.faults().add_any(call, 1, first);
    // Those that are sent beside it wait too, or a write that goes in parallel would end before the kill.
    vault.faults().add_any(0, 1000, Fault::HoldBefore);
    let mut child = room.command(secret(words)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let was_killed = loop {
        let held = async { tokio::time::timeout(Duration::from_millis(5), vault.faults().held()).await };
        if vault.runtime.block_on(held).is_ok() {
            child.kill().unwrap();
            child.wait().unwrap();
            break true;
        }
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{words:?}: {status}");
            break false;
        }
    };
    vault.faults().clear();
    was_killed
}

/// No command of the cases needs as many.
const MOST_CALLS: usize = 40;

/// One command about a secret `x`, what may be found after it was killed, and what there is before and after.
struct Case<'a> {
    before: &'a [&'a [&'a str]],
    words: &'a [&'a str],
    old: Found,
    new: Found,
}

fn cases() -> Vec<Case<'static>> {
    const OLD: &[&str] = &["register", "x", "--a=old", "--b=old"];
    const NEW: &[&str] = &["register", "x", "--a=new", "--b=new"];
    let old = || Found::Values("a=old b=old ".into());
    let new = || Found::Values("a=new b=new ".into());
    vec![
        Case { before: &[], words: NEW, old: Found::Nothing, new: new() },
        // the name is deleted but recoverable, and what is recovered is the old value
        Case { before: &[OLD, &["delete", "x", "-y"]], words: NEW, old: Found::Nothing, new: new() },
        Case { before: &[OLD], words: &["update", "x", "--a=new", "--b=new"], old: old(), new: new() },
        Case {
            before: &[OLD],
            words: &["update", "x", "--a=new", "-r", "b"],
            old: old(),
            new: Found::Values("a=new ".into()),
        },
        Case { before: &[OLD], words: &["delete", "x", "-y"], old: old(), new: Found::Nothing },
    ]
}

/// Every case, killed before every call and after the last; how many kills there were.
fn kill_everywhere(scope: &[&str], may_be_torn: bool) -> usize {
    let vault = Faulty::start();
    let room = vault.room(scope);
    let mut kills = 0;
    for case in cases() {
        let mut calls = 0;
        // Before the next call is after the one before it, for all but the last.
        while kill_once(&case, calls, false, may_be_torn, &room, &vault) {
            calls += 1;
            assert!(calls < MOST_CALLS, "{:?} never ends", case.words);
        }
        kill_once(&case, calls - 1, true, may_be_torn, &room, &vault);
        kills += calls + 1;
    }
    kills
}

/// Kills the command of `case` at one call, and looks at what is left; `false` when it made no such call.
fn kill_once(case: &Case<'_>, call: usize, after: bool, may_be_torn: bool, room: &Room, vault: &Faulty) -> bool {
    let Case { before, words, old, new } = case;
    let name = format!("x-{}", Uuid::new_v4().simple());
    let name = &name[..12];
    let named = |words: &[&str]| -> Vec<_> {
        words.iter().map(|word| if *word == "x" { name.to_owned() } else { (*word).to_owned() }).collect()
    };
    for words in *before {
        room.succeeds(["secrets-manager".into(), "secret".into()].into_iter().chain(named(words)));
    }
    let words = named(words);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let was_killed = killed_at(call, after, &words, room, vault);
    let found = found(room, name);
    if was_killed {
        let allowed = found == *old || found == *new || may_be_torn && found == Found::Torn;
        assert!(allowed, "{words:?} killed at call {call} (after: {after}) left {found:?}");
    } else {
        assert_eq!(found, *new, "{words:?}");
    }
    if matches!(found, Found::Values(_)) {
        room.succeeds(secret(&["delete", name, "-y"]));
    } else {
        mend(room, name, &found);
    }
    was_killed
}

/// Whatever was left, the next write makes it whole.
fn mend(room: &Room, name: &str, left: &Found) {
    let verb = if *left == Found::Nothing { "register" } else { "update" };
    room.succeeds(secret(&[verb, name, "--a=mended", "--b=mended"]));
    assert_eq!(found(room, name), Found::Values("a=mended b=mended ".into()));
    room.succeeds(secret(&["delete", name, "-y"]));
}

#[test]
fn scoped_secrets_are_old_or_new() {
    let kills = kill_everywhere(&["--scope=global"], false);
    assert!(kills >= 20, "{kills}");
}

#[test]
fn unscoped_secrets_are_old_or_new_or_named_torn() {
    let kills = kill_everywhere(&["--scope=none"], true);
    assert!(kills >= 30, "{kills}");
}
