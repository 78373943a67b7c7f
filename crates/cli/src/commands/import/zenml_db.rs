//! `strongroom import zenml-db`

use super::view::View;
use crate::args::import::ZenmlDbArgs;
use crate::args::key::StoreArgs;
use crate::commands::account::first_line;
use crate::commands::key::named;
use crate::env;
use crate::exit::ExitStatus;
use crate::home;
use crate::input::typed_address;
use crate::session::Session;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::zenml::{AccountStep, EncryptionKey, Plan, SecretStep, ZenmlDatabase};
use strongroom_engine::{Engine, EngineOptions, Origin, ValuesAt};
use uuid::Uuid;

/// Shows what would be taken over, or takes it over.
pub(super) fn import(args: ZenmlDbArgs, session: &Session) -> Result<ExitStatus> {
    let ZenmlDbArgs { url, apply, overwrite, encryption_key_file, store, place } = args;
    let source = typed_address("the address", &url, session)?;
    let key = match encryption_key_file {
        Some(file) => Some(first_line("--encryption-key-file", &file, session)?),
        None => session.env.get(env::ZENML_SECRETS_STORE_ENCRYPTION_KEY).map(SecretString::from),
    };
    let key = key.map(|key| EncryptionKey::new(key.expose_secret()));
    let values = session.values_at(&session.settings.server.place_given(&place, &session.env)?)?;
    let mut zenml = session.block_on(ZenmlDatabase::read(&source, key.as_ref()))?;
    let engine = open(store, values.clone(), apply, session)?;
    let plan = session.block_on(async {
        zenml.look_into(&values).await?;
        let Some(engine) = engine.as_ref().filter(|_| apply) else {
            return zenml.plan(engine.as_deref(), overwrite).await;
        };
        // first: its account is one that the plan meets
        let origin = Origin { request_id: Uuid::new_v4().to_string(), ..Origin::default() };
        let caller = engine.local_caller(origin).await?;
        let plan = zenml.plan(Some(engine), overwrite).await?;
        zenml.take_over(engine, &caller, plan, || ()).await
    })?;
    let view = View::of(&plan, zenml.generation, apply);
    session.printer.data(&view, || view.table())?;
    summary(&plan, apply, session)
}

/// The store; `None` when it is not there and nothing is to be written.
fn open(args: StoreArgs, values: ValuesAt, apply: bool, session: &Session) -> Result<Option<Arc<Engine>>> {
    let (database, key_file) = named(args, session)?;
    let file = database.file();
    if !apply && file.as_ref().is_some_and(|file| !file.exists()) {
        return Ok(None);
    }
    home::make_folder(session.home.data())?;
    let keys = session.store_keys(&key_file, file.as_deref())?;
    let options = EngineOptions { values, ..EngineOptions::new(database, keys) };
    session.block_on(Engine::open(options)).map(Some)
}

fn summary(plan: &Plan, applied: bool, session: &Session) -> Result<ExitStatus> {
    let count = |is: fn(&SecretStep) -> bool| plan.secrets.iter().filter(|secret| is(&secret.step)).count();
    let taken = count(|step| matches!(step, SecretStep::Create | SecretStep::Adopt | SecretStep::Overwrite));
    let adopted = count(|step| *step == SecretStep::Adopt);
    let (same, left) = (count(|step| *step == SecretStep::Same), count(SecretStep::is_left_behind));
    let accounts = plan.accounts.iter().filter(|account| account.step == AccountStep::Create).count();
    let (what, whom) = if applied { ("Took", "made") } else { ("Would take", "make") };
    session
        .printer
        .done(format!("{what} {taken} secrets over and {whom} {accounts} accounts; {same} secrets were there."));
    if adopted > 0 {
        let stay = if applied { "are" } else { "stay" };
        session.printer.done(format!("The values of {adopted} of them {stay} where ZenML put them; they were read."));
    }
    if !applied {
        session.printer.done("Nothing was written; `--apply` does it.");
    } else if accounts > 0 {
        session.printer.note("the new accounts have no password; an administrator gives them one");
    }
    match left {
        0 => Ok(ExitStatus::Success),
        left => Err(Error::new(Kind::Conflict, format!("{left} secrets are not taken over"))
            .with_hint("the column PROBLEM says why")),
    }
}
