//! `strongroom <type> flavor …`

mod describe;
mod list;

use crate::args::component::FlavorVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Result};

/// Runs one verb.
pub(super) fn dispatch(kind: ComponentType, verb: FlavorVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        FlavorVerb::List => list::list(kind, session),
        FlavorVerb::Describe(args) => describe::describe(kind, args, session),
    }
}
