//! `strongroom secrets-manager secret delete`

use super::view::Outline;
use crate::args::secret::DeleteArgs;
use crate::exit::ExitStatus;
use crate::prompt;
use crate::session::Session;
use strongroom_core::{Error, Result, SecretName};

/// Deletes a secret.
pub(super) fn delete(args: DeleteArgs, session: &Session) -> Result<ExitStatus> {
    let DeleteArgs { name, yes } = args;
    let manager = session.active_manager()?;
    let name: SecretName = name.parse()?;
    let question =
        format!("This will delete all data associated with the `{name}` secret. Are you sure you want to proceed?");
    if !prompt::confirm(&question, yes)? {
        session.printer.done("Aborting secret deletion...");
        return Ok(ExitStatus::Success);
    }
    let turn = session.lock(&manager, &name)?;
    let was_there = session.block_on(manager.secrets.delete(&name))?;
    drop(turn);
    if !was_there {
        return Err(Error::not_found("secret", &name));
    }
    let component = &manager.component.name;
    let message = format!("Deleted secret `{name}` from secrets manager `{component}`.");
    session.printer.changed(&Outline::named(name.as_str(), component), message)?;
    Ok(ExitStatus::Success)
}
