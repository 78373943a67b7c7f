//! `strongroom stack copy`

use super::find;
use super::view::StackView;
use crate::args::stack::CopyArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_engine::Match;

/// Registers a stack of the same components.
pub(super) fn copy(args: CopyArgs, session: &Session) -> Result<ExitStatus> {
    let CopyArgs { source, target, share: _ } = args;
    let source = find(session, Some(&source), Match::Prefix)?;
    let copy = session.catalogue()?.copy_stack(source.id, &target)?;
    let message = format!("Stack `{}` successfully copied to `{target}`!", source.name);
    session.printer.changed(&StackView::of(session, copy)?, message)?;
    Ok(ExitStatus::Success)
}
