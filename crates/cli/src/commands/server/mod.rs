//! `strongroom server …`

mod claim;
mod openapi;
mod start;
mod status;

use crate::args::server::ServerVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: ServerVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        ServerVerb::Start(args) => start::start(&args, session),
        ServerVerb::Status(args) => status::status(args, session),
        ServerVerb::Claim(args) => claim::claim(args, session),
        ServerVerb::Openapi => openapi::openapi(session),
    }
}
