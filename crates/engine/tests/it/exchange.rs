//! Stacks out as ZenML's YAML and in again, against files that ZenML wrote.

use crate::{Room, configuration};
use std::collections::BTreeMap;
use strongroom_core::ComponentType::{ArtifactStore, ContainerRegistry, Orchestrator, SecretsManager};
use strongroom_core::query::Query;
use strongroom_core::{Kind, Labels};
use strongroom_engine::{Match, StackFile};

const OF_ZENML: &str = include_str!("../../../../vectors/stack-export.yaml");
const DEFAULT: &str = include_str!("../../../../vectors/stack-export-default.yaml");

#[test]
fn what_zenml_exports_is_imported_and_exported_to_the_byte() {
    let room = Room::new();
    let file = StackFile::parse(OF_ZENML).unwrap();
    assert_eq!((file.stack_name.as_str(), file.zenml_version.as_str()), ("azure: stack", "0.44.1"));
    let imported = room.catalogue.import_stack(&file, &file.stack_name, &BTreeMap::new()).unwrap();
    assert_eq!((imported.created.len(), imported.reused.len()), (4, 0));
    let kinds: Vec<_> = imported.stack.components.keys().copied().collect();
    assert_eq!(kinds, [ArtifactStore, ContainerRegistry, Orchestrator, SecretsManager]);
    let registry = room.catalogue.component(ContainerRegistry, "registry", Match::Exact).unwrap();
    assert_eq!(registry.configuration["authentication_secret"], "{{registry.credentials}}");
    assert_eq!(room.catalogue.export_stack(imported.stack.id).unwrap(), OF_ZENML);
    let default = room.catalogue.active_stack().unwrap();
    assert_eq!(room.catalogue.export_stack(default.id).unwrap(), DEFAULT);
}

#[test]
fn like_components_are_used_and_others_must_be_renamed() {
    let room = Room::new();
    let like = configuration(&[("namespace", "team-a"), ("scope", "namespace"), ("key_vault_name", "my-vault")]);
    room.catalogue.create_component(SecretsManager, "azure_secrets", "azure", like, Labels::new()).unwrap();
    room.catalogue
        .create_component(ContainerRegistry, "registry", "default", configuration(&[("uri", "other")]), Labels::new())
        .unwrap();
    let file = StackFile::parse(OF_ZENML).unwrap();
    let error = room.catalogue.import_stack(&file, "mine", &BTreeMap::new()).unwrap_err();
    assert_eq!(error.kind(), Kind::AlreadyExists);
    assert_eq!(error.to_string(), "container registry `registry` already exists and is configured differently");
    assert_eq!(room.catalogue.components(Orchestrator, &Query::all()).unwrap().total, 1, "nothing was made");

    let renames = BTreeMap::from([((ContainerRegistry, "registry".to_owned()), "registry-2".to_owned())]);
    let imported = room.catalogue.import_stack(&file, "mine", &renames).unwrap();
    let reused: Vec<_> = imported.reused.iter().map(|component| component.name.as_str()).collect();
    assert_eq!(reused, ["azure_secrets"]);
    assert!(imported.created.iter().any(|component| component.name == "registry-2"));
    let error = room.catalogue.import_stack(&file, "mine", &renames).unwrap_err();
    assert_eq!(error.to_string(), "stack `mine` already exists");
}

#[test]
fn attributes_of_any_type_become_text() {
    let text = "components:\n  secrets_manager:\n    configuration: {a: 1e3, b: true, c: null, d: '012'}\n    \
                flavor: x\n    name: y\nstack_name: s\nzenml_version: 0.34.0\n";
    let file = StackFile::parse(text).unwrap();
    let expected = configuration(&[("a", "1e3"), ("b", "true"), ("d", "012")]);
    assert_eq!(file.components[&SecretsManager].configuration, expected);
}

#[test]
fn other_files_are_refused() {
    let wrong_type = OF_ZENML.replace("type: orchestrator", "type: alerter");
    let unknown_type = OF_ZENML.replace("  orchestrator:", "  conductor:").replace("    type: orchestrator\n", "");
    let cases = ["", "[]", "a: b", "{{", &wrong_type, &unknown_type, &OF_ZENML.replace("    flavor: azure\n", "")];
    for text in cases {
        assert_eq!(StackFile::parse(text).unwrap_err().kind(), Kind::Invalid, "{text}");
    }
}
