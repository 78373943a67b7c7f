//! One value that must be found nowhere: not in output but for `get`, nor logs, errors, files, databases, arguments.

use crate::room::{Room, programs};
use crate::terminal::at_terminal;
use crate::vault::{Faulty, Served, register};
use nix::sys::signal::Signal;
use secrecy::ExposeSecret;
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Output;
use strongroom_keyvault::TokenShape;
use strongroom_testkit::canary::{CANARY, files_with, is_in};
use strongroom_testkit::{Fault, Operation};

/// The words of a command about secrets.
fn secret<'a>(words: &[&'a str]) -> Vec<&'a str> {
    ["secrets-manager", "secret"].iter().chain(words).copied().collect()
}

/// A room that logs everything and has the canary in files.
fn prepared(room: Room) -> Room {
    fs::create_dir_all(room.path("tmp")).unwrap();
    fs::create_dir_all(room.path("given")).unwrap();
    fs::write(room.path("given/value"), CANARY).unwrap();
    fs::write(room.path("given/values.json"), json!({"k": CANARY, "a-b": CANARY}).to_string()).unwrap();
    fs::write(room.path("given/broken.json"), format!("{{\"k\": {CANARY:?}, oops")).unwrap();
    fs::write(room.path("given/nested.yaml"), format!("k:\n  deep: {CANARY:?}\n")).unwrap();
    let tmp = room.path("tmp").to_string_lossy().into_owned();
    room.with("STRONGROOM_LOG", "trace").with("TMPDIR", &tmp).finding_programs()
}

fn clean(room: &Room, words: &[&str], output: &Output) {
    assert!(!is_in(&output.stdout), "stdout of {words:?}: {}", room.show(output));
    assert!(!is_in(&output.stderr), "stderr of {words:?}: {}", room.show(output));
}

/// Every command that meets values, in all three formats; none may show the canary.
fn commands() -> Vec<Vec<&'static str>> {
    [
        &["register", "one", "--k=@given/value", "--l=-"][..],
        &["register", "two", "--values=@given/values.json"],
        &["register", "one", "--k=@given/value"],
        &["register", "three", "--values=@given/broken.json"],
        &["register", "three", "--values=@given/nested.yaml"],
        &["register", "three", "--schema=aws", "--k=@given/value"],
        &["register", "three", "--k=@given/value", "--name=@given/value"],
        // the input ends before the last of three answers
        &["register", "three", "-s", "aws", "-i"],
        &["register", "bad\nname", "--k=@given/value"],
        &["update", "one", "--k=@given/value", "--m=@given/value"],
        &["update", "one", "--values=@given/values.json"],
        &["update", "one", "-r", "absent"],
        &["update", "absent", "--k=@given/value"],
        &["describe", "one"],
        &["list"],
        &["get", "absent"],
        &["get", "one", "-k", "absent"],
        &["delete", "absent", "-y"],
    ]
    .iter()
    .map(|words| secret(words))
    .chain([
        vec!["run", "--secret", "one", "--", "true"],
        vec!["run", "--secret", "one", "--secret", "two", "--", "true"],
        vec!["run", "--secret", "one", "--", "no-such-program"],
        vec!["run", "--secret", "one", "--only-keys", "absent", "--", "true"],
        // the program's arguments, and those of every process there is
        vec![
            "run",
            "--secret",
            "one",
            "--only-keys",
            "k",
            "--",
            "sh",
            "-c",
            "cat /proc/[0-9]*/cmdline 2>/dev/null; true",
        ],
        vec!["doctor"],
        vec!["config", "show"],
        vec!["stack", "describe"],
        vec!["secrets-manager", "describe"],
    ])
    .collect()
}

fn nothing_shows(room: &Room) {
    for format in ["table", "json", "yaml"] {
        for words in commands() {
            let words: Vec<_> = ["-o", format].into_iter().chain(words).collect();
            let output = room.run_with_stdin(&words, CANARY);
            clean(room, &words, &output);
        }
    }
    let get = room.run(secret(&["get", "one", "-k", "k"]));
    assert!(is_in(&get.stdout) && !is_in(&get.stderr), "`get` shows it, and only on stdout: {}", room.show(&get));
    let listed = room.json(secret(&["list"]));
    assert_eq!(listed.as_array().unwrap().len(), 2, "the commands above did what they were meant to: {listed}");
    assert_eq!(files_with(&room.home()), Vec::<PathBuf>::new());
    assert_eq!(fs::read_dir(room.path("tmp")).unwrap().count(), 0, "no temporary files");
}

#[test]
fn scenario_34_the_local_flavor_shows_nothing() {
    let room = prepared(Room::with_local_manager());
    nothing_shows(&room);
}

