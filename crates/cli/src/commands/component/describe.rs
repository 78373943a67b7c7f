//! `strongroom <type> describe`

use super::find;
use crate::args::capitalised;
use crate::args::component::OptionalName;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use std::fmt::Write as _;
use strongroom_core::{Component, ComponentType, Result};
use strongroom_engine::Match;

/// Shows flavor, id, attributes and labels.
pub(super) fn describe(kind: ComponentType, args: OptionalName, session: &Session) -> Result<ExitStatus> {
    let OptionalName { name } = args;
    let component = find(session, kind, name.as_deref(), Match::Prefix)?;
    let active = session.active_component(kind)?.is_some_and(|active| active.id == component.id);
    session.printer.data_or_text(&component, || text(&component, active, session))?;
    Ok(ExitStatus::Success)
}

fn text(component: &Component, active: bool, session: &Session) -> String {
    let Component { id, name, kind, flavor, configuration, labels, created: _, updated: _ } = component;
    let active = if active { " (ACTIVE)" } else { "" };
    let mut text = format!("{} '{name}'{active} of flavor '{flavor}' with id '{id}'.\n\n", capitalised(&kind.words()));
    if configuration.is_empty() {
        text.push_str("No configuration options are set for this component.\n");
    } else {
        let rows = configuration.iter().map(|(key, value)| [key, value]);
        text.push_str(&session.printer.render(&Table::new(["COMPONENT_PROPERTY", "VALUE"]).with_rows(rows)));
    }
    if labels.is_empty() {
        text.push_str("\nNo labels are set for this component.\n");
    } else {
        let rows = labels.iter().map(|(key, value)| [key, value]);
        let _ = write!(text, "\n{}", session.printer.render(&Table::new(["LABEL", "VALUE"]).with_rows(rows)));
    }
    text
}
