//! `server start` as a process: its files, its end by signals, and a disk that is full.

use crate::room::Room;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use strongroom_testkit::canary::{CANARY, files_with, is_in};

const PASSWORD: &str = "a long password";

struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it by a shell that runs `before` first.
    fn start(room: &Room, before: &str) -> Self {
        room.file("password", PASSWORD);
        let log = std::fs::File::options().create(true).append(true).open(room.path("server.log")).unwrap();
        let line = format!(
            "{before}; exec '{}' server start --listen 127.0.0.1:0 --admin-user admin --admin-password-file password -o json",
            env!("CARGO_BIN_EXE_strongroom")
        );
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &line]).current_dir(room.path("")).env_clear().env("STRONGROOM_HOME", room.home());
        command.env("STRONGROOM_LOG", "trace").env("TMPDIR", room.path(""));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        let address = ready["url"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        Self { child, address }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().try_into().unwrap())
    }

    /// One request on a connection of its own: the status, and the body.
    fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /api/v1/{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn token(&self) -> String {
        let (status, body) = self.ask("POST", "login", "", &format!("username=admin&password={PASSWORD}"));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str::<Value>(&body).unwrap()["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes a secret of that name and value; its id, if it was made.
fn create(server: &Server, token: &str, name: &str, value: &str) -> Result<String, (u16, String)> {
    let body = json!({"name": name, "values": {"k": value}}).to_string();
    match server.ask("POST", "secrets", token, &body) {
        (200, body) => Ok(serde_json::from_str::<Value>(&body).unwrap()["id"].as_str().unwrap().to_owned()),
        refused => Err(refused),
    }
}

/// Every file and folder below `folder` is its owner's only.
fn private(folder: &Path) -> usize {
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        seen += if path.is_dir() { private(&path) } else { 1 };
    }
    seen
}

#[test]
fn scenario_37_a_killed_server_leaves_private_files_without_a_value() {
    let room = Room::new();
    let mut server = Server::start(&room, "umask 000");
    let token = server.token();
    let id = create(&server, &token, "killed", CANARY).unwrap();
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    // the database, its log, its index, and the key
    assert!(private(&room.home()) >= 4);
    assert_eq!(files_with(&room.home()), Vec::<std::path::PathBuf>::new());
    let left: Vec<_> = std::fs::read_dir(room.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "home, password and log, and no temporary file: {left:?}");

    let server = Server::start(&room, "umask 000");
    let (status, body) = server.ask("GET", &format!("secrets/{id}"), &server.token(), "");
    assert!(status == 200 && is_in(body.as_bytes()), "what was acknowledged is there: {status}");
    private(&room.home());
    drop(server);
    let log = std::fs::read(room.path("server.log")).unwrap();
    let text = String::from_utf8_lossy(&log);
    assert!(text.contains("route=\"/api/v1/secrets/{secret}\"") && !is_in(&log), "{text}");
    assert!(!text.contains(PASSWORD) && !text.contains(&token) && !text.contains(&id), "{text}");
}

#[test]
fn scenario_38_signals_end_the_server_in_order() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let room = Room::new();
        let mut server = Server::start(&room, ":");
        let id = create(&server, &server.token(), "kept", "value").unwrap();
        kill(server.pid(), signal).unwrap();
        assert_eq!(server.child.wait().unwrap().code(), Some(0), "{signal}");
        let server = Server::start(&room, ":");
        assert_eq!(server.ask("GET", &format!("secrets/{id}"), &server.token(), "").0, 200, "{signal}");
    }
}

#[test]
fn scenario_60_no_value_leaves_without_its_record() {
    let room = Room::new();
    // files of a mebibyte at most: more is refused by the system, as on a full disk
    let server = Server::start(&room, "trap '' XFSZ; ulimit -S -f 2048");
    let token = server.token();
    let mut made = Vec::new();
    let refused = loop {
        match create(&server, &token, &format!("s-{}", made.len()), &CANARY.repeat(500)) {
            Ok(id) => made.push(id),
            Err(refused) => break refused,
        }
        assert!(made.len() < 500, "the disk does not fill up");
    };
    assert!(refused.0 == 503 && !is_in(refused.1.as_bytes()), "{refused:?}");
    assert!(!refused.1.contains("store.db") && !refused.1.contains("disk"), "how it is built is nobody's: {refused:?}");
    let path = format!("secrets/{}", made[0]);
    let history = format!("{path}/history");
    // small records may still fit for a while; then no value leaves, and what needs no record still works
    let mut reads = 0;
    loop {
        let (status, body) = server.ask("GET", &path, &token, "");
        if status != 200 {
            assert!(status == 503 && !is_in(body.as_bytes()), "{status}");
            break;
        }
        reads += 1;
        assert!(reads < 2000, "the audit trail does not fill up");
    }
    assert_eq!(server.ask("GET", &history, &token, "").0, 200);

    let raised = ["--fsize=unlimited", "--pid", &server.pid().to_string()].map(str::to_owned);
    assert!(Command::new("prlimit").args(raised).status().unwrap().success());
    let (status, body) = server.ask("GET", &path, &token, "");
    assert!(status == 200 && is_in(body.as_bytes()), "it recovers by itself: {status} {body}");
    let name = format!("s-{}", made.len());
    create(&server, &token, &name, "and writes").unwrap();
    // each value that was shown has its record, and the trail is whole
    let (_, trail) = server.ask("GET", "audit?action=secret.read&outcome=done&size=1", &token, "");
    let trail: Value = serde_json::from_str(&trail).unwrap();
    assert_eq!(trail["total"], reads + 1);
    let (_, verdict) = server.ask("GET", "audit/verify", &token, "");
    assert!(serde_json::from_str::<Value>(&verdict).unwrap()["broken_at"].is_null(), "{verdict}");
}
