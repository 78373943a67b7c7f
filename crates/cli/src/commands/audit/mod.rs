//! `strongroom audit …`: who did what, one file per verb.

mod export;
mod file;
mod list;
mod verify;

use crate::args::audit::AuditVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::central::Verdict;
use strongroom_core::{Error, Result};

/// Runs one verb.
pub(crate) fn dispatch(verb: AuditVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        AuditVerb::List(args) => list::list(args, session),
        AuditVerb::Verify(args) => verify::verify(args, session),
        AuditVerb::Export(args) => export::export(args, session),
    }
}

/// The failure that a broken trail is.
fn sound(verdict: &Verdict) -> Result<ExitStatus> {
    match (verdict.broken_at, &verdict.problem) {
        (None, None) => Ok(ExitStatus::Success),
        (at, problem) => {
            let at = at.map_or_else(|| "its head".to_owned(), |at| format!("record {at}"));
            let broken = Error::corrupt(format!("the audit trail is broken at {at}"));
            Err(broken.with_source(problem.clone().unwrap_or_else(|| "it was changed".to_owned())))
        }
    }
}
