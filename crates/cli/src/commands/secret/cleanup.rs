//! `strongroom secrets-manager secret cleanup`

use crate::args::secret::CleanupArgs;
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::Session;
use serde::Serialize;
use strongroom_core::Result;

#[derive(Serialize)]
struct Gone<'a> {
    deleted: usize,
    secrets_manager: &'a str,
}

/// Deletes all secrets of the secrets manager; those of others in the same vault stay.
pub(super) fn cleanup(args: CleanupArgs, session: &Session) -> Result<ExitStatus> {
    let CleanupArgs { yes } = args;
    let manager = session.active_manager()?;
    let component = &manager.component.name;
    let question =
        format!("This will delete all secrets of secrets manager `{component}`. Are you sure you want to proceed?");
    if !prompt::confirm(&question, yes)? {
        session.printer.done("Aborting deletion of all secrets...");
        return Ok(ExitStatus::Success);
    }
    let names = session.block_on(manager.secrets.list())?;
    let deleted = session.in_turns(&manager, names, |names| session.block_on(manager.secrets.delete_each(names)))?;
    let message = format!("Deleted all secrets of secrets manager `{component}`: {deleted}.");
    session.printer.changed(&Gone { deleted, secrets_manager: component }, message)?;
    Ok(ExitStatus::Success)
}
