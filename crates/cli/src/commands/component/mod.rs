//! `strongroom <type> …`

use crate::args::component::ComponentVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};

/// Runs one verb on components of type `kind`.
pub(crate) fn dispatch(_kind: ComponentType, _verb: ComponentVerb, _session: &Session) -> Result<ExitStatus> {
    Ok(ExitStatus::Success)
}
