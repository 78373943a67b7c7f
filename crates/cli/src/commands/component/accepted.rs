//! Verbs of ZenML that have nothing to do here: they check the name, say so, and succeed.

use super::find;
use crate::args::component::{DownArgs, LogsArgs, OptionalName};
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};
use strongroom_engine::Match;

/// `share`
pub(super) fn share(kind: ComponentType, args: OptionalName, session: &Session) -> Result<ExitStatus> {
    told(kind, args, session, "The catalogue has one user: there is nobody to share with.")
}

/// `up`
pub(super) fn provision(kind: ComponentType, args: OptionalName, session: &Session) -> Result<ExitStatus> {
    told(kind, args, session, "There is nothing to provision.")
}

/// `down`
pub(super) fn suspend(kind: ComponentType, args: DownArgs, session: &Session) -> Result<ExitStatus> {
    let DownArgs { component, force: _ } = args;
    told(kind, component, session, "There is nothing to suspend.")
}

/// `logs`
pub(super) fn logs(kind: ComponentType, args: LogsArgs, session: &Session) -> Result<ExitStatus> {
    let LogsArgs { component, follow: _ } = args;
    told(kind, component, session, "There is nothing that logs.")
}

fn told(kind: ComponentType, args: OptionalName, session: &Session, message: &str) -> Result<ExitStatus> {
    let OptionalName { name } = args;
    let component = find(session, kind, name.as_deref(), Match::Prefix)?;
    session.printer.changed(&component, message)?;
    Ok(ExitStatus::Success)
}
