//! `strongroom stack get`

use super::view::StackView;
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::settings::Origin;
use strongroom_core::Result;

/// Names the active stack, and where that is said if not in the catalogue.
pub(super) fn get(session: &Session) -> Result<ExitStatus> {
    let view = StackView::of(session, session.active_stack()?)?;
    let name = &view.name;
    session.printer.data_or_text(&view, || match session.settings.active_stack.origin {
        Origin::Default => format!("The global active stack is: '{name}'\n"),
        origin => format!("The active stack is: '{name}' ({origin})\n"),
    })?;
    Ok(ExitStatus::Success)
}
