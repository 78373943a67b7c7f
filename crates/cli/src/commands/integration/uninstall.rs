//! `strongroom integration uninstall`

use super::chosen;
use crate::args::integration::UninstallArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::zenml::Integration;
use strongroom_core::Result;

/// Says that there is nothing to remove.
pub(super) fn uninstall(args: UninstallArgs, session: &Session) -> Result<ExitStatus> {
    let UninstallArgs { integrations, yes: _ } = args;
    for Integration { name, .. } in chosen(&integrations, &[])? {
        session
            .printer
            .done(format!("Integration `{name}` was not installed as a package: there is nothing to remove."));
    }
    Ok(ExitStatus::Success)
}
