//! Where values are, as the server is told: by option, variable or file; and a store whose values are elsewhere.

use super::house::{new, values};
use super::server::Server;
use crate::room::{Room, same};
use crate::vault::Faulty;
use snapbox::str;
use std::fs;
use strongroom_core::Kind;
use strongroom_core::central::Secrets;
use strongroom_testkit::{Fault, Operation};

/// A server that does not start: all that is shown.
fn refused(room: &Room, options: &[&str]) -> String {
    room.cli(["server", "start"].iter().chain(options))
}

#[test]
fn the_file_and_the_command_line_lead_to_the_same_store() {
    let vault = Faulty::start();
    let room = vault.vault().environment().iter().fold(Room::new(), |room, (name, value)| room.with(name, value));
    let mut file = String::from("[server]\nlisten = \"127.0.0.1:0\"\n[server.secrets_store]\ntype = \"azure\"\n");
    for (name, value) in vault.vault().attributes() {
        file += &format!("{name} = \"{value}\"\n");
    }
    fs::create_dir(room.home()).unwrap();
    fs::write(room.home().join("config.toml"), &file).unwrap();
    let (server, key) = vault.runtime.block_on(Server::found(&room));
    let made = vault.runtime.block_on(server.client(&key).create(new("a", &[("k", "1")]))).unwrap();
    assert_eq!(vault.faults().count(Operation::Set), 1);
    server.kill();
    // without a server, the command line of the same home has the same store
    assert_eq!(room.json(["secret", "get", "a"])["values"]["k"], "1");
    room.succeeds(["secret", "update", "a", "--k=2"]);
    assert_eq!(vault.faults().count(Operation::Set), 2);
    let elsewhere = room.with("STRONGROOM_SECRETS_STORE", "sql");
    same(
        refused(&elsewhere, &[]),
        str![[r#"
exit: 1
----- stderr -----
error: the values of this store are kept in `azure` (`strongroom`), not in `sql`

hint: --secrets-store azure with `strongroom`, in an option or the configuration

"#]],
    );
    let off = elsewhere.with("STRONGROOM_SECRETS_STORE", "none");
    let server = Server::start(&off, &[]);
    let error = vault.runtime.block_on(server.client(&key).get(made.id, None)).unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
}

#[test]
fn a_server_starts_without_its_vault_and_settles_when_that_is_back() {
    let vault = Faulty::start();
    let room = vault.server_room().with("STRONGROOM_SECRETS_STORE_TIMEOUT", "1");
    let (server, key) = vault.runtime.block_on(Server::found(&room));
    let client = server.client(&key);
    let made = vault.runtime.block_on(client.create(new("a", &[("k", "1")]))).unwrap();
    server.kill();
    vault.faults().add_any(0, 1000, Fault::Status(503, None));
    let server = Server::start(&room, &[]);
    let client = server.client(&key);
    let error = vault.runtime.block_on(client.create(new("b", &[("k", "1")]))).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error}");
    server.kill();
    let server = Server::start(&room, &[]);
    let client = server.client(&key);
    assert_eq!(vault.runtime.block_on(client.history(made.id)).unwrap().len(), 1);
    vault.faults().clear();
    assert_eq!(vault.runtime.block_on(client.get(made.id, None)).unwrap().values, Some(values(&[("k", "1")])));
    vault.runtime.block_on(client.create(new("b", &[("k", "2")]))).unwrap();
}

#[test]
fn what_is_wrong_with_the_place_is_named_with_its_source() {
    let room = Room::new().with("ZENML_SECRETS_STORE_TYPE", "azure");
    same(
        refused(&room, &[]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets store `azure` (ZENML_SECRETS_STORE_TYPE) cannot be opened
  caused by: flavor `azure` needs the attribute `key_vault_name`

hint: `--secrets-store-option NAME=VALUE`, or a key of `[server.secrets_store]` in config.toml, sets an attribute

"#]],
    );
    let room = room.with("ZENML_SECRETS_STORE_TYPE", "aws");
    same(
        refused(&room, &[]),
        str![[r#"
exit: 1
----- stderr -----
error: ZENML_SECRETS_STORE_TYPE cannot be used
  caused by: secrets store `aws` is not built in yet

hint: secrets stores: sql, azure, none

"#]],
    );
    let room = Room::new();
    same(
        refused(
            &room,
            &["--secrets-store", "azure", "--secrets-store-option", "key-vault-name=kv1"]
                .iter()
                .chain(&["--secrets-store-option", "colour=red"])
                .copied()
                .collect::<Vec<_>>(),
        ),
        str![[r#"
exit: 1
----- stderr -----
error: secrets store `azure` (--secrets-store) cannot be opened
  caused by: flavor `azure` has no attribute `colour`

hint: `--secrets-store-option NAME=VALUE`, or a key of `[server.secrets_store]` in config.toml, sets an attribute

"#]],
    );
}
