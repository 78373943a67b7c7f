//! Twenty processes of one user at once: every answer is explained by some order of what they did.

mod crowd;
mod history;

use crate::room::Room;
use crate::vault::{Faulty, Served, register};
use crowd::{CROWD, Log, at_once, kind, pair};
use history::Operation;
use std::thread;
use std::time::{Duration, Instant};
use strongroom_testkit::{self as testkit, Fault};

/// A vault in a process of its own, and a room with one stack per manager: `global`, `namespace`, `unscoped` and `local`.
fn place() -> (Served, Room) {
    let room = Room::new();
    let served = Served::start(&room, &["--memory"]);
    let room = served.signed_in(room);
    let attributes = [
        ("key_vault_name", "strongroom"),
        ("vault_url", served.url(0)),
        ("ca_certificate", served.word("ca_certificate")),
        ("verify_challenge_resource", "false"),
    ];
    let attributes = attributes.map(|(name, value)| (name.to_owned(), value.to_owned()));
    register(&room, "global", &attributes, &["--scope=global"]);
    register(&room, "namespace", &attributes, &["--scope=namespace", "--namespace=team"]);
    register(&room, "unscoped", &attributes, &["--scope=none"]);
    room.succeeds(["secrets-manager", "register", "local", "--flavor=local"]);
    for name in STACKS {
        room.succeeds(["stack", "register", name, "-o", "default", "-a", "default", "-x", name]);
    }
    (served, room)
}

const STACKS: [&str; 4] = ["global", "namespace", "unscoped", "local"];

#[test]
fn one_register_wins_no_update_is_lost_and_one_delete_is_done() {
    let (_served, room) = place();
    for stack in ["global", "unscoped", "local"] {
        let log = Log::new(&room);
        let wins = |outcomes: Vec<bool>| outcomes.into_iter().filter(|done| *done).count();
        let registered = at_once(|who| log.act(stack, "x", Operation::Register(pair("first", &who.to_string()))));
        assert_eq!(wins(registered), 1, "{stack}");
        let updated = at_once(|who| log.act(stack, "x", Operation::Update(pair(&format!("k{who}"), "1"))));
        assert_eq!(wins(updated), CROWD, "{stack}");
        let got = room.json(["--stack", stack, "secrets-manager", "secret", "get", "x"]);
        assert_eq!(got["values"].as_object().unwrap().len(), CROWD + 1, "{stack}: {got}");
        let deleted = at_once(|_| log.act(stack, "x", Operation::Delete));
        assert_eq!(wins(deleted), 1, "{stack}");
        log.check();
    }
}

/// Numbers that look like chance, the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// How many commands each of the crowd runs, one after the other.
const COMMANDS: usize = 10;

#[test]
fn some_order_explains_all_that_a_crowd_does() {
    let (_served, room) = place();
    let log = Log::new(&room);
    at_once(|who| {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ (who as u64 + 1));
        for turn in 0..COMMANDS {
            let stack = STACKS[chance.below(STACKS.len())];
            let name = ["x", "y", "x-y"][chance.below(3)];
            let mark = format!("{who}-{turn}");
            let operation = match chance.below(20) {
                // of several values, so that an unscoped secret is several items
                0..6 => Operation::Register(["first", "second"].map(|key| (key.to_owned(), mark.clone())).into()),
                6..11 => Operation::Update(pair(&format!("k{who}"), &mark)),
                11..14 => Operation::Delete,
                14..19 => Operation::Get,
                _ => Operation::Cleanup,
            };
            log.act(stack, name, operation);
        }
    });
    log.check();
}

