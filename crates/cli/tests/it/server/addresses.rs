//! Addresses of databases that hold a password: typed, all users of the machine can read it.

use super::ADMIN;
use crate::room::Room;
use crate::zenml_db::database as zenml;
use std::io::{BufRead, BufReader, Read};
use strongroom_testkit::{DatabaseKind, TestDatabase};

const WARNING: &str = "warning: the password in --database shows up in process lists and shell history; `@FILE` in its place reads \
     the address from a file\n";

/// What a server says on stderr that is started with this option, and signed in to.
fn started_with(room: &Room, option: &str) -> String {
    let words = ["server", "start", "--listen", "127.0.0.1:0", "--admin-user", ADMIN.0, "--admin-password-file"];
    let mut child = room.command(words).args(["admin-password", "--database", option]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim_end().rsplit(' ').next().unwrap().to_owned();
    let login = room.run(["login", &url, "--username", ADMIN.0, "--password-file", "admin-password"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut said = String::new();
    child.stderr.unwrap().read_to_string(&mut said).unwrap();
    assert!(login.status.success(), "{}{said}", room.show(&login));
    said
}

#[test]
fn a_server_warns_of_a_password_in_its_arguments_and_takes_the_address_from_a_file() {
    let Some(database) = TestDatabase::new(DatabaseKind::Postgres) else { return };
    let room = Room::new();
    room.file("admin-password", ADMIN.1);
    room.file("address", format!("{}\n", database.url()));
    let said = started_with(&room, &database.url());
    assert!(said.starts_with(WARNING) && said.matches("warning").count() == 1, "{said}");
    assert!(!said.contains(&database.url()), "{said}");
    let said = started_with(&room, "@address");
    assert!(!said.contains("warning"), "{said}");
}

#[test]
fn other_commands_do_so_too() {
    let room = Room::new();
    let shown = room.cli(["key", "status", "--database", "postgres://me:canary@127.0.0.1:1/store"]);
    assert!(shown.contains(WARNING) && !shown.contains("canary"), "{shown}");
    let shown = room.cli(["import", "zenml-db", "mysql://me:canary@127.0.0.1:1/zenml"]);
    assert!(shown.contains("warning: the password in the address shows up") && !shown.contains("canary"), "{shown}");

    let url = zenml(&room, "0.98.0", "plain", "");
    room.file("address", format!("{url}\r\nmore"));
    let plan = room.json(["import", "zenml-db", &url]);
    assert_eq!(room.json(["import", "zenml-db", "@address"]), plan);
    let shown = room.cli(["import", "zenml-db", "@absent"]);
    assert!(shown.contains("cannot read `absent`, which `the address` names"), "{shown}");
}
