//! `strongroom <type> remove-attribute`

use super::{attributes, find};
use crate::args::component::RemoveAttributeArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};
use strongroom_engine::Match;

/// Takes attributes and labels away; those that are not there are told, not refused.
pub(super) fn remove_attribute(
    kind: ComponentType,
    args: RemoveAttributeArgs,
    session: &Session,
) -> Result<ExitStatus> {
    let RemoveAttributeArgs { name, attributes, labels } = args;
    let id = find(session, kind, Some(&name), Match::Exact)?.id;
    let mut notes = Vec::new();
    let component = session.catalogue()?.update_component(id, |component| {
        for attribute in &attributes {
            if component.configuration.shift_remove(attribute).is_none() {
                notes.push(format!("there is no attribute `{attribute}` to remove"));
            }
        }
        for label in &labels {
            if component.labels.remove(label).is_none() {
                notes.push(format!("there is no label `{label}` to remove"));
            }
        }
        let warnings = attributes::check(kind, &component.flavor, &component.configuration, id, &component.name)?;
        notes.extend(warnings);
        Ok(())
    })?;
    notes.iter().for_each(|note| session.printer.warn(note));
    let message = format!("Successfully updated {} `{}`.", kind.words(), component.name);
    session.printer.changed(&component, message)?;
    Ok(ExitStatus::Success)
}
