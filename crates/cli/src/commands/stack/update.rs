//! `strongroom stack update`

use super::view::StackView;
use super::{find, resolve};
use crate::args::stack::UpdateArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};
use strongroom_engine::Match;

/// Puts components on a stack, each in place of the one of its type.
pub(super) fn update(args: UpdateArgs, session: &Session) -> Result<ExitStatus> {
    let UpdateArgs { stack_name, artifact_store, orchestrator, parts, output: _ } = args;
    let stack = find(session, stack_name.as_deref(), Match::Exact)?;
    let mandatory = [(ComponentType::ArtifactStore, artifact_store), (ComponentType::Orchestrator, orchestrator)];
    let mandatory = mandatory.into_iter().filter_map(|(kind, name)| Some((kind, name?)));
    let components = resolve(session, mandatory.chain(parts.named()))?;
    let stack = session.catalogue()?.update_stack(stack.id, |stack| {
        stack.components.extend(components);
        Ok(())
    })?;
    let message = format!("Stack `{}` successfully updated!", stack.name);
    session.printer.changed(&StackView::of(session, stack)?, message)?;
    Ok(ExitStatus::Success)
}
