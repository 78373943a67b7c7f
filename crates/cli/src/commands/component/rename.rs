//! `strongroom <type> rename`

use super::find;
use crate::args::component::RenameArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Error, Result};
use strongroom_engine::Match;

/// Gives a component another name. Its id stays, and with it the scope of its secrets.
pub(super) fn rename(kind: ComponentType, args: RenameArgs, session: &Session) -> Result<ExitStatus> {
    let RenameArgs { name, new_name } = args;
    let before = find(session, kind, Some(&name), Match::Exact)?;
    if before.name == new_name {
        return Err(Error::already_exists(&kind.words(), &new_name));
    }
    let after = session.catalogue()?.rename_component(before.id, &new_name)?;
    let message = format!("Successfully renamed {} `{}` to `{new_name}`.", kind.words(), before.name);
    session.printer.changed(&after, message)?;
    Ok(ExitStatus::Success)
}
