//! `strongroom server openapi`

use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Prints what a running server tells at `/openapi.json`.
pub(super) fn openapi(session: &Session) -> Result<ExitStatus> {
    session.printer.text(&strongroom_server::openapi())?;
    Ok(ExitStatus::Success)
}
