//! `strongroom integration …`

use crate::room::{Room, same};
use snapbox::str;
use std::fs;

#[test]
fn the_list_says_what_is_built_in() {
    let room = Room::new();
    let shown = room.cli(["integration", "list"]);
    let lines: Vec<_> = shown.lines().filter(|line| line.starts_with("built in") || line.contains(" vault ")).collect();
    same(
        lines.join("\n"),
        str![[r#"
built in            azure               artifact_store azure, secrets_manager azure, step_operator azureml
not yet             vault               secrets_manager vault
"#]],
    );
    let list = room.json(["integration", "list"]);
    assert_eq!(list.as_array().unwrap().len(), 42);
    let azure = list.as_array().unwrap().iter().find(|one| one["name"] == "azure").unwrap();
    assert_eq!(azure["support"], "built_in");
    assert_eq!(azure["flavors"][1], serde_json::json!({"type": "secrets_manager", "name": "azure"}));
}

#[test]
fn installing_says_what_is_missing() {
    // The metadata service is asked as well, and answers on some machines: what it says is not compared.
    let room = Room::new();
    let shown = room.succeeds(["integration", "install", "azure"]);
    for expected in [
        "Integration `azure` is built in: there is nothing to install.",
        "environment        no",
        "AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET not set",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    let room = room.with("AZURE_TENANT_ID", "t").with("AZURE_CLIENT_ID", "c").with("AZURE_CLIENT_SECRET", "canary");
    let ready = room.json(["integration", "install", "azure"]);
    assert_eq!(ready[0]["ready"], true);
    assert_eq!(ready[0]["sign_in"][0]["name"], "environment");
    assert_eq!(ready[0]["sign_in"][0]["configured"], true);
    assert!(!ready.to_string().contains("canary"));
    same(
        room.cli(["integration", "install", "mlflow", "facets", "-y"]),
        str![[r#"
exit: 0
----- stdout -----
Components of integration `mlflow` are kept as configuration: there is nothing to install.
Integration `facets` has no stack components: there is nothing to install.

"#]],
    );
}

#[test]
fn what_is_not_there_is_refused() {
    let room = Room::new();
    same(
        room.cli(["integration", "install", "azrue"]),
        str![[r#"
exit: 1
----- stderr -----
error: integration `azrue` does not exist

hint: did you mean `azure`?

"#]],
    );
    same(
        room.cli(["integration", "install", "azure", "nonsense", "-o", "json"]),
        str![[r#"
exit: 1
----- stderr -----
{"error":{"kind":"not_found","message":"integration `nonsense` does not exist","hint":"`strongroom integration list` shows them all","causes":[]}}

"#]],
    );
    same(
        room.cli(["integration", "install", "vault"]),
        str![[r#"
exit: 1
----- stderr -----
error: integration `vault` is not built in yet

hint: `strongroom integration list` shows which are

"#]],
    );
    same(
        room.cli(["integration", "uninstall", "nonsense"]),
        str![[r#"
exit: 1
----- stderr -----
error: integration `nonsense` does not exist

hint: `strongroom integration list` shows them all

"#]],
    );
    same(
        room.cli(["integration", "requirements", "nonsense"]),
        str![[r#"
exit: 1
----- stderr -----
error: integration `nonsense` does not exist

hint: `strongroom integration list` shows them all

"#]],
    );
    same(
        room.cli(["integration", "uninstall"]),
        str![[r#"
exit: 2
----- stderr -----
error: the following required arguments were not provided:
  <INTEGRATIONS>...

Usage: strongroom integration uninstall <INTEGRATIONS>...

For more information, try '--help'.

"#]],
    );
}

#[test]
fn requirements_are_those_of_zenml() {
    let room = Room::new();
    same(
        room.cli(["integration", "requirements", "azure"]),
        str![[r#"
exit: 0
----- stdout -----
adlfs==2021.10.0
azure-keyvault-keys
azure-keyvault-secrets
azure-identity==1.10.0
azureml-core==1.48.0
azure-mgmt-containerservice>=20.0.0
kubernetes
----- stderr -----

These are what ZenML's own side needs in Python; Strongroom needs none of them.

"#]],
    );
    same(
        room.cli(["integration", "uninstall", "azure", "-y"]),
        str![[r#"
exit: 0
----- stderr -----
Integration `azure` was not installed as a package: there is nothing to remove.

"#]],
    );
    same(
        room.cli(["integration", "export-requirements", "vault", "kaniko"]),
        str![[r#"
exit: 0
----- stdout -----
hvac>=0.11.2

"#]],
    );
    same(
        room.cli(["integration", "export-requirements", "-o", "requirements.txt", "-i", "azure", "vault", "azure"]),
        str![[r#"
exit: 0
----- stderr -----
Requirements exported to requirements.txt.

"#]],
    );
    assert_eq!(fs::read_to_string(room.path("requirements.txt")).unwrap(), "hvac>=0.11.2\n");
    same(
        room.cli(["integration", "export-requirements", "vault", "-o", "absent/r.txt"]),
        str![[r#"
exit: 1
----- stderr -----
error: cannot write `absent/r.txt`
  caused by: No such file or directory (os error 2)

"#]],
    );
    let installed = room.succeeds(["integration", "export-requirements", "--installed_only"]);
    assert!(installed.contains("azure-keyvault-secrets\n") && !installed.contains("hvac"), "{installed}");
}
