//! `strongroom secrets-manager secret …`: one file per verb.

mod cleanup;
mod delete;
mod describe;
mod get;
mod list;
mod migrate;
mod register;
mod update;
mod view;

pub(super) use view::{cell, no_key};

use crate::args::secret::SecretVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Runs one verb.
pub(crate) fn dispatch(verb: SecretVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        SecretVerb::Register(args) => register::register(args, session),
        SecretVerb::Get(args) => get::get(args, session),
        SecretVerb::Describe(args) => describe::describe(args, session),
        SecretVerb::List(args) => list::list(args, session),
        SecretVerb::Update(args) => update::update(args, session),
        SecretVerb::Delete(args) => delete::delete(args, session),
        SecretVerb::Cleanup(args) => cleanup::cleanup(args, session),
        SecretVerb::Migrate(args) => migrate::migrate(args, session),
    }
}
