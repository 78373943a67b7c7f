//! `strongroom config …`

use crate::args::config::ConfigVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(_verb: ConfigVerb, _session: &Session) -> Result<ExitStatus> {
    Ok(ExitStatus::Success)
}
