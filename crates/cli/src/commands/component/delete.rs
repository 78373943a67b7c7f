//! `strongroom <type> delete`

use super::find;
use crate::args::component::NameArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};
use strongroom_engine::Match;

/// Removes a component that no stack has. What it stands for, such as the secrets in a vault, stays.
pub(super) fn delete(kind: ComponentType, args: NameArgs, session: &Session) -> Result<ExitStatus> {
    let NameArgs { name } = args;
    let id = find(session, kind, Some(&name), Match::Exact)?.id;
    let gone = session.catalogue()?.delete_component(id)?;
    session.printer.changed(&gone, format!("Deleted {}: {}", kind.words(), gone.name))?;
    Ok(ExitStatus::Success)
}
