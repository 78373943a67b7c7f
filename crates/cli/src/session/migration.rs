//! What migrations keep: a journal for each secrets manager and store, and the key of the digests in it.

use super::lock::fnv;
use super::{OpenManager, Place, Session};
use crate::home;
use std::path::PathBuf;
use strongroom_core::seal::Key;
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

impl Session {
    /// The journal of the migrations of `manager` into the store at `place`.
    pub(crate) fn migration_journal(&self, manager: &OpenManager, place: &Place) -> PathBuf {
        let store = match place {
            Place::Server { url, named_by: _ } => format!("server {url}"),
            Place::Here(file) => format!("file {}", file.display()),
        };
        let (id, store) = (manager.component.id, fnv(store.as_bytes()));
        self.home.migrations().join(format!("{id}-{store:016x}.jsonl"))
    }

    /// The key that makes digests of values worth nothing to others; made on first use, or with `rehearse` for this run only.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when its file is damaged, [`Kind::Forbidden`] when it cannot be made.
    pub(crate) fn migration_key(&self, rehearse: bool) -> Result<Key> {
        let file = self.home.migration_key();
        let read = || {
            let text = home::read_optional(&file)?.map(Zeroizing::new);
            let damaged = |error: Error| error.within(format!("the key file `{}` is damaged", file.display()));
            text.map(|text| Key::from_text(&text).map_err(damaged)).transpose()
        };
        if let Some(key) = read()? {
            return Ok(key);
        }
        let key = Key::generate()?;
        if rehearse {
            return Ok(key);
        }
        home::make_folder(self.home.data())?;
        match home::write_new(&file, key.to_text().as_bytes(), false) {
            Ok(()) => Ok(key),
            // another process was quicker
            Err(error) if error.kind() == Kind::AlreadyExists => read()?.ok_or(error),
            Err(error) => Err(error),
        }
    }
}
