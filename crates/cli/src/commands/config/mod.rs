//! `strongroom config …`

mod show;

use crate::args::config::ConfigVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: ConfigVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        ConfigVerb::Show => show::show(session),
    }
}
