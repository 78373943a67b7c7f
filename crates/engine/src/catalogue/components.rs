//! Components: making, finding, changing and removing them. Whether a flavor knows an attribute is the caller's to check.

use super::lookup::{self, Match, Named};
use super::rows::{self, now};
use super::{Catalogue, DEFAULT, check_name};
use rusqlite::{Connection, Transaction, params};
use strongroom_core::query::{Page, Query};
use strongroom_core::{
    Component, ComponentId, ComponentType, Configuration, Error, Kind, Labels, Result, Stack, StackId,
};
use uuid::Uuid;

impl Catalogue {
    /// Adds a component under an id of its own.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`] when one of that type has that name; [`Kind::Invalid`] when the name is none.
    pub fn create_component(
        &self,
        kind: ComponentType,
        name: &str,
        flavor: &str,
        configuration: Configuration,
        labels: Labels,
    ) -> Result<Component> {
        self.change(|transaction| create(transaction, kind, name, flavor, configuration, labels))
    }

    /// The component of type `kind` that `text` stands for.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Invalid`] listing the candidates when a beginning fits several.
    pub fn component(&self, kind: ComponentType, text: &str, how: Match) -> Result<Component> {
        let all = rows::components(&self.connection, "WHERE type = ?1", params![kind.as_str()])?;
        lookup::find(&kind.words(), all, text, how)
    }

    /// The component of that id, whatever its type.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    pub fn component_by_id(&self, id: ComponentId) -> Result<Component> {
        by_id(&self.connection, id)
    }

    /// The components of type `kind` that `query` asks for.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when there is no such page.
    pub fn components(&self, kind: ComponentType, query: &Query<Component>) -> Result<Page<Component>> {
        query.page_of(rows::components(&self.connection, "WHERE type = ?1", params![kind.as_str()])?)
    }

    /// The components of a stack, in the order of their types.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub fn components_of(&self, stack: &Stack) -> Result<Vec<Component>> {
        of_stack(&self.connection, stack.id)
    }

    /// The component of type `kind` in a stack, if it has one.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub fn component_of(&self, stack: &Stack, kind: ComponentType) -> Result<Option<Component>> {
        stack.components.get(&kind).map(|id| self.component_by_id(*id)).transpose()
    }

    /// Changes a component by `change`; id, type and times are not its to change. Attributes it leaves out are gone.
    ///
    /// # Errors
    /// [`Kind::NotFound`], whatever `change` fails with, and for a new name as [`Self::rename_component`].
    pub fn update_component(
        &self,
        id: ComponentId,
        change: impl FnOnce(&mut Component) -> Result<()>,
    ) -> Result<Component> {
        self.change(|transaction| {
            let before = by_id(transaction, id)?;
            let mut after = before.clone();
            change(&mut after)?;
            let after = Component { id, kind: before.kind, created: before.created, updated: before.updated, ..after };
            if after == before {
                return Ok(before);
            }
            if after.name != before.name {
                refuse_default(&before, "renamed")?;
                check_free(transaction, after.kind, &after.name)?;
            }
            let after = Component { updated: now(), ..after };
            rows::write_component(transaction, &after)?;
            Ok(after)
        })
    }

    /// Gives a component another name; its id, and so the scope of its secrets, stays.
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`] when the name is taken; [`Kind::Conflict`] for the default components.
    pub fn rename_component(&self, id: ComponentId, name: &str) -> Result<Component> {
        self.update_component(id, |component| {
            name.clone_into(&mut component.name);
            Ok(())
        })
    }

    /// Adds a component like that one under another name and an id of its own: secrets in component scope are not shared.
    ///
    /// # Errors
    /// [`Kind::NotFound`], and as [`Self::create_component`].
    pub fn copy_component(&self, id: ComponentId, name: &str) -> Result<Component> {
        self.change(|transaction| {
            let Component { kind, flavor, configuration, labels, .. } = by_id(transaction, id)?;
            create(transaction, kind, name, &flavor, configuration, labels)
        })
    }

    /// Removes a component and returns what it was. Its secrets stay where they are.
    ///
    /// # Errors
    /// [`Kind::Conflict`] naming the stacks that have it, and for the default components; [`Kind::NotFound`].
    pub fn delete_component(&self, id: ComponentId) -> Result<Component> {
        self.change(|transaction| delete(transaction, id))
    }
}

pub(super) fn create(
    transaction: &Transaction<'_>,
    kind: ComponentType,
    name: &str,
    flavor: &str,
    configuration: Configuration,
    labels: Labels,
) -> Result<Component> {
    check_free(transaction, kind, name)?;
    let (id, created) = (Uuid::new_v4(), now());
    let (name, flavor) = (name.to_owned(), flavor.to_owned());
    let component = Component { id, name, kind, flavor, configuration, labels, created, updated: created };
    rows::write_component(transaction, &component)?;
    Ok(component)
}

pub(super) fn by_id(connection: &Connection, id: ComponentId) -> Result<Component> {
    let found = rows::components(connection, "WHERE id = ?1", params![id.to_string()])?.pop();
    found.ok_or_else(|| Error::not_found("stack component", id))
}

pub(super) fn by_name(connection: &Connection, kind: ComponentType, name: &str) -> Result<Option<Component>> {
    Ok(rows::components(connection, "WHERE type = ?1 AND name = ?2", params![kind.as_str(), name])?.pop())
}

pub(super) fn of_stack(connection: &Connection, stack: StackId) -> Result<Vec<Component>> {
    let condition = "WHERE id IN (SELECT component FROM stack_component WHERE stack = ?1)";
    let mut found = rows::components(connection, condition, params![stack.to_string()])?;
    found.sort_by_key(|component| component.kind);
    Ok(found)
}

pub(super) fn delete(transaction: &Transaction<'_>, id: ComponentId) -> Result<Component> {
    let component = by_id(transaction, id)?;
    refuse_default(&component, "deleted")?;
    let users = super::stacks::with_component(transaction, id)?;
    if !users.is_empty() {
        let names: Vec<_> = users.iter().map(|stack| format!("`{}`", stack.name)).collect();
        let (what, name, stacks) = (component.kind.words(), &component.name, names.join(", "));
        let plural = if users.len() == 1 { "" } else { "s" };
        return Err(Error::new(
            Kind::Conflict,
            format!("{what} `{name}` cannot be deleted: it is part of stack{plural} {stacks}"),
        )
        .with_hint("remove it from the stacks first, or delete them"));
    }
    transaction.execute("DELETE FROM component WHERE id = ?1", [id.to_string()]).map_err(super::fault)?;
    Ok(component)
}

fn check_free(transaction: &Transaction<'_>, kind: ComponentType, name: &str) -> Result<()> {
    check_name(&kind.words(), name)?;
    match by_name(transaction, kind, name)? {
        Some(_) => Err(Error::already_exists(&kind.words(), name)),
        None => Ok(()),
    }
}

/// The components of the default stack are there for good, as in ZenML.
pub(super) fn is_default(component: &Component) -> bool {
    component.kind.is_mandatory() && component.name == DEFAULT
}

fn refuse_default(component: &Component, done: &str) -> Result<()> {
    if is_default(component) {
        let what = component.kind.words();
        return Err(Error::new(Kind::Conflict, format!("the default {what} cannot be {done}")));
    }
    Ok(())
}

impl Named for Component {
    fn id(&self) -> Uuid {
        self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}
