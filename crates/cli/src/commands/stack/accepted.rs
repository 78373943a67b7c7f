//! Verbs of ZenML that have nothing to do here: they say so, and succeed.

use super::find;
use super::view::StackView;
use crate::args::stack::{DownArgs, OptionalStack, ShareArgs};
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_engine::Match;

/// `share`
pub(super) fn share(args: ShareArgs, session: &Session) -> Result<ExitStatus> {
    let ShareArgs { stack: OptionalStack { stack_name }, recursive: _ } = args;
    told(stack_name.as_deref(), session, "The catalogue has one user: there is nobody to share with.")
}

/// `up`
pub(super) fn provision(session: &Session) -> Result<ExitStatus> {
    told(None, session, "There is nothing to provision.")
}

/// `down`
pub(super) fn suspend(args: DownArgs, session: &Session) -> Result<ExitStatus> {
    let DownArgs { force: _ } = args;
    told(None, session, "There is nothing to suspend.")
}

fn told(name: Option<&str>, session: &Session, message: &str) -> Result<ExitStatus> {
    let stack = find(session, name, Match::Prefix)?;
    session.printer.changed(&StackView::of(session, stack)?, message)?;
    Ok(ExitStatus::Success)
}
