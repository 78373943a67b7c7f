//! `strongroom secret …`: the secrets of the central store, one file per verb.

mod create;
mod delete;
mod export;
mod get;
mod history;
mod import;
mod list;
mod rename;
mod rollback;
mod update;
mod view;

use crate::args::central::{CentralVerb, WhichArgs};
use crate::exit::ExitStatus;
use crate::session::{Central, Session};
use strongroom_core::Result;
use strongroom_core::central::{CentralSecret, Lookup};

/// Runs one verb.
pub(crate) fn dispatch(verb: CentralVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        CentralVerb::Create(args) => create::create(args, session),
        CentralVerb::List(args) => list::list(args, session),
        CentralVerb::Get(args) => get::get(args, session),
        CentralVerb::Update(args) => update::update(args, session),
        CentralVerb::Rename(args) => rename::rename(args, session),
        CentralVerb::Delete(args) => delete::delete(args, session),
        CentralVerb::Export(args) => export::export(args, session),
        CentralVerb::Import(args) => import::import(args, session),
        CentralVerb::History(args) => history::history(args, session),
        CentralVerb::Rollback(args) => rollback::rollback(args, session),
    }
}

/// The secret that is meant, without values. Reading takes a part of a name, as in ZenML; changing does not.
fn find(which: &WhichArgs, lookup: Lookup, central: &Central, session: &Session) -> Result<CentralSecret> {
    session.block_on(central.secrets.find(&which.name, which.visibility(), lookup))
}
