//! `strongroom secrets-manager secret …`

use crate::args::secret::{RegisterArgs, SecretVerb, UpdateArgs};
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: SecretVerb, _session: &Session) -> Result<ExitStatus> {
    match verb {
        SecretVerb::Register(RegisterArgs { .. }) | SecretVerb::Update(UpdateArgs { .. }) => Ok(ExitStatus::Success),
    }
}
