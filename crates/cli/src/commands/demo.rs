//! `strongroom demo`

use crate::args::demo::DemoArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// See the help of the command.
pub(crate) fn run(args: DemoArgs, _session: &Session) -> Result<ExitStatus> {
    let DemoArgs {} = args;
    Ok(ExitStatus::Success)
}
