//! Stacks: making, finding, changing and removing them.

use super::lookup::{self, Match, Named};
use super::rows::{self, now};
use super::{Catalogue, DEFAULT, active, check_name, components, fault};
use rusqlite::{Connection, Transaction, params};
use std::collections::BTreeMap;
use strongroom_core::query::{Page, Query};
use strongroom_core::{Component, ComponentId, ComponentType, Error, Kind, Result, Stack, StackId};
use uuid::Uuid;

/// The component of each type in a stack.
pub(super) type Parts = BTreeMap<ComponentType, ComponentId>;

/// What deleting a stack removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The stack.
    pub stack: Stack,
    /// The components that went with it.
    pub components: Vec<Component>,
}

impl Catalogue {
    /// Adds a stack.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`] when the name is taken; [`Kind::Invalid`] without orchestrator or artifact store, or when a
    /// component is of another type; [`Kind::NotFound`] when it does not exist.
    pub fn create_stack(&self, name: &str, components: BTreeMap<ComponentType, ComponentId>) -> Result<Stack> {
        self.change(|transaction| create(transaction, name, components))
    }

    /// The stack that `text` stands for.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Invalid`] listing the candidates when a beginning fits several.
    pub fn stack(&self, text: &str, how: Match) -> Result<Stack> {
        let all = self.read(|transaction| rows::stacks(transaction, "", &[]))?;
        lookup::find("stack", all, text, how)
    }

    /// The stacks that `query` asks for.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when there is no such page.
    pub fn stacks(&self, query: &Query<Stack>) -> Result<Page<Stack>> {
        query.page_of(self.read(|transaction| rows::stacks(transaction, "", &[]))?)
    }

    /// The stacks that have this component.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub fn stacks_with(&self, component: ComponentId) -> Result<Vec<Stack>> {
        self.read(|transaction| with_component(transaction, component))
    }

    /// Changes a stack by `change`; its id and times are not its to change.
    ///
    /// # Errors
    /// [`Kind::NotFound`], whatever `change` fails with, and as [`Self::create_stack`]; [`Kind::Conflict`] when the default
    /// stack is renamed.
    pub fn update_stack(&self, id: StackId, change: impl FnOnce(&mut Stack) -> Result<()>) -> Result<Stack> {
        self.change(|transaction| {
            let before = by_id(transaction, id)?;
            let mut after = before.clone();
            change(&mut after)?;
            let after = Stack { id, created: before.created, updated: before.updated, ..after };
            if after == before {
                return Ok(before);
            }
            if after.name != before.name {
                refuse_default(&before, "renamed")?;
                check_free(transaction, &after.name)?;
            }
            check_parts(transaction, &after.name, &after.components)?;
            let after = Stack { updated: now(), ..after };
            rows::write_stack(transaction, &after)?;
            Ok(after)
        })
    }

    /// Takes the component of type `kind` out of a stack, if it has one.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a type that every stack must have; [`Kind::NotFound`].
    pub fn remove_component_from_stack(&self, id: StackId, kind: ComponentType) -> Result<Stack> {
        self.update_stack(id, |stack| {
            stack.components.remove(&kind);
            Ok(())
        })
    }

    /// Gives a stack another name.
    ///
    /// # Errors
    /// As [`Self::update_stack`].
    pub fn rename_stack(&self, id: StackId, name: &str) -> Result<Stack> {
        self.update_stack(id, |stack| {
            name.clone_into(&mut stack.name);
            Ok(())
        })
    }

    /// Adds a stack of the same components under another name.
    ///
    /// # Errors
    /// [`Kind::NotFound`], and as [`Self::create_stack`].
    pub fn copy_stack(&self, id: StackId, name: &str) -> Result<Stack> {
        self.change(|transaction| {
            let source = by_id(transaction, id)?;
            create(transaction, name, source.components)
        })
    }

    /// Removes a stack; with `recursive` also those of its components that no other stack has, but never the default ones.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when it is the active or the default stack; [`Kind::NotFound`].
    pub fn delete_stack(&self, id: StackId, recursive: bool) -> Result<Deleted> {
        self.change(|transaction| {
            let stack = by_id(transaction, id)?;
            let name = &stack.name;
            refuse_default(&stack, "deleted")?;
            if active::id(transaction)? == id {
                return Err(Error::new(Kind::Conflict, format!("stack `{name}` is active and cannot be deleted"))
                    .with_hint("activate another stack first"));
            }
            let parts = components::of_stack(transaction, id)?;
            transaction.execute("DELETE FROM stack WHERE id = ?1", [id.to_string()]).map_err(fault)?;
            let mut gone = Vec::new();
            for component in parts.into_iter().filter(|component| recursive && !components::is_default(component)) {
                if with_component(transaction, component.id)?.is_empty() {
                    gone.push(components::delete(transaction, component.id)?);
                }
            }
            Ok(Deleted { stack, components: gone })
        })
    }
}

pub(super) fn create(transaction: &Transaction<'_>, name: &str, components: Parts) -> Result<Stack> {
    check_free(transaction, name)?;
    check_parts(transaction, name, &components)?;
    let (id, created) = (Uuid::new_v4(), now());
    let stack = Stack { id, name: name.to_owned(), components, created, updated: created };
    rows::write_stack(transaction, &stack)?;
    Ok(stack)
}

pub(super) fn by_id(connection: &Connection, id: StackId) -> Result<Stack> {
    let found = rows::stacks(connection, "WHERE id = ?1", params![id.to_string()])?.pop();
    found.ok_or_else(|| Error::not_found("stack", id))
}

pub(super) fn with_component(connection: &Connection, component: ComponentId) -> Result<Vec<Stack>> {
    let condition = "WHERE id IN (SELECT stack FROM stack_component WHERE component = ?1)";
    rows::stacks(connection, condition, params![component.to_string()])
}

pub(super) fn check_free(connection: &Connection, name: &str) -> Result<()> {
    check_name("stack", name)?;
    match rows::stacks(connection, "WHERE name = ?1", params![name])?.pop() {
        Some(_) => Err(Error::already_exists("stack", name)),
        None => Ok(()),
    }
}

fn check_parts(connection: &Connection, stack: &str, parts: &Parts) -> Result<()> {
    if let Some(kind) = ComponentType::ALL.iter().find(|kind| kind.is_mandatory() && !parts.contains_key(kind)) {
        let what = kind.words();
        return Err(Error::invalid(format!("stack `{stack}` would have no {what}"))
            .with_hint("every stack needs an orchestrator and an artifact store"));
    }
    for (kind, id) in parts {
        let component = components::by_id(connection, *id)?;
        if component.kind != *kind {
            let (name, is, wanted) = (&component.name, component.kind.words(), kind.words());
            return Err(Error::invalid(format!("`{name}` of type {is} cannot be the {wanted} of stack `{stack}`")));
        }
    }
    Ok(())
}

fn refuse_default(stack: &Stack, done: &str) -> Result<()> {
    if stack.name == DEFAULT {
        return Err(Error::new(Kind::Conflict, format!("the default stack cannot be {done}")));
    }
    Ok(())
}

impl Named for Stack {
    fn id(&self) -> Uuid {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}
