//! `keyvault serve`: its ready line, its end, what it keeps, and what it refuses.

use crate::room::{Room, same};
use crate::vault::{Served, register};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use snapbox::str;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::{fs, thread};
use strongroom_testkit::canary;

/// The attributes of a manager for the first vault of a server.
fn attributes(served: &Served) -> Vec<(String, String)> {
    let name = served.ready["vaults"][0]["name"].as_str().unwrap();
    [
        ("key_vault_name", name),
        ("vault_url", served.url(0)),
        ("ca_certificate", served.word("ca_certificate")),
        ("verify_challenge_resource", "false"),
        ("scope", "global"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

#[test]
fn the_ready_line_has_all_that_clients_need() {
    let room = Room::new();
    let served = Served::start(&room, &["--memory", "--vault", "team-a", "--vault=Team-B", "--dns-name=x.example"]);
    let mut keys: Vec<_> = served.ready.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["authority", "ca_certificate", "client_id", "client_secret", "pid", "tenant_id", "vaults"]);
    let names: Vec<_> = (0..2).map(|index| served.ready["vaults"][index]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["team-a", "team-b"]);
    assert!(served.url(0).starts_with("https://localhost:") && served.url(0) != served.url(1));
    assert_eq!(served.word("authority"), served.url(0));
    assert!(fs::read_to_string(served.word("ca_certificate")).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(!room.home().join("keyvault").exists(), "in memory nothing is kept");
}

#[test]
fn one_line_for_people_and_the_rest_on_stderr() {
    let room = Room::new();
    let mut child = room.command(["keyvault", "serve"]).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.starts_with("The embedded Key Vault is ready: `strongroom` at https://localhost:"), "{line}");
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGINT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    let explained = String::from_utf8(output.stderr).unwrap();
    assert!(explained.contains("export AZURE_AUTHORITY_HOST=https://localhost:"), "{explained}");
}

#[test]
fn what_was_acknowledged_is_there_after_the_next_start() {
    let room = Room::new();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGKILL] {
        let served = Served::start(&room, &[]);
        let client = served.signed_in(Room::new());
        register(&client, "kv", &attributes(&served), &[]);
        client.succeeds(["stack", "update", "-x", "kv"]);
        client.file("value", canary::CANARY);
        let name = format!("by-{signal}");
        client.succeeds(["secrets-manager", "secret", "register", &name, "--k=@value"]);
        let (secret, certificate) = (served.word("client_secret").to_owned(), served.word("ca_certificate").to_owned());
        let pem = fs::read(&certificate).unwrap();
        let code = served.end_by(signal);
        assert_eq!(code, (signal != Signal::SIGKILL).then_some(0), "{signal}");

        let served = Served::start(&room, &[]);
        assert_eq!((served.word("client_secret"), served.word("ca_certificate")), (&*secret, &*certificate));
        assert_eq!(fs::read(&certificate).unwrap(), pem);
        // Its port is another one now.
        let words = ["secrets-manager", "update", "kv", &format!("--vault_url={}", served.url(0))];
        client.succeeds(words);
        let authority = served.word("authority").to_owned();
        let client = client.with("AZURE_AUTHORITY_HOST", &authority);
        assert_eq!(client.succeeds(["secrets-manager", "secret", "get", &name, "-k", "k"]), canary::CANARY);
    }
    let kept = room.home().join("keyvault");
    assert_eq!(canary::files_with(&kept), Vec::<std::path::PathBuf>::new());
    for entry in fs::read_dir(&kept).unwrap().flatten() {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_folder_of_ones_own() {
    let room = Room::new();
    let served = Served::start(&room, &["--data", "mine"]);
    let certificate = Path::new(served.word("ca_certificate"));
    assert!(
        certificate.is_absolute() && certificate.starts_with(room.path("").canonicalize().unwrap()),
        "{certificate:?}"
    );
    let output = room.run(["keyvault", "serve", "--data", "mine", "-o", "json"]);
    assert_eq!(output.status.code(), Some(1), "one server at a time: {}", room.show(&output));
    assert!(!room.home().exists(), "nothing was made elsewhere");
}

#[test]
fn what_it_refuses() {
    let room = Room::new();
    same(
        room.cli(["keyvault", "serve", "--memory", "--vault", "a_b"]),
        str![[r#"
exit: 1
----- stderr -----
error: `a_b` is not a Key Vault name

hint: 3 to 24 letters, digits and single hyphens, beginning with a letter, ending with a letter or digit

"#]],
    );
    same(
        room.cli(["keyvault", "serve", "--memory", "--recoverable-days=3"]),
        str![[r#"
exit: 1
----- stderr -----
error: 3 recoverable days are not within 7 to 90

"#]],
    );
    same(
        room.cli(["keyvault", "serve", "--memory", "--vault", "abc", "--vault", "ABC"]),
        str![[r#"
exit: 1
----- stderr -----
error: vault `abc` is named twice

"#]],
    );
    same(
        room.cli(["keyvault", "serve", "--memory", "--data", "x"]),
        str![[r#"
exit: 2
----- stderr -----
error: the argument '--memory' cannot be used with '--data <FOLDER>'

Usage: strongroom keyvault serve --memory

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["keyvault", "serve", "--listen", "localhost"]),
        str![[r#"
exit: 2
----- stderr -----
error: invalid value 'localhost' for '--listen <ADDRESS:PORT>': invalid socket address syntax

For more information, try '--help'.

"#]],
    );
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let output = room.run(["keyvault", "serve", "--memory", "--listen", &taken.local_addr().unwrap().to_string()]);
    assert_eq!(output.status.code(), Some(1), "{}", room.show(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn purging_is_refused_when_it_was_asked_to() {
    let room = Room::new();
    let served = Served::start(&room, &["--memory", "--purge-protection", "--recoverable-days", "7"]);
    let client = served.signed_in(Room::new());
    register(&client, "kv", &attributes(&served), &["--on_soft_deleted=purge"]);
    client.succeeds(["stack", "update", "-x", "kv"]);
    client.succeeds(["secrets-manager", "secret", "register", "x", "--k=1"]);
    client.succeeds(["secrets-manager", "secret", "delete", "x", "-y"]);
    let output = client.run(["secrets-manager", "secret", "register", "x", "--k=2", "-o", "json"]);
    let line: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(line["error"]["kind"], "forbidden", "{line}");
}

#[test]
fn many_clients_at_once() {
    let room = Room::new();
    let served = Served::start(&room, &["--memory"]);
    let client = served.signed_in(Room::new());
    register(&client, "kv", &attributes(&served), &[]);
    client.succeeds(["stack", "update", "-x", "kv"]);
    let client = &client;
    thread::scope(|scope| {
        for index in 0..8 {
            let name = format!("s{index}");
            scope.spawn(move || client.succeeds(["secrets-manager", "secret", "register", &name, "--k=v"]));
        }
    });
    assert_eq!(client.json(["secrets-manager", "secret", "list"]).as_array().unwrap().len(), 8);
}
