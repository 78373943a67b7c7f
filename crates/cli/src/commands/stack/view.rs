//! A stack as programs see it: the components by name.

use crate::session::Session;
use serde::Serialize;
use std::collections::BTreeMap;
use strongroom_core::{Component, ComponentId, ComponentType, Result, Stack, StackId};
use time::OffsetDateTime;

/// A stack and the components on it.
#[derive(Debug, Serialize)]
pub(super) struct StackView {
    pub(super) id: StackId,
    pub(super) name: String,
    pub(super) active: bool,
    pub(super) components: BTreeMap<ComponentType, Part>,
    #[serde(with = "time::serde::rfc3339")]
    created: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated: OffsetDateTime,
}

/// A component on a stack.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub(super) id: ComponentId,
    pub(super) name: String,
    pub(super) flavor: String,
}

impl StackView {
    /// The view of one stack.
    ///
    /// # Errors
    /// Only those of reading the catalogue.
    pub(super) fn of(session: &Session, stack: Stack) -> Result<Self> {
        let parts = session.catalogue()?.components_of(&stack)?;
        let active = session.active_stack()?.id == stack.id;
        Ok(Self::with(stack, parts, active))
    }

    /// The view of a stack of these components.
    pub(super) fn with(stack: Stack, parts: Vec<Component>, active: bool) -> Self {
        let Stack { id, name, components: _, created, updated } = stack;
        let part = |Component { id, name, kind, flavor, .. }| (kind, Part { id, name, flavor });
        Self { id, name, active, components: parts.into_iter().map(part).collect(), created, updated }
    }
}
