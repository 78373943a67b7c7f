//! Components of the other types: plain configuration, the same verbs.

use crate::room::{Room, same};
use snapbox::str;

const GROUPS: [&str; 12] = [
    "alerter",
    "annotator",
    "artifact-store",
    "container-registry",
    "data-validator",
    "experiment-tracker",
    "feature-store",
    "image-builder",
    "model-deployer",
    "model-registry",
    "orchestrator",
    "step-operator",
];

#[test]
fn every_type_has_every_verb() {
    let room = Room::new();
    for group in GROUPS {
        let flavors = room.json([group, "flavor", "list"]);
        let flavor = flavors[0]["name"].as_str().unwrap().to_owned();
        room.succeeds([group, "flavor", "describe", &flavor]);
        room.succeeds([group, "register", "one", "-f", &flavor, "-l", "team=ml"]);
        room.succeeds([group, "update", "one", "--colour=red"]);
        assert_eq!(room.json([group, "describe", "one"])["configuration"]["colour"], "red", "{group}");
        room.succeeds([group, "copy", "one", "two"]);
        room.succeeds([group, "rename", "two", "three"]);
        room.succeeds([group, "remove-attribute", "three", "colour"]);
        for verb in ["share", "up", "down", "logs"] {
            room.succeeds([group, verb, "three"]);
        }
        room.succeeds([group, "explain"]);
        room.succeeds([group, "get"]);
        room.succeeds([group, "delete", "three"]);
        let names: Vec<_> =
            room.json([group, "list"]).as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert!(names.contains(&"one".into()) && !names.contains(&"three".into()), "{group}: {names:?}");
        let underscored = group.replace('-', "_");
        room.succeeds([&underscored, "describe", "one"]);
    }
}