#[test]
fn a_vault_and_its_server_show_nothing() {
    let room = prepared(Room::new());
    let log = fs::File::create(room.path("server.log")).unwrap();
    let served = Served::start_logging(&room, &["--data", "vaults", "--vault", "leaks"], log);
    let attributes = [
        ("key_vault_name", "leaks"),
        ("vault_url", served.url(0)),
        ("ca_certificate", served.word("ca_certificate")),
        ("verify_challenge_resource", "false"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let room = served.signed_in(room);
    for (name, scope) in [("scoped", "--scope=global"), ("unscoped", "--scope=none")] {
        register(&room, name, &attributes, &[scope]);
        room.succeeds(["stack", "update", "-x", name]);
        nothing_shows(&room);
    }
    let get = room.run(secret(&["get", "one"]));
    assert!(String::from_utf8_lossy(&get.stderr).contains("DEBUG"), "logging was on: {}", room.show(&get));
    let client_secret = served.word("client_secret").to_owned();
    for words in [&["doctor"][..], &["config", "show"], &["secrets-manager", "secret", "list"]] {
        let output = room.run(words);
        let shown = room.show(&output);
        assert!(!shown.contains(&client_secret) && !shown.contains("Bearer "), "{shown}");
    }
    served.end_by(Signal::SIGTERM);
    assert_eq!(files_with(&room.path("vaults")), Vec::<PathBuf>::new());
    let log = fs::read(room.path("server.log")).unwrap();
    assert!(!log.is_empty() && !is_in(&log), "{}", String::from_utf8_lossy(&log));
    assert!(!String::from_utf8_lossy(&log).contains(&client_secret));
}

#[test]
fn answers_that_make_no_sense_are_not_quoted() {
    let vault = Faulty::start();
    let room = prepared(vault.room(&["--timeout=1"]));
    room.succeeds(secret(&["register", "one", "--k=@given/value"]));
    for fault in [
        Fault::Truncate,
        Fault::Reset,
        Fault::Html,
        Fault::Claims,
        Fault::Status(500, None),
        Fault::Refused(403, "ForbiddenByRbac"),
    ] {
        for (operation, words) in [
            (Operation::Get, &["get", "absent-but-asked-for"][..]),
            (Operation::Get, &["describe", "one"]),
            (Operation::Set, &["update", "one", "--l=@given/value"]),
            (Operation::Delete, &["delete", "one", "-y"]),
        ] {
            vault.faults().clear();
            vault.faults().add(operation, 100, fault.clone());
            let output = room.run(secret(words));
            clean(&room, words, &output);
        }
    }
}

#[test]
fn a_child_that_signs_us_in_sees_nothing() {
    let vault = Faulty::start();
    let token = vault.vault().running().mint(&TokenShape::default()).unwrap();
    let room = prepared(vault.room(&["--auth=cli"]));
    let answer = json!({"accessToken": token.expose_secret(), "expiresOn": "2099-01-01 00:00:00.000000",
        "expires_on": 4_070_908_800_i64, "subscription": "s", "tenant": "t", "tokenType": "Bearer"});
    fs::write(room.path("answer"), answer.to_string()).unwrap();
    let (seen, answer) = (room.path("seen"), room.path("answer"));
    let script = format!(
        "#!/bin/sh\n{{ tr '\\0' '\\n' < /proc/$$/cmdline; env; }} >> '{}'\ncat '{}'\n",
        seen.display(),
        answer.display()
    );
    fs::create_dir(room.path("bin")).unwrap();
    fs::write(room.path("bin/az"), script).unwrap();
    fs::set_permissions(room.path("bin/az"), fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", room.path("bin").display(), programs());
    let room = room.with("PATH", &path);
    room.succeeds(secret(&["register", "one", "--k=@given/value"]));
    room.succeeds(secret(&["update", "one", "--l=@given/value", "--m=2"]));
    room.succeeds(["run", "--secret", "one", "--", "true"]);
    let seen = fs::read(seen).unwrap();
    assert!(String::from_utf8_lossy(&seen).contains("get-access-token"));
    assert!(!is_in(&seen), "{}", String::from_utf8_lossy(&seen));
}

#[test]
fn a_prompt_shows_nothing() {
    let room = prepared(Room::with_local_manager()).with("STRONGROOM_LOG", "");
    // The canary itself has a newline, and a prompt takes one line.
    let answers = [
        ("Please enter a secret key", "k\r"),
        ("Please enter the secret value", "cAnArY-5up3rs3cr3t\r"),
        ("Do you want to add another", "n\r"),
    ];
    let (status, screen) = at_terminal(&room, &secret(&["register", "one", "-i"]), &answers);
    assert!(status.success() && !is_in(screen.as_bytes()), "{screen}");
    assert!(is_in(room.succeeds(secret(&["get", "one"])).as_bytes()));
}

#[test]
fn scenario_35_what_is_typed_on_the_line_is_never_repeated() {
    // Not the canary: other tests look into the arguments of every process.
    const TYPED: &str = "tYpEd on the line";
    let room = Room::with_local_manager();
    for words in [
        &["register", "x", "--k", TYPED][..],
        &["register", "x", "--k=1", TYPED],
        &["register", "x", "--a-b", TYPED],
        &["register", "x", "--schema=aws", &format!("--k={TYPED}")],
        &["register", "x", &format!("--name={TYPED}")],
        &["register", "x", &format!("--k={TYPED}"), &format!("--k={TYPED}")],
        &["register", "x", &format!("--values={TYPED}")],
        &["register", "x", &format!("--interactive={TYPED}")],
        &["register", "x", &format!("--output={TYPED}")],
        &["register", "x", &format!("-p{TYPED}")],
        &["update", "x", &format!("--k={TYPED}")],
        &["register", "x", "--", TYPED],
    ] {
        for format in ["table", "json"] {
            let words: Vec<_> = ["-o", format, "secrets-manager", "secret"].iter().chain(words).copied().collect();
            let output = room.run(&words);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{words:?}: {}", room.show(&output));
            let shown = room.show(&output);
            assert!(!shown.contains(TYPED), "{words:?}: {shown}");
        }
    }
}
