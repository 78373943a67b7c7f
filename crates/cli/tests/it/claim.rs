//! The first administrator of a server, by its one-time code; and what one does there with the command line.

use crate::room::Room;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr};

/// A server that has just started for the first time.
struct Fresh {
    child: Child,
    url: String,
    code: String,
    _stderr: BufReader<ChildStderr>,
}

impl Fresh {
    fn start(room: &Room) -> Self {
        let mut child = room.command(["server", "start", "--listen", "127.0.0.1:0"]).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().rsplit(' ').next().unwrap().to_owned();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let code = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "no code was shown");
            if let Some((_, rest)) = line.split_once("--claim ") {
                break rest.trim_end().to_owned();
            }
        };
        Self { child, url, code, _stderr: stderr }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_code_makes_one_administrator_who_reads_the_audit_trail() {
    let (there, room) = (Room::new(), Room::new());
    let server = Fresh::start(&there);
    let url = server.url.as_str();
    room.file("wrong", "AAAA-AAAA-AAAA-AAAA\n");
    room.file("code", &server.code);
    room.file("password", "a-long-password\n");
    let claim = |code: &str, name: &str| {
        room.cli(["server", "claim", url, "--username", name, "--code-file", code, "--password-file", "password"])
    };
    let shown = claim("wrong", "root");
    assert!(shown.starts_with("exit: 1") && shown.contains("error: the code is wrong or was used"), "{shown}");
    let shown = claim("code", "root");
    assert!(shown.starts_with("exit: 0") && shown.contains("'root' is the administrator"), "{shown}");
    assert!(claim("code", "eve").contains("the code is wrong or was used"));

    room.succeeds(["login", url, "--username", "root", "--password-file", "password"]);
    room.succeeds(["secret", "create", "db", "--password=@password"]);
    room.succeeds(["secret", "get", "db"]);
    let list = room.json(["audit", "list", "--secret", "db"]);
    let first = &list[0];
    assert_eq!(
        (&first["actor"], &first["action"], &first["address"]),
        (&"root".into(), &"secret.read".into(), &"127.0.0.1".into())
    );
    assert!(room.json(["audit", "list", "--action", "sign-in"]).as_array().unwrap().len() == 1);
    let exported = room.json(["audit", "export"]);
    assert!(exported["checkpoints"].as_u64().unwrap() >= 1);
    room.succeeds(["audit", "verify", "--file", "audit.jsonl"]);
    let verdict = room.json(["audit", "verify", "--against", "audit.jsonl"]);
    assert_eq!((&verdict["broken_at"], &verdict["public_key"]), (&serde_json::Value::Null, &exported["public_key"]));

    // who is no administrator sees nothing of it
    room.succeeds(["user", "create", "ann", "--password-file", "password"]);
    let other = Room::new();
    other.file("password", "a-long-password");
    other.succeeds(["login", url, "--username", "ann", "--password-file", "password"]);
    for words in [&["audit", "list"][..], &["audit", "verify"], &["audit", "export"]] {
        let shown = other.cli(words);
        assert!(
            shown.contains("error: not allowed: the audit trail") || shown.contains("not allowed: the list"),
            "{shown}"
        );
    }
}

#[test]
fn a_login_may_claim_at_once() {
    let (there, room) = (Room::new(), Room::new());
    let server = Fresh::start(&there);
    room.file("password", "a-long-password\n");
    let words = ["login", &server.url, "--username", "root", "--password-file", "password", "--claim", &server.code];
    let shown = room.cli(words);
    assert!(shown.ends_with("as 'root' (admin).\n"), "{shown}");
    assert_eq!(room.json(["status"])["account"]["role"], "admin");
    let shown = room.cli(words);
    assert!(shown.contains("the code is wrong or was used"), "{shown}");
}