#[test]
fn configuration_is_kept_as_typed() {
    let room = Room::new();
    let register =
        ["orchestrator", "register", "kube", "-f", "kubernetes", "--synchronous=False", "--kubernetes_context=ctx"];
    same(
        room.cli(register),
        str![[r#"
exit: 0
----- stderr -----
Successfully registered orchestrator `kube`.

"#]],
    );
    same(
        room.cli(["orchestrator", "describe", "kube"]),
        str![[r#"
exit: 0
----- stdout -----
Orchestrator 'kube' of flavor 'kubernetes' with id '[ID]'.

COMPONENT_PROPERTY  VALUE
synchronous         False
kubernetes_context  ctx

No labels are set for this component.

"#]],
    );
    same(
        room.cli(["orchestrator", "flavor", "describe", "kubernetes"]),
        str![[r#"
exit: 0
----- stdout -----
The orchestrator flavor `kubernetes` of integration `kubernetes`:

ATTRIBUTE               DEFAULT  MEANING
synchronous             false    bool
timeout                 0        int
service_account_name             Optional[str]
pod_settings                     Optional[KubernetesPodSettings]
incluster               false    bool
kubernetes_context               Optional[str]
kubernetes_namespace    zenml    str
local                   false    bool
skip_local_validations  false    bool

"#]],
    );
    same(
        room.cli(["orchestrator", "explain"]),
        str![[r#"
exit: 0
----- stdout -----
What orchestrators are for: they run the steps of a pipeline.

Strongroom keeps the configuration of such components, so that stacks are whole and can be exchanged with ZenML. It does not
run them.

"#]],
    );
}

#[test]
fn what_zenml_would_refuse_is_warned_about() {
    let room = Room::new();
    let tracker = ["experiment-tracker", "register", "w", "-f", "wandb", "--api_key=plain", "--colour=red"];
    same(
        room.cli(tracker),
        str![[r#"
exit: 0
----- stderr -----
warning: attribute `api_key` is a secret in plain text; `{{secret.key}}` refers to one
warning: flavor `wandb` of ZenML has no attribute `colour`
Successfully registered experiment_tracker `w`.

"#]],
    );
    let tracker = ["experiment-tracker", "register", "v", "-f", "wandb", "--api_key={{wandb.key}}"];
    same(
        room.cli(tracker),
        str![[r#"
exit: 0
----- stderr -----
Successfully registered experiment_tracker `v`.

"#]],
    );
    same(
        room.cli(["container-registry", "register", "r", "-f", "default"]),
        str![[r#"
exit: 0
----- stderr -----
warning: flavor `default` of ZenML needs the attribute `uri`
Successfully registered container_registry `r`.

"#]],
    );
    same(
        room.cli(["container-registry", "register", "s", "-f", "default", "--uri={{a.b}}"]),
        str![[r#"
exit: 1
----- stderr -----
error: attribute `uri` cannot be a secret reference

hint: ZenML checks its value when a component is registered; write the value itself

"#]],
    );
    same(
        room.cli(["orchestrator", "register", "x", "-f", "nope"]),
        str![[r#"
exit: 1
----- stderr -----
error: orchestrator flavor `nope` does not exist

hint: flavors: `local`, `local_docker`, `airflow`, `sagemaker`, `vertex`, `kubeflow`, `kubernetes`, `tekton`

"#]],
    );
}

#[test]
fn the_default_components_stay() {
    let room = Room::new();
    same(
        room.cli(["orchestrator", "rename", "default", "other"]),
        str![[r#"
exit: 1
----- stderr -----
error: the default orchestrator cannot be renamed

"#]],
    );
    same(
        room.cli(["orchestrator", "delete", "default"]),
        str![[r#"
exit: 1
----- stderr -----
error: the default orchestrator cannot be deleted

"#]],
    );
    same(
        room.cli(["artifact-store", "describe"]),
        str![[r#"
exit: 0
----- stdout -----
Artifact store 'default' (ACTIVE) of flavor 'local' with id '[ID]'.

No configuration options are set for this component.

No labels are set for this component.

"#]],
    );
    same(
        room.cli(["step-operator", "describe"]),
        str![[r#"
exit: 1
----- stderr -----
error: no step operator on the active stack `default`, and none is named

hint: `strongroom step-operator list` shows those there are

"#]],
    );
}

#[test]
fn what_is_in_use_is_not_deleted() {
    let room = Room::new();
    room.succeeds(["alerter", "register", "a", "-f", "slack"]);
    room.succeeds(["stack", "update", "-al", "a"]);
    same(
        room.cli(["alerter", "delete", "a"]),
        str![[r#"
exit: 1
----- stderr -----
error: alerter `a` cannot be deleted: it is part of stack `default`

hint: remove it from the stacks first, or delete them

"#]],
    );
    room.succeeds(["stack", "remove-component", "-al"]);
    same(
        room.cli(["alerter", "delete", "a"]),
        str![[r#"
exit: 0
----- stderr -----
Deleted alerter: a

"#]],
    );
    same(
        room.cli(["alerter", "delete", "a"]),
        str![[r#"
exit: 1
----- stderr -----
error: alerter `a` does not exist

hint: `strongroom alerter list` shows those there are

"#]],
    );
    same(
        room.cli(["alerter", "rename", "a", "b"]),
        str![[r#"
exit: 1
----- stderr -----
error: alerter `a` does not exist

hint: `strongroom alerter list` shows those there are

"#]],
    );
}

#[test]
fn names_are_looked_up_as_zenml_does() {
    let room = Room::new();
    for name in ["kube_one", "kube_two"] {
        room.succeeds(["orchestrator", "register", name, "-f", "kubernetes"]);
    }
    same(
        room.cli(["orchestrator", "describe", "kube"]),
        str![[r#"
exit: 1
----- stderr -----
error: `kube` is the beginning of 2 orchestrators: `kube_one` ([ID]), `kube_two` ([ID])

hint: type more of the name or id

"#]],
    );
    same(
        room.cli(["orchestrator", "describe", "kube_t", "-o", "yaml"]),
        str![[r#"
exit: 0
----- stdout -----
id: [ID]
name: kube_two
type: orchestrator
flavor: kubernetes
configuration: {}
labels: {}
created: "[TIME]"
updated: "[TIME]"

"#]],
    );
    same(
        room.cli(["orchestrator", "rename", "kube_one", "kube_two"]),
        str![[r#"
exit: 1
----- stderr -----
error: orchestrator `kube_two` already exists

"#]],
    );
    same(
        room.cli(["orchestrator", "rename", "kube_one", "kube_one"]),
        str![[r#"
exit: 1
----- stderr -----
error: orchestrator `kube_one` already exists

"#]],
    );
}
