//! Stacks, and which one is active.

use crate::Room;
use std::collections::BTreeMap;
use strongroom_core::ComponentType::{ArtifactStore, Orchestrator, SecretsManager};
use strongroom_core::query::Query;
use strongroom_core::{Kind, Stack};
use strongroom_engine::Match;
use uuid::Uuid;

/// The components of the default stack and one more.
fn parts(room: &Room, manager: Uuid) -> BTreeMap<strongroom_core::ComponentType, Uuid> {
    let mut parts = room.catalogue.stack("default", Match::Exact).unwrap().components;
    parts.insert(SecretsManager, manager);
    parts
}

#[test]
fn a_new_catalogue_has_the_default_stack() {
    let room = Room::new();
    let (stack, components) = room.catalogue.active().unwrap();
    assert_eq!(stack.name, "default");
    let found: Vec<_> = components.iter().map(|it| (it.kind, it.name.as_str(), it.flavor.as_str())).collect();
    assert_eq!(found, [(ArtifactStore, "default", "local"), (Orchestrator, "default", "local")]);
    assert_eq!(room.catalogue.active_component(SecretsManager).unwrap(), None);
}

#[test]
fn the_active_stack_gives_its_secrets_manager() {
    let room = Room::new();
    let manager = room.manager("one");
    let stack = room.catalogue.create_stack("mine", parts(&room, manager.id)).unwrap();
    assert_eq!(room.catalogue.active_component(SecretsManager).unwrap(), None);
    room.catalogue.set_active_stack(stack.id).unwrap();
    assert_eq!(room.catalogue.active_stack().unwrap(), stack);
    assert_eq!(room.catalogue.active_component(SecretsManager).unwrap(), Some(manager.clone()));
    assert_eq!(room.catalogue.component_of(&stack, SecretsManager).unwrap(), Some(manager));
    assert_eq!(room.catalogue.components_of(&stack).unwrap().len(), 3);
    assert_eq!(room.catalogue.set_active_stack(Uuid::new_v4()).unwrap_err().kind(), Kind::NotFound);
}

#[test]
fn a_stack_needs_its_mandatory_parts_and_right_types() {
    let room = Room::new();
    let manager = room.manager("one");
    let create = |parts| room.catalogue.create_stack("mine", parts).unwrap_err();
    let mut without = parts(&room, manager.id);
    without.remove(&Orchestrator);
    assert_eq!(create(without).to_string(), "stack `mine` would have no orchestrator");
    let mut wrong = parts(&room, manager.id);
    wrong.insert(Orchestrator, manager.id);
    let error = create(wrong);
    assert_eq!(error.kind(), Kind::Invalid);
    let expected = "`one` of type secrets manager cannot be the orchestrator of stack `mine`";
    assert_eq!(error.to_string(), expected);
    assert_eq!(create(parts(&room, Uuid::new_v4())).kind(), Kind::NotFound);
    let default = room.catalogue.active_stack().unwrap();
    let error = room.catalogue.remove_component_from_stack(default.id, Orchestrator).unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert_eq!(room.catalogue.stacks(&Query::all()).unwrap().total, 1, "nothing was made");
}

#[test]
fn renaming_copying_and_finding() {
    let room = Room::new();
    let manager = room.manager("one");
    let stack = room.catalogue.create_stack("mine", parts(&room, manager.id)).unwrap();
    assert_eq!(room.catalogue.rename_stack(stack.id, "default").unwrap_err().kind(), Kind::AlreadyExists);
    assert_eq!(room.catalogue.rename_stack(stack.id, "ours").unwrap().id, stack.id);
    let copy = room.catalogue.copy_stack(stack.id, "ours-2").unwrap();
    assert_eq!((copy.components, copy.id == stack.id), (stack.components, false));
    assert_eq!(room.catalogue.stack("our", Match::Prefix).unwrap_err().kind(), Kind::Invalid);
    assert_eq!(room.catalogue.stack("ours-", Match::Prefix).unwrap().name, "ours-2");
    let mut query = Query::<Stack>::default();
    query.filter("component_id", &manager.id.to_string()).unwrap();
    query.sort_by("desc:name").unwrap();
    let names: Vec<_> = room.catalogue.stacks(&query).unwrap().items.into_iter().map(|stack| stack.name).collect();
    assert_eq!(names, ["ours-2", "ours"]);
}

#[test]
fn deleting_spares_the_active_the_default_and_shared_components() {
    let room = Room::new();
    let (own, shared) = (room.manager("own"), room.manager("shared"));
    let default = room.catalogue.active_stack().unwrap();
    let stack = room.catalogue.create_stack("mine", parts(&room, own.id)).unwrap();
    room.catalogue.set_active_stack(stack.id).unwrap();
    let error = room.catalogue.delete_stack(stack.id, true).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (Kind::Conflict, "stack `mine` is active and cannot be deleted")
    );
    assert_eq!(room.catalogue.delete_stack(default.id, false).unwrap_err().kind(), Kind::Conflict);
    assert_eq!(room.catalogue.rename_stack(default.id, "x").unwrap_err().kind(), Kind::Conflict);

    room.catalogue.set_active_stack(default.id).unwrap();
    let second = room.catalogue.create_stack("second", parts(&room, shared.id)).unwrap();
    room.catalogue.copy_stack(second.id, "third").unwrap();
    assert_eq!(room.catalogue.delete_stack(second.id, true).unwrap().components, []);
    let deleted = room.catalogue.delete_stack(stack.id, true).unwrap();
    assert_eq!(deleted.components, std::slice::from_ref(&own), "the default ones and the shared one stay");
    assert_eq!(room.catalogue.component_by_id(own.id).unwrap_err().kind(), Kind::NotFound);
    assert_eq!(room.catalogue.component_by_id(shared.id).unwrap(), shared);
    assert_eq!(room.catalogue.delete_stack(stack.id, true).unwrap_err().kind(), Kind::NotFound);
}
