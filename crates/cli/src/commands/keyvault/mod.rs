//! `strongroom keyvault …`

use crate::args::keyvault::{KeyvaultVerb, ServeArgs};
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: KeyvaultVerb, _session: &Session) -> Result<ExitStatus> {
    match verb {
        KeyvaultVerb::Serve(ServeArgs {}) => Ok(ExitStatus::Success),
    }
}
