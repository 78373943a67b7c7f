//! `strongroom run`

use crate::args::run::RunArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// See the help of the command.
pub(crate) fn run(args: RunArgs, _session: &Session) -> Result<ExitStatus> {
    let RunArgs {} = args;
    Ok(ExitStatus::Success)
}
