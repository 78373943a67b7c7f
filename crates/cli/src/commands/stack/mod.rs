//! `strongroom stack …`

use crate::args::stack::StackVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(_verb: StackVerb, _session: &Session) -> Result<ExitStatus> {
    Ok(ExitStatus::Success)
}
