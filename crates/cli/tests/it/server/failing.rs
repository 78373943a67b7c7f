//! A server that cannot do what it is asked: whose fault it is said to be, and where its operator finds out why.

use super::{ADMIN, Client, Server, path, runtime};
use crate::room::Room;
use serde_json::{Value, json};
use std::fs::File;
use strongroom_testkit::{DatabaseKind, TestDatabase, Toxic, Toxiproxy};

/// What a command of a program fails with.
fn failure(room: &Room, words: &[&str]) -> (Option<i32>, Value) {
    let output = room.run(["-o", "json"].iter().chain(words));
    let line: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", room.show(&output)));
    (output.status.code(), line["error"].clone())
}

fn who_fails_too_often_waits_and_a_database_that_is_gone_is_said_to_be(kind: DatabaseKind) {
    let (Some(toxiproxy), Some(database)) = (Toxiproxy::from_environment(), TestDatabase::new(kind)) else { return };
    let link = toxiproxy.link(database.port().unwrap());
    let (there, room) = (Room::new(), Room::new());
    let server = Server::start(&there, &database.url_through(link.port()).unwrap());
    runtime().block_on(async {
        let nobody = Client::nobody(&server.url);
        for _ in 0..10 {
            assert_eq!(nobody.log_in("eve", "wrong").await.0, 401);
        }
        let (status, answer) = nobody.log_in("eve", "wrong").await;
        assert_eq!((status, &answer["detail"]), (429, &json!(["RateLimitError", "too many failed sign-ins"])));
        link.meet(Toxic::Down);
        let (status, answer) = nobody.log_in(ADMIN.0, ADMIN.1).await;
        assert_eq!((status, &answer["detail"]), (503, &json!(["RuntimeError", "the database does not answer"])));
    });
    // those who failed too often are told so, whatever else is wrong
    room.file("password", ADMIN.1);
    let login = |name| ["login", &*server.url, "--username", name, "--password-file", "password"];
    let (code, error) = failure(&room, &login("eve"));
    assert_eq!((code, &error["kind"]), (Some(1), &json!("unavailable")));
    assert_eq!(error["message"], "the server was asked too often (429 RateLimitError)");
    assert_eq!(error["hint"], "try again in 60 seconds");
    link.heal();
    room.succeeds(login(ADMIN.0));
}

#[test]
fn on_postgres_who_fails_too_often_waits_and_a_database_that_is_gone_is_said_to_be() {
    who_fails_too_often_waits_and_a_database_that_is_gone_is_said_to_be(DatabaseKind::Postgres);
}

#[test]
fn on_mariadb_who_fails_too_often_waits_and_a_database_that_is_gone_is_said_to_be() {
    who_fails_too_often_waits_and_a_database_that_is_gone_is_said_to_be(DatabaseKind::MariaDb);
}

#[test]
fn a_failure_of_the_server_names_the_line_in_its_log() {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres) else { return };
    let (there, room) = (Room::new().with("STRONGROOM_LOG", "info"), Room::new());
    let log = there.path("server.log");
    let server = Server::start_with_log(&there, &database.url(), File::create(&log).unwrap());
    let id = runtime().block_on(async { path(&server.admin().await.create("db", json!({ "k": "v" })).await) });
    database.sql("UPDATE revision SET receipt = ''");
    room.file("password", ADMIN.1);
    room.succeeds(["login", &server.url, "--username", ADMIN.0, "--password-file", "password"]);
    let (code, error) = failure(&room, &["secret", "get", "db"]);
    assert_eq!((code, &error["kind"]), (Some(1), &json!("failed")));
    assert_eq!(error["hint"], "the log of the server says why, in the line of that request");
    let message = error["message"].as_str().unwrap();
    let request =
        message.strip_prefix("the server failed (500 RuntimeError, request ").unwrap().strip_suffix(')').unwrap();
    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(request)).collect();
    assert!(lines.iter().any(|line| line.contains("ERROR")), "{message}: {log}");
    assert!(!log.contains(&id), "{log}");
}
