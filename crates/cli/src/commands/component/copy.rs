//! `strongroom <type> copy`

use super::find;
use crate::args::component::CopyArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, ManagerLayout, Owner, Result, ScopeKind};
use strongroom_engine::Match;

/// Registers a component like another one, under an id of its own.
pub(super) fn copy(kind: ComponentType, args: CopyArgs, session: &Session) -> Result<ExitStatus> {
    let CopyArgs { source, target } = args;
    let source = find(session, kind, Some(&source), Match::Prefix)?;
    let copy = session.catalogue()?.copy_component(source.id, &target)?;
    if kind == ComponentType::SecretsManager {
        let owner = Owner { id: copy.id, name: copy.name.clone() };
        let rules = strongroom_backends::flavor(&copy.flavor)?.rules;
        if ManagerLayout::new(rules, &copy.configuration, owner)?.scope().kind() == ScopeKind::Component {
            let (source, target) = (&source.name, &copy.name);
            session
                .printer
                .note(format!("`{target}` does not see the secrets of `{source}`: their scope is the component"));
        }
    }
    let message = format!("Successfully copied {} `{}` to `{}`.", kind.words(), source.name, copy.name);
    session.printer.changed(&copy, message)?;
    Ok(ExitStatus::Success)
}
