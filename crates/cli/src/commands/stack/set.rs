//! `strongroom stack set`

use super::find;
use super::view::StackView;
use crate::args::stack::StackName;
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::settings::Origin;
use strongroom_core::Result;
use strongroom_engine::Match;

/// Makes a stack the active one, for this and all later runs.
pub(super) fn set(args: StackName, session: &Session) -> Result<ExitStatus> {
    let StackName { stack_name } = args;
    let id = find(session, Some(&stack_name), Match::Prefix)?.id;
    let stack = session.catalogue()?.set_active_stack(id)?;
    let origin = session.settings.active_stack.origin;
    if matches!(origin, Origin::Variable(_) | Origin::File) {
        session.printer.warn(format!("{origin} asks for another stack, and wins as long as it does"));
    }
    let message = format!("Active global stack set to: '{}'", stack.name);
    session.printer.changed(&StackView::of(session, stack)?, message)?;
    Ok(ExitStatus::Success)
}
