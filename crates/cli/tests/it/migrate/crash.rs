//! kill -9 at every call to the vault, and at every request to the server: nothing is lost, and the next run finishes.

use super::server::Central;
use super::{in_manager, in_store, migrate, secret};
use crate::room::Room;
use crate::vault::Faulty;
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use strongroom_testkit::{Fault, Faults};
use tokio::runtime::Runtime;
use uuid::Uuid;

/// No migration of the cases needs as many requests.
const MOST: usize = 60;

/// A machine that is busy with other tests may be slow; nothing here is about that.
const PATIENT: &str = "--timeout=300";

fn values() -> Value {
    json!({"a": "1", "b": "2"})
}

/// The values of a secret of the manager; nothing when it is gone, or so far gone that it is named torn.
fn whole_in_manager(room: &Room, name: &str) -> Option<Value> {
    let output = room.run(secret(&["get", name, "-o", "json"]));
    if output.status.success() {
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        return Some(document["values"].clone());
    }
    let shown = room.show(&output);
    assert!(["not_found", "corrupt"].iter().any(|kind| shown.contains(kind)), "{shown}");
    None
}

/// Two secrets of names that were never used, as a name that was deleted is slower to write.
fn fill(room: &Room) -> [String; 2] {
    let id = Uuid::new_v4().simple().to_string();
    let names = ["x", "y"].map(|kind| format!("{kind}{}", &id[..8]));
    for name in &names {
        room.succeeds(secret(&["register", name, "--a=1", "--b=2"]));
    }
    names
}

/// Runs a migration that is killed at one request of those that `faults` sees, before or after it is carried out; `false` when it
/// needs no such request and ends by itself.
fn killed_at(call: usize, after: bool, words: &[&str], room: &Room, faults: &Faults, runtime: &Runtime) -> bool {
    faults.clear();
    // A notice of the round before must not count for this one.
    let _ = runtime.block_on(async { tokio::time::timeout(Duration::ZERO, faults.held()).await });
    faults.add_any(call, 1, if after { Fault::HoldAfter } else { Fault::HoldBefore });
    // Those that are sent beside it wait too, or a write that goes in parallel would end before the kill.
    faults.add_any(0, 1000, Fault::HoldBefore);
    let mut child = room.command(migrate(words)).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let was_killed = loop {
        let held = async { tokio::time::timeout(Duration::from_millis(5), faults.held()).await };
        if runtime.block_on(held).is_ok() {
            child.kill().unwrap();
            child.wait().unwrap();
            break true;
        }
        if let Some(status) = child.try_wait().unwrap() {
            let output = child.wait_with_output().unwrap();
            assert!(status.success(), "{words:?}: {}", room.show(&output));
            break false;
        }
    };
    faults.clear();
    was_killed
}

/// Kills a migration before each request in turn, and after the last: after one is before the next. After each kill, all is in one
/// place at least, and the next run finishes. How many requests there are.
fn kill_everywhere(delete: bool, room: &Room, faults: &Faults, runtime: &Runtime) -> usize {
    let mut call = 0;
    while kill_once(call, false, delete, room, faults, runtime) {
        call += 1;
        assert!(call < MOST, "a migration never ends");
    }
    kill_once(call - 1, true, delete, room, faults, runtime);
    call
}

fn kill_once(call: usize, after: bool, delete: bool, room: &Room, faults: &Faults, runtime: &Runtime) -> bool {
    let mut words = vec!["--non-interactive"];
    words.extend(delete.then_some("--delete"));
    let names = fill(room);
    let was_killed = killed_at(call, after, &words, room, faults, runtime);
    let at = format!("killed at {call} (after: {after}, delete: {delete})");
    for name in &names {
        let manager = whole_in_manager(room, name);
        let store = in_store(room, name).map(|secret| secret["values"].clone());
        assert!(manager.is_some() || store.is_some(), "{name} is lost: {at}");
        assert!(manager.is_none_or(|found| found == values()), "{name}: {at}");
        assert!(store.is_none_or(|found| found == values()), "{name}: {at}");
    }
    if was_killed {
        finish(room, &words, &at);
    }
    for name in &names {
        assert_eq!(in_store(room, name).map(|secret| secret["values"].clone()), Some(values()), "{name}: {at}");
        assert_eq!(in_manager(room, name).is_none(), delete, "{name}: {at}");
    }
    take_back(room, &names, &at);
    was_killed
}

/// The next run does what is left. Before the first step there is nothing to resume; then it is as if it had never begun.
fn finish(room: &Room, words: &[&str], at: &str) {
    let resumed = room.run(migrate(&["--resume"]));
    if !resumed.status.success() {
        let shown = room.show(&resumed);
        assert!(shown.contains("there is no migration to go on with"), "{at}: {shown}");
        room.succeeds(migrate(words));
    }
}

/// The way back works wherever the way there was interrupted.
fn take_back(room: &Room, names: &[String; 2], at: &str) {
    room.succeeds(migrate(&["--rollback", "--non-interactive"]));
    for name in names {
        assert_eq!(in_manager(room, name), Some(values()), "{name}: {at}");
        assert!(in_store(room, name).is_none(), "{name}: {at}");
        room.succeeds(secret(&["delete", name, "-y"]));
    }
}

#[test]
fn killed_at_every_call_to_the_vault() {
    let vault = Faulty::start();
    for scope in ["--scope=global", "--scope=none"] {
        let room = vault.room(&[scope, PATIENT]);
        let faults = vault.faults();
        let without = kill_everywhere(false, &room, faults, &vault.runtime);
        let with = kill_everywhere(true, &room, faults, &vault.runtime);
        assert!(without >= 2 && with >= without + 4, "{without}, {with}");
    }
}

#[test]
fn killed_at_every_request_to_the_server() {
    let central = Central::start();
    let room = central.room(Room::with_local_manager());
    let without = kill_everywhere(false, &room, central.faults(), &central.runtime);
    let with = kill_everywhere(true, &room, central.faults(), &central.runtime);
    // signing in, listing, and for each secret creating and reading back
    assert!(without >= 5 && with >= without, "{without}, {with}");
}

/// The way back itself is killed: again all is in one place at least, and the next rollback finishes.
#[test]
fn killed_on_the_way_back() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global", PATIENT]);
    let words = ["--rollback", "--non-interactive"];
    for call in 0..MOST {
        let names = fill(&room);
        room.succeeds(["secret", "create", &names[1], "--before=1"]);
        room.succeeds(migrate(&["--non-interactive", "--delete"]));
        let was_killed = killed_at(call, call % 2 == 0, &words, &room, vault.faults(), &vault.runtime);
        for name in &names {
            let store = in_store(&room, name).map(|secret| secret["values"].clone());
            assert!(
                whole_in_manager(&room, name).is_some() || store == Some(values()),
                "{name} is lost: killed at {call}"
            );
        }
        if was_killed {
            room.succeeds(migrate(&words));
        }
        assert!(in_store(&room, &names[0]).is_none(), "killed at {call}");
        assert_eq!(in_store(&room, &names[1]).unwrap()["values"], json!({"before": "1"}), "killed at {call}");
        for name in &names {
            assert_eq!(in_manager(&room, name), Some(values()), "{name}: killed at {call}");
            room.succeeds(secret(&["delete", name, "-y"]));
        }
        if !was_killed {
            assert!(call >= 6, "only {call} calls");
            return;
        }
    }
    panic!("a rollback never ends");
}
