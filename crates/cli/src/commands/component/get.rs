//! `strongroom <type> get`

use crate::exit::ExitStatus;
use crate::output::OutputFormat;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};

/// Names the component on the active stack; that there is none is no failure.
pub(super) fn get(kind: ComponentType, session: &Session) -> Result<ExitStatus> {
    let words = kind.words();
    match session.active_component(kind)? {
        None if session.printer.format() == OutputFormat::Table => {
            let stack = session.active_stack()?.name;
            session.printer.done(format!("No {words} set for active stack ('{stack}')."));
        }
        component => session.printer.data_or_text(&component, || {
            component.as_ref().map_or_else(String::new, |component| format!("Active {words}: '{}'\n", component.name))
        })?,
    }
    Ok(ExitStatus::Success)
}
