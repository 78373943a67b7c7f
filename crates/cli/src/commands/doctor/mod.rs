//! `strongroom doctor`: one line a check, with the next step. It reads, and changes nothing.

mod check;
mod machine;
mod vault;

use crate::args::doctor::DoctorArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use check::{Check, State};
use strongroom_core::Result;

/// Checks everything that a command about secrets needs, in the order in which it needs it.
pub(crate) fn run(args: DoctorArgs, session: &Session) -> Result<ExitStatus> {
    let DoctorArgs {} = args;
    let mut checks = machine::checks(session);
    if let Some(component) = machine::manager(session, &mut checks) {
        vault::checks(component, session, &mut checks);
    }
    checks.iter_mut().for_each(|check| check.make_safe(session));
    session.printer.data_or_text(&checks, || checks.iter().map(Check::line).collect())?;
    let failed = checks.iter().any(|check| check.state == State::Fail);
    Ok(if failed { ExitStatus::Failure } else { ExitStatus::Success })
}
