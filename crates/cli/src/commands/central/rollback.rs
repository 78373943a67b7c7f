//! `strongroom secret rollback`

use super::find;
use super::view::Outline;
use crate::args::central::RollbackArgs;
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_core::central::Lookup;

/// Writes the values of an earlier revision again.
pub(super) fn rollback(args: RollbackArgs, session: &Session) -> Result<ExitStatus> {
    let RollbackArgs { which, to, yes } = args;
    let central = session.central()?;
    let found = find(&which, Lookup::Exact, &central, session)?;
    let question = format!("Secret `{}` gets the values of revision {to} again. Go on?", found.name);
    if !prompt::confirm(&question, yes)? {
        session.printer.done("Aborting the rollback...");
        return Ok(ExitStatus::Success);
    }
    let now = session.block_on(central.secrets.rollback(found.id, to))?;
    let message = format!("Secret '{}' has the values of revision {to} again, as revision {}.", now.name, now.revision);
    session.printer.changed(&Outline::of(&now), message)?;
    Ok(ExitStatus::Success)
}
