//! `strongroom stack describe`

use super::find;
use super::view::{Part, StackView};
use crate::args::stack::OptionalStack;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};
use strongroom_engine::Match;

/// Shows the components of a stack.
pub(super) fn describe(args: OptionalStack, session: &Session) -> Result<ExitStatus> {
    let OptionalStack { stack_name } = args;
    let view = StackView::of(session, find(session, stack_name.as_deref(), Match::Prefix)?)?;
    session.printer.data_or_text(&view, || {
        let active = if view.active { " (ACTIVE)" } else { "" };
        let row = |(kind, Part { name, flavor, id: _ }): (&ComponentType, &Part)| {
            [kind.as_str().to_uppercase(), name.clone(), flavor.clone()]
        };
        let table =
            Table::new(["COMPONENT_TYPE", "COMPONENT_NAME", "FLAVOR"]).with_rows(view.components.iter().map(row));
        format!("Stack '{}'{active} with id '{}'.\n\n{}", view.name, view.id, session.printer.render(&table))
    })?;
    Ok(ExitStatus::Success)
}
