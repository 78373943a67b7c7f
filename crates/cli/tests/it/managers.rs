//! Secrets managers as components: what their flavors and scopes take and refuse.

use crate::room::{Room, same};
use snapbox::str;

const AZURE: [&str; 5] =
    ["secrets-manager", "register", "azure_secrets", "--flavor=azure", "--key_vault_name=my-vault"];

fn with_azure() -> Room {
    let room = Room::new();
    room.succeeds(AZURE);
    room
}

#[test]
fn register_describe_get() {
    let room = Room::new();
    same(
        room.cli(["secrets-manager", "get"]),
        str![[r#"
exit: 0
----- stderr -----
No secrets manager set for active stack ('default').

"#]],
    );
    same(
        room.cli(AZURE),
        str![[r#"
exit: 0
----- stderr -----
Successfully registered secrets_manager `azure_secrets`.

"#]],
    );
    same(
        room.cli(["secrets-manager", "describe", "azure_s"]),
        str![[r#"
exit: 0
----- stdout -----
Secrets manager 'azure_secrets' of flavor 'azure' with id '[ID]'.

COMPONENT_PROPERTY  VALUE
key_vault_name      my-vault

No labels are set for this component.

"#]],
    );
    same(
        room.cli(["stack", "update", "-x", "azure_secrets"]),
        str![[r#"
exit: 0
----- stderr -----
Stack `default` successfully updated!

"#]],
    );
    same(
        room.cli(["secrets-manager", "get"]),
        str![[r#"
exit: 0
----- stdout -----
Active secrets manager: 'azure_secrets'

"#]],
    );
    same(
        room.cli(["secrets-manager", "describe"]),
        str![[r#"
exit: 0
----- stdout -----
Secrets manager 'azure_secrets' (ACTIVE) of flavor 'azure' with id '[ID]'.

COMPONENT_PROPERTY  VALUE
key_vault_name      my-vault

No labels are set for this component.

"#]],
    );
    same(
        room.cli(["secrets", "list"]),
        str![[r#"
exit: 0
----- stdout -----
ACTIVE  NAME           COMPONENT ID                          FLAVOR
*       azure_secrets  [ID]  azure
----- stderr -----
Page `(1/1)`, `1` items found for the applied filters.

"#]],
    );
    same(
        room.cli(["secrets_manager", "get", "-o", "json"]),
        str![[r#"
exit: 0
----- stdout -----
{
  "id": "[ID]",
  "name": "azure_secrets",
  "type": "secrets_manager",
  "flavor": "azure",
  "configuration": {
    "key_vault_name": "my-vault"
  },
  "labels": {},
  "created": "[TIME]",
  "updated": "[TIME]"
}

"#]],
    );
}

#[test]
fn programs_get_the_component() {
    let room = Room::new();
    assert!(room.json(["secrets-manager", "get"]).is_null());
    let made = room.json(AZURE);
    assert_eq!(made["name"], "azure_secrets");
    assert_eq!(made["configuration"], serde_json::json!({"key_vault_name": "my-vault"}));
    let list = room.json(["secrets-manager", "list"]);
    assert_eq!((&list[0]["id"], &list[0]["active"]), (&made["id"], &serde_json::json!(false)));
    assert_eq!(room.json(["secrets-manager", "describe", made["id"].as_str().unwrap()])["id"], made["id"]);
}

#[test]
fn attributes_stand_in_any_order_and_options_keep_their_meaning() {
    let room = Room::new();
    let words =
        ["secrets-manager", "register", "--key_vault_name=my-vault", "-l", "a=b", "x", "--scope=global", "-f", "azure"];
    room.succeeds(words);
    let made = room.json(["secrets-manager", "describe", "x"]);
    assert_eq!(made["configuration"], serde_json::json!({"key_vault_name": "my-vault", "scope": "global"}));
    assert_eq!(made["labels"], serde_json::json!({"a": "b"}));
    room.succeeds(["secrets-manager", "register", "y", "--flavor=local", "--", "secrets_file=/tmp/x.yaml"]);
}

#[test]
fn what_azure_refuses() {
    let room = Room::new();
    let register = |attributes: &[&str]| {
        room.cli([["secrets-manager", "register", "x", "--flavor=azure"].as_slice(), attributes].concat())
    };
    same(
        register(&[]),
        str![[r#"
exit: 1
----- stderr -----
error: flavor `azure` needs the attribute `key_vault_name`

hint: add `--key_vault_name=…`: the vault: 3 to 24 letters, digits and hyphens; gives https://NAME.vault.azure.net

"#]],
    );
    same(
        register(&["--key_vault_name=v"]),
        str![[r#"
exit: 1
----- stderr -----
error: `v` is not the name of a Key Vault

hint: 3 to 24 letters, digits and hyphens; not its URL

"#]],
    );
    same(
        register(&["--key_vault_name=my-vault", "--key_vault=x"]),
        str![[r#"
exit: 1
----- stderr -----
error: flavor `azure` has no attribute `key_vault`

hint: attributes of `azure`: `key_vault_name`, `scope`, `namespace`, `vault_url`, `ca_certificate`, `auth`, `tenant_id`, `client_id`, `verify_challenge_resource`, `api_version`, `timeout`, `on_soft_deleted`

"#]],
    );
    same(
        register(&["--key_vault_name=my-vault", "--scope=team"]),
        str![[r#"
exit: 1
----- stderr -----
error: `team` is not a scope

hint: permitted: `none`, `global`, `component`, `namespace`

"#]],
    );
    same(
        register(&["--key_vault_name=my-vault", "--scope=namespace"]),
        str![[r#"
exit: 1
----- stderr -----
error: a `namespace` value is required for a namespace scoped secrets manager

hint: add `--namespace=NAME`

"#]],
    );
    same(
        register(&["--key_vault_name=my-vault", "--scope=namespace", "--namespace=a_b"]),
        str![[r#"
exit: 1
----- stderr -----
error: invalid namespace `a_b`: '_' is not allowed

hint: it must contain only alphanumeric characters and the character -

"#]],
    );
    same(
        register(&["--key_vault_name={{vault.name}}"]),
        str![[r#"
exit: 1
----- stderr -----
error: using secret references to specify attributes on a secrets manager is not allowed

hint: specify the real value for the attribute `key_vault_name`

"#]],
    );
    same(
        register(&["--key-vault-name=my-vault"]),
        str![[r#"
exit: 2
----- stderr -----
error: `--key-vault-name` is no proper key

  tip: did you mean `--key_vault_name=…`? Keys have `_` where options have `-`

Usage: strongroom secrets-manager register <NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...

For more information, try '--help'.

"#]],
    );
    same(
        register(&["--key_vault_name", "my-vault"]),
        str![[r#"
exit: 2
----- stderr -----
error: there is no option `--key_vault_name`

  tip: a key is written with its value and no blank: `--key_vault_name=value`

Usage: strongroom secrets-manager register <NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...

For more information, try '--help'.

"#]],
    );
    same(
        register(&["key_vault_name=my-vault"]),
        str![[r#"
exit: 2
----- stderr -----
error: there is a word too many behind the name

  tip: write it as `--key=value`, without blanks around the `=`

Usage: strongroom secrets-manager register <NAME> --flavor <FLAVOR> [OPTIONS] [--ATTRIBUTE=VALUE]...

For more information, try '--help'.

"#]],
    );
    same(
        register(&["--key_vault_name=@absent.txt"]),
        str![[r#"
exit: 1
----- stderr -----
error: cannot read `absent.txt`, which `key_vault_name` names
  caused by: No such file or directory (os error 2)

hint: a value that begins with `@` is read from a file; write `@@` for an `@` that is part of it

"#]],
    );
    assert_eq!(room.json(["secrets-manager", "list"]), serde_json::json!([]), "nothing changed");
}

#[test]
fn what_every_flavor_refuses() {
    let room = Room::new();
    let register = |words: &[&str]| room.cli([["secrets-manager", "register"].as_slice(), words].concat());
    same(
        register(&["x", "--flavor=nope"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager flavor `nope` does not exist

hint: flavors: `local`, `azure`

"#]],
    );
    same(
        register(&["x", "--flavor=aws"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager flavor `aws` is not built in yet

hint: flavors: `local`, `azure`

"#]],
    );
    same(
        register(&["x", "--flavor=local", "--scope=global"]),
        str![[r#"
exit: 1
----- stderr -----
error: this secrets manager does not support scoping

hint: you can only use a `none` scope value

"#]],
    );
    same(
        register(&["", "--flavor=local"]),
        str![[r#"
exit: 1
----- stderr -----
error: a secrets manager needs a name

"#]],
    );
    same(
        register(&["{{a.b}}", "--flavor=local"]),
        str![[r#"
exit: 1
----- stderr -----
error: the name of a stack component cannot be a secret reference

"#]],
    );
    same(
        register(&["x", "--flavor=local", "-l", "no-label"]),
        str![[r#"
exit: 1
----- stderr -----
error: `no-label` is not a label

hint: labels are written `-l key=value`

"#]],
    );
    room.succeeds(["secrets-manager", "register", "x", "--flavor=local"]);
    same(
        register(&["x", "--flavor=local"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `x` already exists

"#]],
    );
}

#[test]
fn an_update_is_valid_as_a_whole_or_not_at_all() {
    let room = with_azure();
    same(
        room.cli(["secrets-manager", "update", "azure_secrets", "--scope=namespace"]),
        str![[r#"
exit: 1
----- stderr -----
error: a `namespace` value is required for a namespace scoped secrets manager

hint: add `--namespace=NAME`

"#]],
    );
    let update = ["secrets-manager", "update", "azure_secrets", "--scope=namespace", "--namespace=team-a", "-l", "a=b"];
    same(
        room.cli(update),
        str![[r#"
exit: 0
----- stderr -----
Successfully updated secrets manager `azure_secrets`.

"#]],
    );
    same(
        room.cli(["secrets-manager", "remove-attribute", "azure_secrets", "namespace"]),
        str![[r#"
exit: 1
----- stderr -----
error: a `namespace` value is required for a namespace scoped secrets manager

hint: add `--namespace=NAME`

"#]],
    );
    same(
        room.cli(["secrets-manager", "remove-attribute", "azure_secrets", "key_vault_name"]),
        str![[r#"
exit: 1
----- stderr -----
error: flavor `azure` needs the attribute `key_vault_name`

hint: add `--key_vault_name=…`: the vault: 3 to 24 letters, digits and hyphens; gives https://NAME.vault.azure.net

"#]],
    );
    let remove = ["secrets-manager", "remove-attribute", "azure_secrets", "scope", "namespace", "nonsense", "-l", "a"];
    same(
        room.cli(remove),
        str![[r#"
exit: 0
----- stderr -----
warning: there is no attribute `nonsense` to remove
Successfully updated secrets manager `azure_secrets`.

"#]],
    );
    same(
        room.cli(["secrets-manager", "remove-attribute", "azure_secrets"]),
        str![[r#"
exit: 2
----- stderr -----
error: the following required arguments were not provided:
  <ATTRIBUTE>...

Usage: strongroom secrets-manager remove-attribute <NAME> <ATTRIBUTE>...

For more information, try '--help'.

"#]],
    );
    same(
        room.cli(["secrets-manager", "update", "azure_sec", "--scope=global"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `azure_sec` does not exist

hint: `strongroom secrets-manager list` shows those there are

"#]],
    );
    same(
        room.cli(["secrets-manager", "update", "--scope=global"]),
        str![[r#"
exit: 1
----- stderr -----
error: no secrets manager on the active stack `default`, and none is named

hint: `strongroom secrets-manager list` shows those there are

"#]],
    );
    same(
        room.cli(["secrets-manager", "describe", "azure_secrets"]),
        str![[r#"
exit: 0
----- stdout -----
Secrets manager 'azure_secrets' of flavor 'azure' with id '[ID]'.

COMPONENT_PROPERTY  VALUE
key_vault_name      my-vault

No labels are set for this component.

"#]],
    );
}

#[test]
fn the_unscoped_form_is_warned_about() {
    let room = with_azure();
    same(
        room.cli(["secrets-manager", "update", "azure_secrets", "--scope=none"]),
        str![[r#"
exit: 0
----- stderr -----
warning: scope `none` is the oldest of ZenML's forms and deprecated: each key is an entry of its own, and writes are not whole; `--scope=global` shares secrets in the same way
Successfully updated secrets manager `azure_secrets`.

"#]],
    );
}

#[test]
fn a_copy_has_a_scope_of_its_own() {
    let room = with_azure();
    same(
        room.cli(["secrets-manager", "copy", "azure_s", "second"]),
        str![[r#"
exit: 0
----- stderr -----
note: `second` does not see the secrets of `azure_secrets`: their scope is the component
Successfully copied secrets manager `azure_secrets` to `second`.

"#]],
    );
    room.succeeds(["secrets-manager", "update", "second", "--scope=global"]);
    same(
        room.cli(["secrets-manager", "copy", "second", "third"]),
        str![[r#"
exit: 0
----- stderr -----
Successfully copied secrets manager `second` to `third`.

"#]],
    );
    same(
        room.cli(["secrets-manager", "copy", "second", "third"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `third` already exists

"#]],
    );
    same(
        room.cli(["secrets-manager", "copy", "absent", "fourth"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `absent` does not exist

hint: `strongroom secrets-manager list` shows those there are

"#]],
    );
}

#[test]
fn flavors_describe_themselves() {
    let room = Room::new();
    same(
        room.cli(["secrets-manager", "flavor", "list"]),
        str![[r#"
exit: 0
----- stdout -----
FLAVOR  INTEGRATION  SUPPORT
local   built-in     built in
azure   azure        built in

"#]],
    );
    let azure = room.json(["secrets-manager", "flavor", "describe", "azure"]);
    let names: Vec<_> =
        azure["attributes"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    for name in
        ["key_vault_name", "scope", "namespace", "vault_url", "ca_certificate", "auth", "tenant_id", "client_id"]
    {
        assert!(names.contains(&name), "{name}");
    }
    same(
        room.cli(["secrets-manager", "flavor", "describe", "gcp"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager flavor `gcp` is not built in yet

hint: flavors: `local`, `azure`

"#]],
    );
    same(
        room.cli(["secrets-manager", "flavor", "describe", "nope", "-o", "json"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"secrets manager flavor `nope` does not exist","hint":"flavors: `local`, `azure`","causes":[]}}

"#]],
    );
}

#[test]
fn an_attribute_may_come_from_a_file() {
    let room = Room::new();
    room.file("vault.txt", "file-vault");
    room.succeeds(["secrets-manager", "register", "x", "--flavor=azure", "--key_vault_name=@vault.txt"]);
    assert_eq!(room.json(["secrets-manager", "describe", "x"])["configuration"]["key_vault_name"], "file-vault");
}
