//! Signing in and out by the program itself: what ends a token.

use super::{ADMIN, Client, Server, runtime};
use crate::room::Room;
use reqwest::Method;
use serde_json::Value;
use strongroom_testkit::{DatabaseKind, TestDatabase};

/// The token that a sign-in left behind.
fn token(room: &Room, url: &str) -> String {
    let kept: Value = serde_json::from_slice(&std::fs::read(room.home().join("credentials.json")).unwrap()).unwrap();
    kept["servers"][format!("{url}/")]["token"]["secret"].as_str().unwrap().to_owned()
}

#[test]
fn logout_ends_the_token_at_the_server_and_forgets_it_when_there_is_none() {
    let database = TestDatabase::new(DatabaseKind::Sqlite).unwrap();
    let (there, room) = (Room::new(), Room::new());
    let mut server = Server::start(&there, &database.url());
    let url = server.url.clone();
    room.file("password", ADMIN.1);
    let login = || room.succeeds(["login", &url, "--username", ADMIN.0, "--password-file", "password"]);
    login();
    let client = Client { token: token(&room, &url), ..Client::nobody(&url) };
    let ask = || runtime().block_on(client.ask(Method::GET, "/current-user", None)).0;
    assert_eq!(ask(), 200);
    let signed_out = format!("Signed out of {url}/.\n");
    assert_eq!(room.cli(["logout"]), format!("exit: 0\n----- stderr -----\n{signed_out}"));
    assert_eq!(ask(), 401);

    // a token that was ended elsewhere is no trouble
    login();
    let client = Client { token: token(&room, &url), ..Client::nobody(&url) };
    runtime().block_on(client.done(Method::POST, "/logout", None));
    assert_eq!(room.cli(["logout"]), format!("exit: 0\n----- stderr -----\n{signed_out}"));

    login();
    server.kill();
    let shown = room.cli(["logout"]);
    let warning = "warning: the server did not end the token, and takes it until it expires: cannot reach the server";
    assert!(shown.starts_with(&format!("exit: 0\n----- stderr -----\n{warning}: ")), "{shown}");
    assert!(shown.ends_with(&signed_out), "{shown}");
    assert!(!std::fs::read_to_string(room.home().join("credentials.json")).unwrap().contains("secret"));
}
