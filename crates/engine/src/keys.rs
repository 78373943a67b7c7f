//! Where the sealing keys come from, and which of them seals.
//!
//! A key file may hold several keys, so that a store goes from one to the next while it is in use. Which one is in force the
//! database says: the one that sealed the store's signing secret. No revision that another key sealed is ever written (the
//! transaction refuses it), so that a key that sealed nothing any more can be taken away.

use std::error::Error as StdError;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use strongroom_core::seal::{self, Key, Keys};
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// The keys of a store. Clones share what they know.
#[derive(Clone)]
pub struct KeySource(Arc<Source>);

struct Source {
    file: Option<PathBuf>,
    held: RwLock<Held>,
}

#[derive(Clone)]
struct Held {
    keys: Keys,
    /// Of the file, when it was read.
    stamp: Option<Stamp>,
    in_force: Option<String>,
}

/// Tells whether a file is still the one that was read: device, inode, length, and when it changed.
type Stamp = (u64, u64, u64, i64, i64);

impl From<Arc<Key>> for KeySource {
    fn from(key: Arc<Key>) -> Self {
        Self::of(None, Keys::from(key), None)
    }
}

impl KeySource {
    fn of(file: Option<PathBuf>, keys: Keys, stamp: Option<Stamp>) -> Self {
        Self(Arc::new(Source { file, held: RwLock::new(Held { keys, stamp, in_force: None }) }))
    }

    /// The keys in a file, read again when it changes; `None` when it is not there.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when it holds no keys, [`Kind::Forbidden`] when it cannot be read.
    pub fn file(path: &Path) -> Result<Option<Self>> {
        let read = read(path)?;
        Ok(read.map(|(keys, stamp)| Self::of(Some(path.to_owned()), keys, Some(stamp))))
    }

    /// The keys as they are now.
    pub fn keys(&self) -> Keys {
        self.refresh();
        self.held().keys
    }

    /// The key that seals.
    pub(crate) fn sealing(&self) -> Result<Arc<Key>> {
        self.refresh();
        let Held { keys, in_force, .. } = self.held();
        match in_force {
            None => Ok(Arc::clone(keys.newest())),
            Some(id) => keys.get(&id).cloned().ok_or_else(|| self.lacks(&id)),
        }
    }

    /// From now on the key of that id seals.
    pub(crate) fn seals_with(&self, id: &str) {
        let mut held = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
        held.in_force = Some(id.to_owned());
    }

    /// Opens what one of the keys sealed.
    ///
    /// # Errors
    /// As [`seal::open`].
    pub(crate) fn open(&self, context: &[&str], record: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let is_known = {
            let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
            match held.keys.get(&seal::key_id(record)?) {
                Some(key) => return seal::open(key, context, record),
                None => self.0.file.is_none(),
            }
        };
        if !is_known {
            self.refresh(); // another process may have put a new key into the file
        }
        self.held().keys.open(context, record)
    }

    fn held(&self) -> Held {
        self.0.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn lacks(&self, id: &str) -> Error {
        let own = self.held().keys.ids().join("`, `");
        Error::corrupt(format!("the store is sealed with key `{id}`; there are the keys `{own}`"))
            .with_hint("give this machine the key file with which the key was rotated")
    }

    /// Reads the file again, if it is another one now. One that cannot be read changes nothing: who has the keys goes on.
    fn refresh(&self) {
        let Some(file) = &self.0.file else { return };
        let stamp = fs::metadata(file).ok().map(|found| stamp(&found));
        if stamp.is_none() || stamp == self.held_stamp() {
            return;
        }
        match read(file) {
            Ok(Some((keys, stamp))) => {
                let mut held = self.0.held.write().unwrap_or_else(PoisonError::into_inner);
                (held.keys, held.stamp) = (keys, Some(stamp));
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(kind = %error.kind(), "the keys stay as they were: {error}"),
        }
    }

    fn held_stamp(&self) -> Option<Stamp> {
        self.0.held.read().unwrap_or_else(PoisonError::into_inner).stamp
    }
}

fn stamp(found: &fs::Metadata) -> Stamp {
    (found.dev(), found.ino(), found.len(), found.mtime(), found.mtime_nsec())
}

fn read(path: &Path) -> Result<Option<(Keys, Stamp)>> {
    let shown = path.display();
    let refused = |error: io::Error| Error::new(Kind::Forbidden, format!("cannot read `{shown}`")).with_source(error);
    let stamp = match fs::metadata(path) {
        Ok(found) => stamp(&found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(error)),
    };
    let damaged = |error: Error| {
        error.within(format!("the key file `{shown}` is damaged")).with_hint("put the key file back from a copy")
    };
    let bytes = fs::read(path).map(Zeroizing::new).map_err(refused)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| damaged(Error::corrupt("not a key of Strongroom")))?;
    Ok(Some((Keys::from_text(text).map_err(damaged)?, stamp)))
}

/// Ids only.
impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeySource").field(&self.held().keys.ids()).finish()
    }
}

/// Why a revision was not written: it was sealed with a key that is no more in force.
#[derive(Debug)]
pub(crate) struct Retired {
    /// The key that is.
    pub(crate) in_force: String,
}

impl fmt::Display for Retired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key `{}` is in force", self.in_force)
    }
}

impl StdError for Retired {}

impl KeySource {
    /// Whether `error` says that another key is in force; from now on that one seals.
    pub(crate) fn learn(&self, error: &Error) -> bool {
        let retired = error.source().and_then(|source| source.downcast_ref::<Retired>());
        retired.inspect(|retired| self.seals_with(&retired.in_force)).is_some()
    }
}

/// What a writer is told that sealed with another key than the one in force.
pub(crate) fn retired(sealed_with: &str, in_force: String) -> Error {
    Error::new(Kind::Conflict, format!("the key `{sealed_with}` was rotated away in between"))
        .with_hint("try again")
        .with_source(Retired { in_force })
}
