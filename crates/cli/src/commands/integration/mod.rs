//! `strongroom integration …`

use crate::args::integration::IntegrationVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(_verb: IntegrationVerb, _session: &Session) -> Result<ExitStatus> {
    Ok(ExitStatus::Success)
}
