//! `strongroom import …`

mod view;
mod zenml_db;

use crate::args::import::ImportVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: ImportVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        ImportVerb::ZenmlDb(args) => zenml_db::import(args, session),
    }
}
