//! `strongroom keyvault …`

mod serve;

use crate::args::keyvault::KeyvaultVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: KeyvaultVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        KeyvaultVerb::Serve(args) => serve::serve(args, session),
    }
}
