//! Settings: flag, environment, file, default.

use crate::room::{Room, same};
use snapbox::str;
use std::fs;

/// The columns of a table depend on how long the room's path is.
fn narrow(shown: &str) -> String {
    let lines = shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n");
    lines.collect()
}

fn room_with_file(text: &str) -> Room {
    let room = Room::new();
    fs::create_dir(room.home()).unwrap();
    fs::write(room.home().join("config.toml"), text).unwrap();
    room
}

#[test]
fn everything_is_shown_with_where_it_comes_from() {
    let room = Room::new()
        .with("AZURE_CLIENT_SECRET", "canary-1")
        .with("STRONGROOM_AZURE_TOKEN", "canary-2")
        .with("AZURE_TENANT_ID", "some-tenant")
        .with("HTTPS_PROXY", "http://user:canary-3@proxy:3128");
    let shown = room.cli(["config", "show"]);
    assert!(!shown.contains("canary"), "{shown}");
    same(
        narrow(&shown),
        str![[r#"
exit: 0
----- stdout -----
SETTING VALUE FROM
output table default
active_stack - default
hints false STRONGROOM_NO_HINTS
log - default
config_file [ROOM]/home/config.toml STRONGROOM_HOME
catalogue [ROOM]/home/catalogue.db STRONGROOM_HOME
local_stores [ROOM]/home/local_stores STRONGROOM_HOME
key_file [ROOM]/home/local.key STRONGROOM_HOME
keyvault [ROOM]/home/keyvault STRONGROOM_HOME
locks [ROOM]/home/locks STRONGROOM_HOME
AZURE_TENANT_ID some-tenant environment
AZURE_CLIENT_SECRET *** environment
STRONGROOM_AZURE_TOKEN *** environment
HTTPS_PROXY http://***@proxy:3128 environment

"#]],
    );
}

#[test]
fn the_file_counts_below_the_environment_and_the_flag() {
    let room = room_with_file("output = \"yaml\"\nactive_stack = \"default\"\nhints = false\nlog = \"info\"\n");
    same(
        narrow(&room.cli(["config", "show", "-o", "table", "--stack", "other"])),
        str![[r#"
exit: 0
----- stdout -----
SETTING VALUE FROM
output table --output
active_stack other --stack
hints false STRONGROOM_NO_HINTS
log info config.toml
config_file [ROOM]/home/config.toml STRONGROOM_HOME
catalogue [ROOM]/home/catalogue.db STRONGROOM_HOME
local_stores [ROOM]/home/local_stores STRONGROOM_HOME
key_file [ROOM]/home/local.key STRONGROOM_HOME
keyvault [ROOM]/home/keyvault STRONGROOM_HOME
locks [ROOM]/home/locks STRONGROOM_HOME

"#]],
    );
    let shown = room.succeeds(["config", "show"]);
    assert!(shown.contains("- name: output\n  value: yaml\n  origin: config.toml\n"), "{shown}");
    let room = room.with("STRONGROOM_OUTPUT", "json");
    assert!(room.succeeds(["config", "show"]).contains("\"origin\": \"STRONGROOM_OUTPUT\""));
}

#[test]
fn what_is_set_for_the_server_is_shown_and_no_secret() {
    let text = "[server]\nlisten = \"127.0.0.1:1\"\nkeep_revisions = 3\n[server.secrets_store]\ntype = \"azure\"\n\
         key_vault_name = \"of-file\"\ntimeout = 9\n";
    let room = room_with_file(text)
        .with("STRONGROOM_LISTEN", "127.0.0.1:2")
        .with("STRONGROOM_DATABASE", "postgres://me:canary-1@db/store")
        .with("ZENML_SECRETS_STORE_TYPE", "azure")
        .with("ZENML_SECRETS_STORE_KEY_VAULT_NAME", "of-zenml")
        .with("ZENML_SECRETS_STORE_AUTH_METHOD", "service-principal")
        .with(
            "ZENML_SECRETS_STORE_AUTH_CONFIG",
            r#"{"tenant_id": "a-tenant", "client_id": "a-client", "client_secret": "canary-2"}"#,
        );
    let shown = room.cli(["config", "show"]);
    assert!(!shown.contains("canary"), "{shown}");
    let of_server: String = narrow(&shown)
        .lines()
        .filter(|line| line.starts_with("server."))
        .fold(String::new(), |lines, line| lines + line + "\n");
    same(
        of_server,
        str![[r#"
server.listen 127.0.0.1:2 STRONGROOM_LISTEN
server.database postgres://***@db/store STRONGROOM_DATABASE
server.keep_revisions 3 config.toml
server.secrets_store.type azure ZENML_SECRETS_STORE_TYPE
server.secrets_store.auth environment ZENML_SECRETS_STORE_AUTH_METHOD
server.secrets_store.client_id a-client ZENML_SECRETS_STORE_AUTH_CONFIG
server.secrets_store.key_vault_name of-zenml ZENML_SECRETS_STORE_KEY_VAULT_NAME
server.secrets_store.tenant_id a-tenant ZENML_SECRETS_STORE_AUTH_CONFIG
server.secrets_store.timeout 9 config.toml
server.secrets_store: AZURE_CLIENT_SECRET *** ZENML_SECRETS_STORE_TYPE

"#]],
    );
    let room = room.with("ZENML_SECRETS_STORE_AUTH_CONFIG", r#"{"client_secret": "canary-3""#);
    let shown = room.cli(["config", "show"]);
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("ZENML_SECRETS_STORE_AUTH_CONFIG is not the JSON map it should be"), "{shown}");
}

#[test]
fn what_is_not_understood_is_refused_with_its_line() {
    let room = room_with_file("# mine\noutput = \"json\"\ncolour = true\n");
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 1
----- stderr -----
error: `[ROOM]/home/config.toml` line 3: unknown field `colour`, expected one of `output`, `active_stack`, `hints`, `log`, `server`

hint: keys: output, active_stack, hints, log, and the table [server]

"#]],
    );
    let room = room_with_file("output = \"toml\"\n");
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 1
----- stderr -----
error: `[ROOM]/home/config.toml` line 1: unknown variant `toml`, expected one of `table`, `json`, `yaml`

hint: keys: output, active_stack, hints, log, and the table [server]

"#]],
    );
    let room = room_with_file("output = \n");
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 1
----- stderr -----
error: `[ROOM]/home/config.toml` line 1: string values must be quoted, expected literal string

hint: keys: output, active_stack, hints, log, and the table [server]

"#]],
    );
    let room = Room::new().with("STRONGROOM_OUTPUT", "toml");
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 1
----- stderr -----
error: STRONGROOM_OUTPUT cannot be understood
  caused by: `toml` is not an output format

hint: formats: table, json, yaml

"#]],
    );
}

#[test]
fn another_stack_can_be_asked_for() {
    let room = Room::new();
    room.succeeds(["stack", "register", "other", "-a", "default", "-o", "default"]);
    same(
        room.cli(["stack", "get", "--stack", "other"]),
        str![[r#"
exit: 0
----- stdout -----
The active stack is: 'other' (--stack)

"#]],
    );
    let room = room.with("STRONGROOM_ACTIVE_STACK", "other");
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 0
----- stdout -----
The active stack is: 'other' (STRONGROOM_ACTIVE_STACK)

"#]],
    );
    same(
        room.cli(["stack", "set", "default"]),
        str![[r#"
exit: 0
----- stderr -----
warning: STRONGROOM_ACTIVE_STACK asks for another stack, and wins as long as it does
Active global stack set to: 'default'

"#]],
    );
    let room = room.with("STRONGROOM_ACTIVE_STACK", "absent");
    same(
        room.cli(["secrets-manager", "get"]),
        str![[r#"
exit: 1
----- stderr -----
error: no active stack: STRONGROOM_ACTIVE_STACK asks for one that cannot be used
  caused by: stack `absent` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
}
