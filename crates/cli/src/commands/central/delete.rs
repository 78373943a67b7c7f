//! `strongroom secret delete`

use super::find;
use super::view::Outline;
use crate::args::central::DeleteArgs;
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_core::central::Lookup;

/// Deletes a secret and all its revisions.
pub(super) fn delete(args: DeleteArgs, session: &Session) -> Result<ExitStatus> {
    let DeleteArgs { which, yes } = args;
    let central = session.central()?;
    let found = find(&which, Lookup::Exact, &central, session)?;
    let name = &found.name;
    let question =
        format!("This will delete all data associated with the `{name}` secret. Are you sure you want to proceed?");
    if !prompt::confirm(&question, yes)? {
        session.printer.done("Aborting secret deletion...");
        return Ok(ExitStatus::Success);
    }
    session.block_on(central.secrets.delete(found.id))?;
    session.printer.changed(&Outline::of(&found), format!("Secret '{name}' successfully deleted."))?;
    Ok(ExitStatus::Success)
}
