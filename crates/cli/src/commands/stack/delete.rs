//! `strongroom stack delete`

use super::find;
use super::view::StackView;
use crate::args::stack::DeleteArgs;
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::Session;
use serde::Serialize;
use strongroom_core::{Component, Result};
use strongroom_engine::{Deleted, Match};

#[derive(Serialize)]
struct Gone {
    stack: StackView,
    components: Vec<Component>,
}

/// Removes a stack, and with `-r` the components that no other stack has.
pub(super) fn delete(args: DeleteArgs, session: &Session) -> Result<ExitStatus> {
    let DeleteArgs { stack_name, yes, recursive } = args;
    let stack = find(session, Some(&stack_name), Match::Exact)?;
    let parts = if recursive { " and those of its components that no other stack has" } else { "" };
    let question = format!("This will delete stack '{}'{parts}. Are you sure you want to proceed?", stack.name);
    if !prompt::confirm(&question, yes)? {
        session.printer.done("Stack deletion canceled.");
        return Ok(ExitStatus::Success);
    }
    let Deleted { stack, components } = session.catalogue()?.delete_stack(stack.id, recursive)?;
    let mut message = format!("Deleted stack '{}'.", stack.name);
    for Component { kind, name, .. } in &components {
        message.push_str(&format!("\nDeleted {}: {name}", kind.words()));
    }
    let gone = Gone { stack: StackView::with(stack, vec![], false), components };
    session.printer.changed(&gone, message)?;
    Ok(ExitStatus::Success)
}
