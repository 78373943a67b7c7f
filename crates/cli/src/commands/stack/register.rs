//! `strongroom stack register`

use super::resolve;
use super::view::StackView;
use crate::args::stack::RegisterArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};

/// Adds a stack of components that are there.
pub(super) fn register(args: RegisterArgs, session: &Session) -> Result<ExitStatus> {
    let RegisterArgs { name, artifact_store, orchestrator, parts, set, share, output: _ } = args;
    let mandatory = [(ComponentType::ArtifactStore, artifact_store), (ComponentType::Orchestrator, orchestrator)];
    let components = resolve(session, mandatory.into_iter().chain(parts.named()))?;
    let catalogue = session.catalogue()?;
    let stack = catalogue.create_stack(&name, components.into_iter().collect())?;
    let mut message = format!("Stack '{name}' successfully registered!");
    if set {
        catalogue.set_active_stack(stack.id)?;
        message.push_str(&format!("\nActive global stack set to: '{name}'"));
    }
    if share {
        session.printer.note("the catalogue has one user: there is nobody to share with");
    }
    session.printer.changed(&StackView::of(session, stack)?, message)?;
    Ok(ExitStatus::Success)
}
