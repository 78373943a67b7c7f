//! `strongroom stack rename`

use super::find;
use super::view::StackView;
use crate::args::stack::RenameArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{Error, Result};
use strongroom_engine::Match;

/// Gives a stack another name.
pub(super) fn rename(args: RenameArgs, session: &Session) -> Result<ExitStatus> {
    let RenameArgs { stack_name, new_name } = args;
    let before = find(session, Some(&stack_name), Match::Exact)?;
    if before.name == new_name {
        return Err(Error::already_exists("stack", &new_name));
    }
    let after = session.catalogue()?.rename_stack(before.id, &new_name)?;
    let message = format!("Stack `{}` successfully renamed to `{new_name}`!", before.name);
    session.printer.changed(&StackView::of(session, after)?, message)?;
    Ok(ExitStatus::Success)
}
