//! `strongroom <type> update`

use super::{attributes, find};
use crate::args::component::UpdateArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};
use strongroom_engine::Match;

/// Sets attributes and labels over those that are there; what comes out must be valid as a whole.
pub(super) fn update(kind: ComponentType, args: UpdateArgs, session: &Session) -> Result<ExitStatus> {
    let UpdateArgs { name, labels, attributes } = args;
    let labels = attributes::labels(labels)?;
    let configuration = attributes::expand(attributes, &session.env)?;
    let id = find(session, kind, name.as_deref(), Match::Exact)?.id;
    let mut warnings = Vec::new();
    let component = session.catalogue()?.update_component(id, |component| {
        component.configuration.extend(configuration);
        component.labels.extend(labels);
        warnings = attributes::check(kind, &component.flavor, &component.configuration, id, &component.name)?;
        Ok(())
    })?;
    warnings.iter().for_each(|warning| session.printer.warn(warning));
    let message = format!("Successfully updated {} `{}`.", kind.words(), component.name);
    session.printer.changed(&component, message)?;
    Ok(ExitStatus::Success)
}
