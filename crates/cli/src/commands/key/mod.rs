//! `strongroom key …`: the key that seals a store.

mod rotate;
mod status;

use crate::args::key::{KeyVerb, StoreArgs};
use crate::env;
use crate::exit::ExitStatus;
use crate::input::typed_address;
use crate::session::Session;
use std::path::PathBuf;
use std::sync::Arc;
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::{DatabaseUrl, Engine, EngineOptions, KeySource, ValuesAt};

/// Runs one verb.
pub(crate) fn dispatch(verb: KeyVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        KeyVerb::Rotate(args) => rotate::rotate(args, session),
        KeyVerb::Status(args) => status::status(args, session),
    }
}

/// A store, and where its keys are.
struct Store {
    engine: Arc<Engine>,
    keys: KeySource,
    file: PathBuf,
}

/// Where a store and its keys are, as `server start` finds them: option, environment, or this machine's.
pub(in crate::commands) fn named(args: StoreArgs, session: &Session) -> Result<(DatabaseUrl, PathBuf)> {
    let StoreArgs { database, key_file } = args;
    let database = match (database, session.env.get(env::DATABASE)) {
        (Some(typed), _) => typed_address("--database", &typed, session)?,
        (None, Some(url)) => url.parse()?,
        (None, None) => DatabaseUrl::sqlite(&session.home.store()),
    };
    let file = key_file.or_else(|| session.env.path(env::KEY_FILE));
    Ok((database, file.unwrap_or_else(|| session.home.store_key())))
}

/// The same, of a store that is there.
fn whereabouts(args: StoreArgs, session: &Session) -> Result<(DatabaseUrl, PathBuf)> {
    let (database, key_file) = named(args, session)?;
    if let Some(file) = database.file().filter(|file| !file.exists()) {
        return Err(Error::new(Kind::NotFound, format!("there is no store `{}`", file.display())));
    }
    Ok((database, key_file))
}

fn open((database, file): (DatabaseUrl, PathBuf), session: &Session) -> Result<Store> {
    let keys = KeySource::file(&file)?.ok_or_else(|| {
        Error::corrupt(format!("the key file `{}` is missing", file.display()))
            .with_hint("put the key file back from a copy; a new key cannot open what the old one sealed")
    })?;
    let engine = session.block_on(Engine::open(EngineOptions {
        values: ValuesAt::Nowhere,
        ..EngineOptions::new(database, keys.clone())
    }))?;
    Ok(Store { engine, keys, file })
}