#[test]
fn of_two_secrets_that_would_share_an_item_one_is_refused() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=none"]);
    // so slow that everybody has looked before anybody has written
    vault.faults().add(testkit::Operation::Set, 100, Fault::Latency(Duration::from_millis(500)));
    let names = [("p", r#"{"b-c": "1"}"#), ("p-b", r#"{"c": "1"}"#)];
    let run = |words: &[&str]| room.run(["-o", "json", "secrets-manager", "secret"].iter().chain(words));
    let outcomes = at_once(|who| {
        let (name, values) = names[who % 2];
        (who % 2, run(&["register", name, "--values", values]))
    });
    let done: Vec<_> = outcomes.iter().filter(|(_, output)| output.status.success()).collect();
    assert_eq!(done.len(), 1, "{:?}", outcomes.iter().map(|(_, output)| room.show(output)).collect::<Vec<_>>());
    let winner = done[0].0;
    assert!(run(&["get", names[winner].0]).status.success());
    for (who, output) in outcomes.iter().filter(|(_, output)| !output.status.success()) {
        let expected = if *who == winner { "already_exists" } else { "conflict" };
        assert_eq!(kind(&room, output), expected, "{}", room.show(output));
    }
}

#[test]
fn a_reader_of_several_items_waits_for_the_writer_at_work() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=none"]);
    room.succeeds(secret(&["register", "x", "--a=0", "--b=0"]));
    vault.faults().clear();
    // a listing, two reads, the first write; the second write comes late
    vault.faults().add_any(4, 1, Fault::Latency(Duration::from_secs(1)));
    thread::scope(|scope| {
        scope.spawn(|| room.succeeds(secret(&["update", "x", "--a=1", "--b=1"])));
        until(|| vault.faults().count(testkit::Operation::Set) == 2);
        let read = room.json(secret(&["get", "x"]));
        assert_eq!(read["values"], serde_json::json!({"a": "1", "b": "1"}));
    });
}

#[test]
fn a_reader_is_not_shown_what_a_register_brings_back_to_life() {
    let vault = Faulty::start();
    let room = vault.room(&["--scope=global"]);
    room.succeeds(secret(&["register", "x", "--a=old"]));
    room.succeeds(secret(&["delete", "x", "-y"]));
    let faults = vault.faults();
    faults.clear();
    faults.add(testkit::Operation::Set, 2, Fault::Latency(Duration::from_millis(700)));
    thread::scope(|scope| {
        scope.spawn(|| room.succeeds(secret(&["register", "x", "--a=new"])));
        // It was looked for, refused, brought back and seen; the second write is on its way.
        until(|| faults.count(testkit::Operation::Set) == 2);
        faults.add(testkit::Operation::Get, 1, Fault::Late(Duration::from_millis(1500)));
        let read = room.run(secret(&["get", "x", "-o", "json"]));
        assert_eq!(kind(&room, &read), "not_found", "the old value was deleted long ago");
    });
    assert_eq!(room.succeeds(secret(&["get", "x", "-k", "a"])), "new");
}

/// The words of a command about secrets.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret"].iter().chain(words).copied().collect()
}

/// Waits for what must come.
fn until(has_come: impl Fn() -> bool) {
    let begun = Instant::now();
    while !has_come() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never comes");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_file_that_twenty_homes_share_loses_nothing() {
    let shared = Room::new();
    let file = format!("--secrets_file={}", shared.path("shared.yaml").display());
    let rooms: Vec<_> = (0..CROWD).map(|_| Room::new()).collect();
    for room in &rooms {
        room.succeeds(["secrets-manager", "register", "m", "--flavor=local", &file, "--sealed=false"]);
        room.succeeds(["stack", "update", "-x", "m"]);
    }
    rooms[0].succeeds(["secrets-manager", "secret", "register", "x", "--a=1"]);
    for _ in 0..3 {
        at_once(|who| {
            let pair = format!("--k{who}=1");
            rooms[who].succeeds(["secrets-manager", "secret", "update", "x", &pair, "--again=1"]);
            rooms[who].succeeds(["secrets-manager", "secret", "update", "x", "-r", &format!("k{who}")]);
            rooms[who].succeeds(["secrets-manager", "secret", "update", "x", &pair]);
        });
        let got = rooms[0].json(["secrets-manager", "secret", "get", "x"]);
        assert_eq!(got["values"].as_object().unwrap().len(), CROWD + 2, "{got}");
    }
}

#[test]
fn a_new_home_takes_twenty_at_once() {
    let room = Room::new();
    at_once(|who| {
        let name = format!("m{who}");
        room.succeeds(["secrets-manager", "register", &name, "--flavor=local"]);
        room.succeeds(["stack", "register", &name, "-o", "default", "-a", "default", "-x", &name]);
        room.succeeds(["--stack", &name, "secrets-manager", "secret", "register", "x", "--a=1"]);
    });
    for who in 0..CROWD {
        let name = format!("m{who}");
        assert_eq!(room.succeeds(["--stack", &name, "secrets-manager", "secret", "get", "x", "-k", "a"]), "1");
    }
}
