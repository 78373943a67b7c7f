//! `strongroom doctor`

use crate::args::doctor::DoctorArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// See the help of the command.
pub(crate) fn run(args: DoctorArgs, _session: &Session) -> Result<ExitStatus> {
    let DoctorArgs {} = args;
    Ok(ExitStatus::Success)
}
