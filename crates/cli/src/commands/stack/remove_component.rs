//! `strongroom stack remove-component`

use super::find;
use super::view::StackView;
use crate::args::stack::RemoveComponentArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_engine::Match;

/// Takes components off a stack. One that is not on it is no failure, as in ZenML.
pub(super) fn remove_component(args: RemoveComponentArgs, session: &Session) -> Result<ExitStatus> {
    let RemoveComponentArgs { stack_name, parts } = args;
    let stack = find(session, stack_name.as_deref(), Match::Exact)?;
    let chosen = parts.chosen();
    let stack = session.catalogue()?.update_stack(stack.id, |stack| {
        stack.components.retain(|kind, _| !chosen.contains(kind));
        Ok(())
    })?;
    let message = format!("Stack `{}` successfully updated!", stack.name);
    session.printer.changed(&StackView::of(session, stack)?, message)?;
    Ok(ExitStatus::Success)
}
