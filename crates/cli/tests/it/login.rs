//! Signing in to a server: what is asked, what is kept, and what is shown.

use crate::room::{Room, same};
use snapbox::str;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::thread::{self, JoinHandle};

const ACCOUNT: &str = r#"{"id":"00000000-0000-4000-8000-000000000001","name":"robot","body":{"created":"2026-01-02T03:04:05",
    "updated":"2026-01-02T03:04:05","is_service_account":true,"is_admin":false,"role":"reader"},"metadata":{},"resources":{}}"#;
const TOKEN: &str = r#"{"access_token":"token-canary","token_type":"bearer"}"#;

/// A server that gives these answers, one for each request, and tells what it was asked.
fn server(answers: Vec<(u16, &'static str)>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answering = move || {
        let answer = |(status, body): (u16, &str)| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = String::new();
            loop {
                let mut chunk = [0; 4096];
                let count = stream.read(&mut chunk).unwrap();
                request.push_str(std::str::from_utf8(&chunk[..count]).unwrap());
                let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                    break;
                }
            }
            let length = body.len();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all((head + body).as_bytes()).unwrap();
            request
        };
        answers.into_iter().map(answer).collect()
    };
    (url, thread::spawn(answering))
}

#[test]
fn a_key_is_kept_for_this_user_only_and_forgotten_on_logout() {
    let answers = vec![(200, TOKEN), (200, ACCOUNT), (200, TOKEN), (200, ACCOUNT)];
    let (url, server) = server(answers);
    let room = Room::new();
    room.file("robot.key", "key-canary\n");
    let shown = room.cli(["login", &url, "--api-key-file", "robot.key"]);
    assert_eq!(shown, format!("exit: 0\n----- stderr -----\nSigned in to {url}/ as 'robot' (reader).\n"));
    let file = room.home().join("credentials.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(room.json(["status"])["account"]["name"], "robot");
    let asked = server.join().unwrap();
    assert!(
        asked[0].starts_with("POST /api/v1/login ")
            && asked[0].ends_with("grant_type=zenml-api-key&password=key-canary")
    );
    assert!(asked[1].starts_with("GET /api/v1/current-user?hydrate=True ") && asked[1].contains("Bearer token-canary"));
    room.succeeds(["logout"]);
    assert!(!fs::read_to_string(&file).unwrap().contains("canary"));
}

#[test]
fn of_a_password_only_the_token_is_kept() {
    let (url, server) = server(vec![(200, TOKEN), (200, ACCOUNT)]);
    let room = Room::new();
    room.file("password", "password-canary");
    room.succeeds(["login", &url, "--username", "me", "--password-file", "password"]);
    assert!(server.join().unwrap()[0].ends_with("grant_type=password&username=me&password=password-canary"));
    let kept = fs::read_to_string(room.home().join("credentials.json")).unwrap();
    assert!(kept.contains("token-canary") && !kept.contains("password-canary"), "{kept}");
}

#[test]
fn a_refused_sign_in_keeps_nothing_and_shows_nothing() {
    let (url, server) = server(vec![(401, r#"{"detail":["CredentialsNotValid","key-canary"]}"#)]);
    let room = Room::new().with("STRONGROOM_API_KEY", "key-canary");
    same(
        room.cli(["login", &url]),
        str![[r#"
exit: 1
----- stderr -----
error: the server refused the credentials

"#]],
    );
    assert_eq!(server.join().unwrap().len(), 1);
    assert!(!room.home().join("credentials.json").exists());
}

#[test]
fn the_variables_of_a_stock_client_lead_to_its_server() {
    let page = r#"{"index":1,"max_size":20,"total_pages":1,"total":0,"items":[]}"#;
    let (url, server) = server(vec![(200, TOKEN), (200, page)]);
    let room = Room::new().with("ZENML_STORE_URL", &url).with("ZENML_STORE_API_KEY", "key-canary");
    assert_eq!(room.json(["secret", "list"]), serde_json::json!([]));
    assert!(server.join().unwrap()[1].starts_with("GET /api/v1/secrets?"));
    assert!(!room.home().join("store.db").exists());
}
