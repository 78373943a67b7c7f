//! `strongroom stack …`

use crate::room::{Room, same};
use snapbox::str;

fn room() -> Room {
    let room = Room::new();
    room.succeeds(["secrets-manager", "register", "safe", "--flavor=local"]);
    room.succeeds(["alerter", "register", "bell", "-f", "slack"]);
    room
}

#[test]
fn register_set_get_describe_list() {
    let room = room();
    same(
        room.cli(["stack", "get"]),
        str![[r#"
exit: 0
----- stdout -----
The global active stack is: 'default'

"#]],
    );
    same(
        room.cli(["stack", "register", "one", "-a", "default", "-o", "default", "-x", "safe"]),
        str![[r#"
exit: 0
----- stderr -----
Stack 'one' successfully registered!

"#]],
    );
    same(
        room.cli(["stack", "register", "two", "-a", "default", "-o", "default", "-al", "bell", "--set"]),
        str![[r#"
exit: 0
----- stderr -----
Stack 'two' successfully registered!
Active global stack set to: 'two'

"#]],
    );
    same(
        room.cli(["stack", "list"]),
        str![[r#"
exit: 0
----- stdout -----
ACTIVE  STACK NAME  STACK ID                              ALERTER  ARTIFACT_STORE  ORCHESTRATOR  SECRETS_MANAGER
        default     [ID]           default         default
        one         [ID]           default         default       safe
*       two         [ID]  bell     default         default
----- stderr -----
Page `(1/1)`, `3` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["stack", "describe", "on"]),
        str![[r#"
exit: 0
----- stdout -----
Stack 'one' with id '[ID]'.

COMPONENT_TYPE   COMPONENT_NAME  FLAVOR
ARTIFACT_STORE   default         local
ORCHESTRATOR     default         local
SECRETS_MANAGER  safe            local

"#]],
    );
    same(
        room.cli(["stack", "set", "o"]),
        str![[r#"
exit: 0
----- stderr -----
Active global stack set to: 'one'

"#]],
    );
    same(
        room.cli(["stack", "get", "-o", "yaml"]),
        str![[r#"
exit: 0
----- stdout -----
id: [ID]
name: one
active: true
components:
  artifact_store:
    id: [ID]
    name: default
    flavor: local
  orchestrator:
    id: [ID]
    name: default
    flavor: local
  secrets_manager:
    id: [ID]
    name: safe
    flavor: local
created: "[TIME]"
updated: "[TIME]"

"#]],
    );
    same(
        room.cli(["stack", "list", "--name", "absent"]),
        str![[r#"
exit: 0
----- stderr -----
No stacks found for the given filters.

"#]],
    );
}

#[test]
fn options_of_zenml_in_both_spellings() {
    let room = room();
    room.succeeds(["container-registry", "register", "reg", "-f", "default", "--uri=localhost:5000"]);
    room.succeeds(["data-validator", "register", "dv", "-f", "evidently"]);
    room.succeeds(["annotator", "register", "an", "-f", "label_studio"]);
    for option in ["-c", "--container_registry", "--container-registry"] {
        room.succeeds(["stack", "update", option, "reg"]);
    }
    room.succeeds(["stack", "update", "-dv", "dv", "-an=an", "--secrets_manager=safe"]);
    let stack = room.json(["stack", "describe"]);
    let parts: Vec<_> = stack["components"].as_object().unwrap().keys().cloned().collect();
    let expected =
        ["annotator", "artifact_store", "container_registry", "data_validator", "orchestrator", "secrets_manager"];
    assert_eq!(parts, expected);
    room.succeeds(["stack", "remove-component", "default", "-dv", "-an", "--secrets_manager", "-c"]);
    same(
        room.cli(["stack", "describe", "default"]),
        str![[r#"
exit: 0
----- stdout -----
Stack 'default' (ACTIVE) with id '[ID]'.

COMPONENT_TYPE  COMPONENT_NAME  FLAVOR
ARTIFACT_STORE  default         local
ORCHESTRATOR    default         local

"#]],
    );
}

#[test]
fn o_is_the_orchestrator_where_zenml_has_it() {
    let room = room();
    let made = room.succeeds(["stack", "register", "s", "-a", "default", "-o", "default", "--output=json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&made).unwrap()["name"], "s");
    same(
        room.cli(["stack", "update", "s", "-o", "json"]),
        str![[r#"
exit: 1
----- stderr -----
error: orchestrator `json` does not exist

hint: `strongroom orchestrator list` shows those there are, `strongroom orchestrator register` adds one

"#]],
    );
    same(
        room.cli(["-o", "json", "stack", "update", "s", "-o", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"orchestrator `absent` does not exist","hint":"`strongroom orchestrator list` shows those there are, `strongroom orchestrator register` adds one","causes":[]}}

"#]],
    );
}

#[test]
fn what_register_refuses() {
    let room = room();
    same(
        room.cli(["stack", "register", "x", "-a", "default"]),
        str![[r#"
exit: 2
----- stderr -----
error: the following required arguments were not provided:
  --orchestrator <NAME>

Usage: strongroom stack register --artifact-store <NAME> --orchestrator <NAME> <NAME>

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["stack", "register", "x", "-a", "default", "-o", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
error: orchestrator `absent` does not exist

hint: `strongroom orchestrator list` shows those there are, `strongroom orchestrator register` adds one

"#]],
    );
    same(
        room.cli(["stack", "register", "x", "-a", "default", "-o", "default", "-x", "absent", "--output=json"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"secrets manager `absent` does not exist","hint":"`strongroom secrets-manager list` shows those there are, `strongroom secrets-manager register` adds one","causes":[]}}

"#]],
    );
    same(
        room.cli(["stack", "register", "", "-a", "default", "-o", "default"]),
        str![[r#"
exit: 1
----- stderr -----
error: a stack needs a name

"#]],
    );
    same(
        room.cli(["stack", "register", "default", "-a", "default", "-o", "default"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `default` already exists

"#]],
    );
    assert_eq!(room.json(["stack", "list"]).as_array().unwrap().len(), 1, "nothing changed");
}

#[test]
fn update_replaces_and_remove_takes_off() {
    let room = room();
    room.succeeds(["stack", "register", "one", "-a", "default", "-o", "default"]);
    same(
        room.cli(["stack", "update", "one", "-x", "safe"]),
        str![[r#"
exit: 0
----- stderr -----
Stack `one` successfully updated!

"#]],
    );
    same(
        room.cli(["stack", "update", "one", "-x", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `absent` does not exist

hint: `strongroom secrets-manager list` shows those there are, `strongroom secrets-manager register` adds one

"#]],
    );
    same(
        room.cli(["stack", "update", "on", "-x", "safe"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `on` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
    same(
        room.cli(["stack", "remove-component", "one", "-x"]),
        str![[r#"
exit: 0
----- stderr -----
Stack `one` successfully updated!

"#]],
    );
    same(
        room.cli(["stack", "remove-component", "one", "-x"]),
        str![[r#"
exit: 0
----- stderr -----
Stack `one` successfully updated!

"#]],
    );
    same(
        room.cli(["stack", "remove-component", "one", "-a"]),
        str![[r#"
exit: 2
----- stderr -----
error: unexpected argument '-a' found

  tip: to pass '-a' as a value, use '-- -a'

Usage: strongroom stack remove-component [OPTIONS] [STACK_NAME]

For more information, try '--help'.

"#]],
    );
}

#[test]
fn rename_and_copy() {
    let room = room();
    room.succeeds(["stack", "register", "one", "-a", "default", "-o", "default", "-x", "safe"]);
    same(
        room.cli(["stack", "copy", "one", "two"]),
        str![[r#"
exit: 0
----- stderr -----
Stack `one` successfully copied to `two`!

"#]],
    );
    same(
        room.cli(["stack", "copy", "one", "two"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `two` already exists

"#]],
    );
    same(
        room.cli(["stack", "rename", "one", "two"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `two` already exists

"#]],
    );
    same(
        room.cli(["stack", "rename", "one", "one"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `one` already exists

"#]],
    );
    same(
        room.cli(["stack", "rename", "one", "uno"]),
        str![[r#"
exit: 0
----- stderr -----
Stack `one` successfully renamed to `uno`!

"#]],
    );
    same(
        room.cli(["stack", "rename", "default", "other"]),
        str![[r#"
exit: 1
----- stderr -----
error: the default stack cannot be renamed

"#]],
    );
    same(
        room.cli(["stack", "rename", "absent", "other"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `absent` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
}

#[test]
fn deleting_asks_first() {
    let room = room();
    room.succeeds(["stack", "register", "one", "-a", "default", "-o", "default", "-x", "safe", "-al", "bell"]);
    room.succeeds(["stack", "register", "two", "-a", "default", "-o", "default", "-x", "safe"]);
    same(
        room.cli(["stack", "delete", "one"]),
        str![[r#"
exit: 1
----- stderr -----
error: this needs a confirmation, and there is no terminal to ask at

hint: say `--yes` (-y) to go on without being asked

"#]],
    );
    same(
        room.cli(["stack", "delete", "one", "-r", "-o", "json"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"invalid","message":"this needs a confirmation, and there is no terminal to ask at","hint":"say `--yes` (-y) to go on without being asked","causes":[]}}

"#]],
    );
    same(
        room.cli(["stack", "delete", "one", "-r", "-y"]),
        str![[r#"
exit: 0
----- stderr -----
Deleted stack 'one'.
Deleted alerter: bell

"#]],
    );
    assert_eq!(room.json(["alerter", "list"]), serde_json::json!([]), "no other stack had it");
    assert_eq!(room.json(["secrets-manager", "list"])[0]["name"], "safe", "another stack has it");
    room.succeeds(["stack", "set", "two"]);
    same(
        room.cli(["stack", "delete", "two", "-y"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `two` is active and cannot be deleted

hint: activate another stack first

"#]],
    );
    same(
        room.cli(["stack", "delete", "default", "-y"]),
        str![[r#"
exit: 1
----- stderr -----
error: the default stack cannot be deleted

"#]],
    );
    same(
        room.cli(["stack", "delete", "absent", "-y"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `absent` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
}

#[test]
fn what_zenml_has_and_one_user_does_not_need() {
    let room = room();
    same(
        room.cli(["stack", "share"]),
        str![[r#"
exit: 0
----- stderr -----
The catalogue has one user: there is nobody to share with.

"#]],
    );
    same(
        room.cli(["stack", "up"]),
        str![[r#"
exit: 0
----- stderr -----
There is nothing to provision.

"#]],
    );
    same(
        room.cli(["stack", "down", "-f"]),
        str![[r#"
exit: 0
----- stderr -----
There is nothing to suspend.

"#]],
    );
}
