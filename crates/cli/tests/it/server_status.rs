//! `strongroom server status` against a running server, one that is not ready, and none.

use crate::room::Room;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;

/// `strongroom server start`, killed when dropped.
struct Started {
    child: Child,
    url: String,
}

impl Started {
    fn new(room: &Room, options: &[&str]) -> Self {
        let mut command = room.command(["server", "start", "--listen", "127.0.0.1:0", "-o", "json"]);
        let mut child = command.args(options).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        Self { child, url: ready["url"].as_str().unwrap().to_owned() }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_that_is_ready_says_what_it_is() {
    let room = Room::new();
    let server = Started::new(&room, &[]);
    let status = room.json(["server", "status", &server.url]);
    assert_eq!(status["url"], format!("{}/", server.url));
    assert_eq!((&status["ready"], &status["tls"]), (&Value::from(true), &Value::from(false)));
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&status["database"], &status["secrets_store"]), (&Value::from("sqlite"), &Value::from("sql")));
    let table = room.succeeds(["server", "status", &server.url]);
    assert!(table.contains("READY") && table.contains("yes"), "{table}");
    // the one that commands use needs no naming, and nobody has to be signed in
    let named = Room::new().with("STRONGROOM_URL", &server.url);
    assert_eq!(named.json(["server", "status"])["id"], status["id"]);
}

#[test]
fn a_certificate_is_trusted_when_it_is_named_and_not_before() {
    let room = Room::new();
    let server = Started::new(&room, &["--tls-self-signed"]);
    let output = room.run(["server", "status", &server.url]);
    assert_eq!(output.status.code(), Some(1));
    let shown = room.show(&output);
    assert!(shown.contains(&format!("error: no server answers at {}/", server.url)), "{shown}");
    let certificate = room.home().join("server-certificate.pem").to_string_lossy().into_owned();
    let trusting = ["server", "status", &server.url, "--ca-certificate", &certificate];
    assert_eq!(room.json(trusting)["tls"], true);
    let room = room.with("STRONGROOM_CA_CERTIFICATE", &certificate);
    assert_eq!(room.json(["server", "status", &server.url])["ready"], true);
}

#[test]
fn the_key_of_the_guide_is_a_key() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guides/server.md")).unwrap();
    let line = guide.lines().find_map(|line| line.strip_prefix("$ ").filter(|line| line.contains("urandom"))).unwrap();
    let room = Room::new();
    let made = Command::new("sh").args(["-c", line]).current_dir(room.path("")).status().unwrap();
    assert!(made.success(), "{line}");
    let server = Started::new(&room, &["--key-file", "strongroom.key"]);
    assert_eq!(room.json(["server", "status", &server.url])["ready"], true);
}

/// No real server can be told to lose its database for one answer; this one says what such a server says.
#[test]
fn a_server_that_is_not_ready_is_a_failure_that_says_so() {
    const INFO: &str = r#"{"id":"00000000-0000-4000-8000-000000000001","version":"0.98.0","strongroom_version":"0.1.0",
        "database_type":"other","secrets_store_type":"sql"}"#;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        for (path, status, body) in [("/api/v1/info", 200, INFO), ("/ready", 503, r#"{"detail":"canary"}"#)] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let count = stream.read(&mut request).unwrap();
            assert!(request[..count].starts_with(format!("GET {path} ").as_bytes()));
            let length = body.len();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all((head + body).as_bytes()).unwrap();
        }
    });
    let room = Room::new();
    let output = room.run(["server", "status", &url, "-o", "json"]);
    answering.join().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&status["ready"], &status["database"]), (&Value::from(false), &Value::from("other")));
}

#[test]
fn where_nobody_answers_the_address_is_named_without_what_it_holds() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let room = Room::new();
    let output = room.run(["server", "status", &format!("http://me:canary@{free}/?canary")]);
    assert_eq!(output.status.code(), Some(1));
    let shown = room.show(&output);
    assert!(shown.contains(&format!("error: no server answers at http://{free}/")), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}
