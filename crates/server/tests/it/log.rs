//! The server's log: a line for each request, and nothing in it that is somebody's.

use crate::room::{PASSWORD, Room};
use serde_json::json;
use std::io::Write;
use std::sync::{Mutex, OnceLock};
use strongroom_core::central::Role;

/// All that was logged in this process.
static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Logs everything of ours from now on.
pub(crate) fn start() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        let filter = "strongroom_server=trace,strongroom_engine=trace,strongroom_api=trace,strongroom_core=trace,info";
        let filter = tracing_subscriber::EnvFilter::new(filter);
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Log).init();
    });
}

/// What was logged so far.
pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&LOGGED.lock().unwrap()).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_has_a_line_with_its_id_and_its_route() {
    start();
    let room = Room::open().await;
    let ann = room.person("ann", Role::Editor).await;
    let bearer = format!("Bearer {ann}");
    let secret = room.secret(&ann, "logged", false).await;
    let send = async |id: &str, method: &str, path: &str, body: String| {
        room.send(method, path, &[("authorization", &bearer), ("x-request-id", id)], body).await.status
    };
    let values = json!({"values": {"k": "value-in-no-log"}}).to_string();
    for (id, method, path, body, status, route) in [
        (
            "log-1",
            "GET",
            format!("secrets/{secret}?hydrate=query-in-no-log"),
            String::new(),
            422,
            "/api/v1/secrets/{secret}",
        ),
        ("log-2", "PUT", format!("secrets/{secret}"), values, 200, "/api/v1/secrets/{secret}"),
        ("log-3", "GET", "users/name-in-no-log".to_owned(), String::new(), 404, "/api/v1/users/{user}"),
        ("log-4", "GET", "path-in-no-log".to_owned(), String::new(), 404, "-"),
        ("log-5", "BREW-IN-NO-LOG", "info".to_owned(), String::new(), 405, "/api/v1/info"),
        ("log-6", "POST", "login".to_owned(), format!("username=in-no-log&password={PASSWORD}"), 401, "/api/v1/login"),
    ] {
        assert_eq!(send(id, method, &path, body).await, status, "{id}");
        let logged = logged();
        let line = logged.lines().find(|line| line.contains(&format!("id={id}"))).unwrap_or_else(|| panic!("{logged}"));
        assert!(line.contains(&format!("status={status}")) && line.contains("millis="), "{line}");
        assert!(line.contains(&format!("route=\"{route}\"")) || line.contains(&format!("route={route}")), "{line}");
    }
    let logged = logged().to_lowercase();
    for nothing in ["in-no-log", &ann, PASSWORD, &secret] {
        assert!(!logged.contains(&nothing.to_lowercase()), "`{nothing}` was logged");
    }
}
