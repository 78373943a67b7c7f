//! `strongroom stack export` and `import`.

use crate::room::{Room, same};
use snapbox::str;
use std::fs;

fn room() -> Room {
    let room = Room::new();
    room.succeeds(["secrets-manager", "register", "safe", "--flavor=azure", "--key_vault_name=my-vault"]);
    room.succeeds(["stack", "register", "one", "-a", "default", "-o", "default", "-x", "safe", "--set"]);
    room
}

#[test]
fn a_stack_goes_out_as_zenml_writes_it_and_comes_in_again() {
    let room = room();
    same(
        room.cli(["stack", "export"]),
        str![[r#"
exit: 0
----- stderr -----
Exported stack 'one' to file 'one.yaml'.

"#]],
    );
    same(
        fs::read_to_string(room.path("one.yaml")).unwrap(),
        str![[r#"
components:
  artifact_store:
    configuration: {}
    flavor: local
    name: default
    type: artifact_store
  orchestrator:
    configuration: {}
    flavor: local
    name: default
    type: orchestrator
  secrets_manager:
    configuration:
      key_vault_name: my-vault
    flavor: azure
    name: safe
    type: secrets_manager
stack_name: one
zenml_version: 0.44.1

"#]],
    );
    assert_eq!(room.succeeds(["stack", "export", "one", "-"]), fs::read_to_string(room.path("one.yaml")).unwrap());
    same(
        room.cli(["stack", "import", "again", "-f", "one.yaml"]),
        str![[r#"
exit: 0
----- stderr -----
Imported stack 'again' from file 'one.yaml'.
  artifact store: default (there already)
  orchestrator: default (there already)
  secrets manager: safe (there already)

"#]],
    );
    same(
        room.cli(["stack", "import", "one.yaml"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `one` already exists

hint: choose another name: `strongroom stack import NAME -f one.yaml`

"#]],
    );
    let other = Room::new();
    let yaml = fs::read_to_string(room.path("one.yaml")).unwrap();
    same(
        other.show(&other.run_with_stdin(["stack", "import", "one", "--filename", "-"], &yaml)),
        str![[r#"
exit: 0
----- stderr -----
Imported stack 'one' from file '-'.
  secrets manager: safe (new)
  artifact store: default (there already)
  orchestrator: default (there already)

"#]],
    );
    assert_eq!(other.succeeds(["stack", "export", "one", "-"]), room.succeeds(["stack", "export", "one", "-"]));
}

#[test]
fn a_component_that_differs_gets_another_name() {
    let room = room();
    room.succeeds(["stack", "export"]);
    room.succeeds(["secrets-manager", "update", "safe", "--timeout=60"]);
    same(
        room.cli(["stack", "import", "two", "-f", "one.yaml"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `safe` already exists and is configured differently

hint: give it another name here: `--rename TYPE:NAME=NEW`

"#]],
    );
    same(
        room.cli(["stack", "import", "two", "-f", "one.yaml", "--rename=nonsense"]),
        str![[r#"
exit: 1
----- stderr -----
error: `nonsense` does not rename a component

hint: write TYPE:NAME=NEW

"#]],
    );
    same(
        room.cli(["stack", "import", "two", "-f", "one.yaml", "--rename", "secrets_manager:safe=safe_2"]),
        str![[r#"
exit: 0
----- stderr -----
Imported stack 'two' from file 'one.yaml'.
  secrets manager: safe_2 (new)
  artifact store: default (there already)
  orchestrator: default (there already)

"#]],
    );
}

#[test]
fn what_import_refuses() {
    let room = room();
    room.succeeds(["stack", "export"]);
    let good = fs::read_to_string(room.path("one.yaml")).unwrap();
    same(
        room.cli(["stack", "import", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
error: cannot read `absent.yaml`
  caused by: No such file or directory (os error 2)

"#]],
    );
    room.file("newer.yaml", good.replace("0.44.1", "0.45.0"));
    same(
        room.cli(["stack", "import", "newer"]),
        str![[r#"
exit: 1
----- stderr -----
error: the file was written by ZenML 0.45.0, and this reads files of 0.44.1

hint: `--ignore-version-mismatch` reads it nevertheless

"#]],
    );
    room.succeeds(["stack", "import", "newer", "--ignore-version-mismatch"]);
    room.file("list.yaml", "- a\n- b\n");
    same(
        room.cli(["stack", "import", "list"]),
        str![[r#"
exit: 1
----- stderr -----
error: cannot import `list.yaml`
  caused by: the file does not describe a stack (line 1, column 1)
  caused by: expected mapping start at line 1, column 1

hint: `strongroom stack export` and `zenml stack export` write such files

"#]],
    );
    room.file("flavor.yaml", good.replace("flavor: azure", "flavor: nope"));
    same(
        room.cli(["stack", "import", "flavor", "-o", "json"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"secrets manager `safe` cannot be imported","hint":"flavors: `local`, `azure`","causes":["secrets manager flavor `nope` does not exist"]}}

"#]],
    );
    room.file("vault.yaml", good.replace("key_vault_name: my-vault", "key_vault_name: v"));
    same(
        room.cli(["stack", "import", "vault"]),
        str![[r#"
exit: 1
----- stderr -----
error: secrets manager `safe` cannot be imported
  caused by: `v` is not the name of a Key Vault

hint: 3 to 24 letters, digits and hyphens; not its URL

"#]],
    );
    room.file("binary.yaml", b"\xff\xfe");
    same(
        room.cli(["stack", "import", "binary"]),
        str![[r#"
exit: 1
----- stderr -----
error: cannot read `binary.yaml`
  caused by: stream did not contain valid UTF-8

"#]],
    );
    let names: Vec<_> =
        room.json(["stack", "list"]).as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["default", "one", "newer"], "nothing else came in");
}

#[test]
fn what_export_refuses() {
    let room = room();
    same(
        room.cli(["stack", "export", "absent"]),
        str![[r#"
exit: 1
----- stderr -----
error: stack `absent` does not exist

hint: `strongroom stack list` shows those there are

"#]],
    );
    same(
        room.cli(["stack", "export", "one", "absent/one.yaml"]),
        str![[r#"
exit: 1
----- stderr -----
error: cannot write `absent/one.yaml`
  caused by: No such file or directory (os error 2)

"#]],
    );
    room.succeeds(["stack", "copy", "one", "a/b"]);
    same(
        room.cli(["stack", "export", "a/b"]),
        str![[r#"
exit: 1
----- stderr -----
error: the stack name `a/b` makes no file name

hint: name the file: `strongroom stack export STACK FILE`

"#]],
    );
}
