//! The file that keeps the key of sealed files: one line, mode 0600, made when the first secret is sealed.

use super::disk::{self, Lock};
use crate::Notice;
use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use strongroom_core::seal::{self, Key};
use strongroom_core::{Error, Result};
use zeroize::Zeroizing;

pub(super) struct KeyFile {
    path: PathBuf,
    local_stores: PathBuf,
    notice: Notice,
}

impl KeyFile {
    /// The key in the file `path`; sealed files are looked for in the folders of `local_stores`.
    pub(super) fn new(path: PathBuf, local_stores: PathBuf, notice: Notice) -> Self {
        Self { path, local_stores, notice }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The key, or `None` when there is no such file. One that others may read is taken from them, with a notice.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] when the file holds no key, and what reading it fails with.
    pub(super) fn load(&self) -> Result<Option<Key>> {
        let Some(bytes) = disk::read(&self.path)? else { return Ok(None) };
        let shown = self.path.display();
        let key = std::str::from_utf8(&bytes)
            .map_err(|_| Error::corrupt("not a key of Strongroom"))
            .and_then(Key::from_text)
            .map_err(|error| error.within(format!("key file `{shown}` is damaged")).with_hint(RESTORE))?;
        if disk::is_open_to_others(&self.path) {
            disk::make_private(&self.path)?;
            (self.notice)(&format!("other users could read the key file `{shown}`; now only its owner can"));
        }
        Ok(Some(key))
    }

    /// The key, made anew if there is none and nothing is sealed yet.
    ///
    /// # Errors
    /// As [`Self::load`]; [`strongroom_core::Kind::Corrupt`] when the file is gone and sealed files are left, which a new
    /// key could not open.
    pub(super) fn load_or_make(&self) -> Result<Key> {
        if let Some(key) = self.load()? {
            return Ok(key);
        }
        let lock = Lock::take(&self.path)?;
        if let Some(key) = self.load()? {
            return Ok(key); // another process was quicker
        }
        if let Some(sealed) = self.sealed_file() {
            return Err(self.missing(&sealed));
        }
        let key = Key::generate()?;
        lock.replace(key.to_text().as_bytes())?;
        let shown = self.path.display();
        (self.notice)(&format!("made the key `{shown}`; keep a copy: sealed secrets cannot be read without it"));
        Ok(key)
    }

    /// The error for a sealed file whose key is gone.
    pub(super) fn missing(&self, sealed: &Path) -> Error {
        let (key, sealed) = (self.path.display(), sealed.display());
        Error::corrupt(format!("the key file `{key}` is missing, and `{sealed}` is sealed with it")).with_hint(RESTORE)
    }

    /// A sealed file among the local stores.
    fn sealed_file(&self) -> Option<PathBuf> {
        let folders = fs::read_dir(&self.local_stores).ok()?;
        folders.flatten().map(|folder| folder.path().join("secrets.yaml")).find(|path| {
            let mut start = Zeroizing::new(Vec::new());
            let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
            read.is_ok() && seal::is_sealed(&start)
        })
    }
}

pub(super) const RESTORE: &str = "put the key file back from a copy; a new key cannot open what the old one sealed";

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyFile").field(&self.path).finish()
    }
}
