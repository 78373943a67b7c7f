//! `strongroom secret rename`

use super::find;
use super::view::Outline;
use crate::args::central::RenameArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;
use strongroom_core::central::{Lookup, SecretChange};

/// Gives a secret another name.
pub(super) fn rename(args: RenameArgs, session: &Session) -> Result<ExitStatus> {
    let RenameArgs { which, new_name } = args;
    let new_name = new_name.parse()?;
    let central = session.central()?;
    let found = find(&which, Lookup::Exact, &central, session)?;
    let change = SecretChange { name: Some(new_name), ..SecretChange::default() };
    let renamed = session.block_on(central.secrets.update(found.id, change))?;
    let message = format!("Secret '{}' successfully renamed to '{}'.", found.name, renamed.name);
    session.printer.changed(&Outline::of(&renamed), message)?;
    Ok(ExitStatus::Success)
}
