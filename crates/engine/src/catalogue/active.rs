//! The stack that commands work on when none is named.

use super::{Catalogue, components, fault, rows, stacks};
use rusqlite::{Connection, OptionalExtension, params};
use strongroom_core::{Component, ComponentType, Error, Result, Stack, StackId};
use uuid::Uuid;

impl Catalogue {
    /// The active stack. There always is one.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub fn active_stack(&self) -> Result<Stack> {
        self.read(|transaction| stacks::by_id(transaction, id(transaction)?))
    }

    /// Makes a stack the active one.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::NotFound`].
    pub fn set_active_stack(&self, id: StackId) -> Result<Stack> {
        self.change(|transaction| {
            let stack = stacks::by_id(transaction, id)?;
            set(transaction, id)?;
            Ok(stack)
        })
    }

    /// The component of type `kind` in the active stack, if it has one: one query.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub fn active_component(&self, kind: ComponentType) -> Result<Option<Component>> {
        let condition = "WHERE id = (SELECT component FROM stack_component JOIN active USING (stack) WHERE type = ?1)";
        Ok(rows::components(&self.connection, condition, params![kind.as_str()])?.pop())
    }

    /// The active stack and all its components, of one moment.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub fn active(&self) -> Result<(Stack, Vec<Component>)> {
        self.read(|transaction| {
            let id = id(transaction)?;
            Ok((stacks::by_id(transaction, id)?, components::of_stack(transaction, id)?))
        })
    }
}

pub(super) fn id(connection: &Connection) -> Result<StackId> {
    let found = connection.query_row("SELECT stack FROM active", [], |row| row.get::<_, String>(0)).optional();
    let id = found.map_err(fault)?.and_then(|text| Uuid::parse_str(&text).ok());
    id.ok_or_else(|| Error::corrupt("the catalogue names no active stack").with_hint("run `strongroom stack set NAME`"))
}

pub(super) fn set(connection: &Connection, id: StackId) -> Result<()> {
    let sql = "INSERT INTO active (only_row, stack) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET stack = ?1";
    connection.execute(sql, [id.to_string()]).map_err(fault).map(drop)
}
