//! The central store of this machine: a database and a key in the folder of this user.

use super::Session;
use super::central::{Central, Place};
use crate::home;
use std::path::Path;
use std::sync::Arc;
use strongroom_core::seal::Key;
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::{Acting, DatabaseUrl, Engine, EngineOptions, KeySource, Origin};
use uuid::Uuid;

impl Session {
    /// The store in a file of this user, who may do everything there. Made on first use.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when the store is there and its key is not, and what opening the store fails with.
    pub(super) fn embedded(&self) -> Result<Central> {
        home::make_folder(self.home.data())?;
        let database = self.home.store();
        let keys = self.store_keys(&self.home.store_key(), Some(&database))?;
        drop(home::open_private(&database)?); // SQLite would make it readable by others
        let values = self.values_at(&self.settings.server.place_of_values(&self.env)?)?;
        let options = EngineOptions { values, ..EngineOptions::new(DatabaseUrl::sqlite(&database), keys) };
        let acting = self.block_on(async {
            let engine = Engine::open(options).await?;
            // what a command left that was killed; what cannot be settled now is not shown until it is
            if let Err(error) = engine.settle_abandoned().await {
                tracing::warn!(kind = %error.kind(), "what was left behind is not settled yet: {error}");
            }
            let origin = Origin { request_id: Uuid::new_v4().to_string(), ..Origin::default() };
            let caller = engine.local_caller(origin).await?;
            Ok(engine.acting(caller))
        })?;
        let acting = Arc::new(acting);
        let (secrets, accounts) = (Arc::<Acting>::clone(&acting), Arc::<Acting>::clone(&acting));
        Ok(Central { secrets, accounts, audit: acting, place: Place::Here(database) })
    }

    /// The keys that seal the store, the first made before the store is.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when the file is damaged, or missing beside a `database` that is there.
    pub(crate) fn store_keys(&self, file: &Path, database: Option<&Path>) -> Result<KeySource> {
        let shown = file.display();
        if let Some(keys) = KeySource::file(file)? {
            return Ok(keys);
        }
        let missing = |store: &Path| {
            let store = store.display();
            Error::corrupt(format!("the key file `{shown}` is missing, and `{store}` is sealed with it"))
                .with_hint("put the key file back from a copy; a new key cannot open what the old one sealed")
        };
        if let Some(database) = database.filter(|database| database.exists()) {
            return Err(missing(database));
        }
        match home::write_new(file, Key::generate()?.to_text().as_bytes(), false) {
            Ok(()) => self
                .printer
                .note(format!("made the key `{shown}`; keep a copy: stored secrets cannot be read without it")),
            // another process was quicker
            Err(error) if error.kind() == Kind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        KeySource::file(file)?.ok_or_else(|| missing(file))
    }
}
