//! Components, from registering to deleting.

use crate::{Room, configuration};
use strongroom_core::ComponentType::{ArtifactStore, ContainerRegistry, Orchestrator, SecretsManager};
use strongroom_core::query::Query;
use strongroom_core::{Kind, Labels};
use strongroom_engine::Match;

#[test]
fn a_component_comes_back_as_it_was_made() {
    let room = Room::new();
    let attributes = configuration(&[("b", "2"), ("a", "")]);
    let labels = Labels::from([("team".to_owned(), "é".to_owned())]);
    let made = room.catalogue.create_component(SecretsManager, "one", "azure", attributes, labels).unwrap();
    assert_eq!(made.configuration.keys().collect::<Vec<_>>(), ["b", "a"], "in the order typed");
    for text in ["one", &made.id.to_string()] {
        assert_eq!(room.catalogue.component(SecretsManager, text, Match::Exact).unwrap(), made);
    }
    assert_eq!(room.catalogue.component(SecretsManager, "on", Match::Prefix).unwrap(), made);
    let error = room.catalogue.component(SecretsManager, "on", Match::Exact).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (Kind::NotFound, "secrets manager `on` does not exist"));
    assert!(room.catalogue.component(ContainerRegistry, "one", Match::Prefix).is_err(), "each type for itself");
}

#[test]
fn names_are_unique_within_a_type_and_told_by_case() {
    let room = Room::new();
    room.manager("one");
    room.manager("One");
    let create = |kind, name: &str| {
        room.catalogue.create_component(kind, name, "x", configuration(&[]), Labels::new()).map(drop)
    };
    create(ContainerRegistry, "one").unwrap();
    assert_eq!(create(SecretsManager, "one").unwrap_err().kind(), Kind::AlreadyExists);
    for bad in ["", "a\nb", &"x".repeat(256)] {
        assert_eq!(create(SecretsManager, bad).unwrap_err().kind(), Kind::Invalid, "{bad:?}");
    }
}

#[test]
fn an_update_keeps_id_and_type_and_is_all_or_nothing() {
    let room = Room::new();
    let made = room.manager("one");
    let other = room.manager("two");
    let changed = room
        .catalogue
        .update_component(made.id, |component| {
            component.configuration.insert("scope".into(), "global".into());
            component.id = other.id;
            component.kind = ContainerRegistry;
            Ok(())
        })
        .unwrap();
    assert_eq!((changed.id, changed.kind, changed.created), (made.id, SecretsManager, made.created));
    assert_eq!(changed.configuration["scope"], "global");
    assert!(changed.updated >= made.updated);
    let unchanged = room.catalogue.update_component(made.id, |_| Ok(())).unwrap();
    assert_eq!(unchanged, changed, "nothing changed, not even the time");
    let error = room.catalogue.update_component(made.id, |component| {
        component.flavor = "local".into();
        Err(strongroom_core::Error::invalid("no"))
    });
    assert_eq!(error.unwrap_err().to_string(), "no");
    assert_eq!(room.catalogue.rename_component(made.id, "two").unwrap_err().kind(), Kind::AlreadyExists);
    assert_eq!(room.catalogue.component_by_id(made.id).unwrap(), changed);
    assert_eq!(room.catalogue.rename_component(made.id, "three").unwrap().id, made.id);
}

#[test]
fn a_copy_has_an_id_of_its_own() {
    let room = Room::new();
    let made = room.manager("one");
    let copy = room.catalogue.copy_component(made.id, "two").unwrap();
    assert_ne!(copy.id, made.id);
    assert_eq!((copy.flavor, copy.configuration), (made.flavor, made.configuration));
    assert_eq!(room.catalogue.copy_component(made.id, "two").unwrap_err().kind(), Kind::AlreadyExists);
}

#[test]
fn a_component_in_use_is_not_deleted() {
    let room = Room::new();
    let made = room.manager("one");
    let stack = room.catalogue.active_stack().unwrap();
    let with = room.catalogue.update_stack(stack.id, |stack| {
        stack.components.insert(SecretsManager, made.id);
        Ok(())
    });
    assert_eq!(room.catalogue.stacks_with(made.id).unwrap(), [with.unwrap()]);
    let error = room.catalogue.delete_component(made.id).unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    assert_eq!(error.to_string(), "secrets manager `one` cannot be deleted: it is part of stack `default`");
    room.catalogue.remove_component_from_stack(stack.id, SecretsManager).unwrap();
    assert_eq!(room.catalogue.delete_component(made.id).unwrap(), made);
    assert_eq!(room.catalogue.delete_component(made.id).unwrap_err().kind(), Kind::NotFound);
}

#[test]
fn the_default_components_stay() {
    let room = Room::new();
    for kind in [Orchestrator, ArtifactStore] {
        let default = room.catalogue.component(kind, "default", Match::Exact).unwrap();
        assert_eq!(default.flavor, "local");
        assert_eq!(room.catalogue.delete_component(default.id).unwrap_err().kind(), Kind::Conflict);
        assert_eq!(room.catalogue.rename_component(default.id, "x").unwrap_err().kind(), Kind::Conflict);
    }
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    let room = Room::new();
    for name in ["b-one", "a-two", "b-three"] {
        room.manager(name);
    }
    let names = |query: &Query<_>| {
        let page = room.catalogue.components(SecretsManager, query).unwrap();
        page.items.into_iter().map(|component| component.name).collect::<Vec<_>>()
    };
    let mut query = Query::default();
    assert_eq!(names(&query), ["b-one", "a-two", "b-three"], "as they were made");
    query.sort_by("name").unwrap();
    assert_eq!(names(&query), ["a-two", "b-one", "b-three"]);
    query.filter("name", "startswith:b-").unwrap();
    query.filter("flavor", "azure").unwrap();
    query.filter("type", "secrets_manager").unwrap();
    query.filter("created", "gte:2020-01-01").unwrap();
    assert_eq!(names(&query), ["b-one", "b-three"]);
    query.size = 1;
    query.page = 2;
    let page = room.catalogue.components(SecretsManager, &query).unwrap();
    assert_eq!((page.items[0].name.as_str(), page.page, page.pages, page.total), ("b-three", 2, 2, 2));
}
