//! The journal of the migrations between one manager and one store: a line of JSON before and after each step. It names
//! secrets and holds keyed digests, and never a value.

mod history;
mod record;

pub(super) use history::{Entry, History, Intent, Origin};
pub(super) use record::{Record, Written};

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use strongroom_core::{Error, Kind, Result};

/// An open journal. Its lock keeps other migrations between the same two away; it ends with the process, however that ends.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// Nothing in a rehearsal.
    file: Option<File>,
    history: Mutex<History>,
}

impl Journal {
    /// Opens the journal, and makes it, and its folder, for this user only.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let unusable = |error| unusable(path, error);
        if let Some(folder) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        }
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(Kind::Conflict, "another process migrates between this manager and this store")
                    .with_hint("wait until it is done"));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(unusable)?;
        let whole = whole_lines(&text);
        // The run before was killed while it wrote a line: that step had not begun.
        if whole.len() < text.len() {
            file.set_len(whole.len() as u64).map_err(unusable)?;
        }
        let history = history(path, whole)?;
        Ok(Self { path: path.to_owned(), file: Some(file), history: Mutex::new(history) })
    }

    /// What a journal says, if there is one; nothing can be added.
    pub(super) fn peek(path: &Path) -> Result<Self> {
        let history = match std::fs::read(path) {
            Ok(text) => history(path, whole_lines(&text))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => History::default(),
            Err(error) => return Err(unusable(path, error)),
        };
        Ok(Self { path: path.to_owned(), file: None, history: Mutex::new(history) })
    }

    /// Adds records that must be on disk before the next step begins.
    pub(super) fn note(&self, records: Vec<Record>) -> Result<()> {
        self.add(records)?;
        self.sync()
    }

    /// Adds records that a reader could also find out from the store or the vault.
    pub(super) fn add(&self, records: Vec<Record>) -> Result<()> {
        let Some(mut file) = self.file.as_ref() else { return Ok(()) };
        let mut text = Vec::new();
        for record in &records {
            serde_json::to_writer(&mut text, record)
                .map_err(|error| Error::payload("a record of the journal", &error))?;
            text.push(b'\n');
        }
        let mut history = self.lock();
        file.write_all(&text).map_err(|error| unusable(&self.path, error))?;
        records.into_iter().try_for_each(|record| history.add(record))
    }

    /// Returns when all records are on disk.
    pub(super) fn sync(&self) -> Result<()> {
        self.file.as_ref().map_or(Ok(()), |file| file.sync_data().map_err(|error| unusable(&self.path, error)))
    }

    /// Looks at what all records come to.
    pub(super) fn history<T>(&self, look: impl FnOnce(&History) -> T) -> T {
        look(&self.lock())
    }

    /// Everything was taken back: there is nothing to tell any more.
    pub(super) fn forget(&self) -> Result<()> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(&self.path, error)),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn whole_lines(text: &[u8]) -> &[u8] {
    text.iter().rposition(|byte| *byte == b'\n').map_or(&[], |end| &text[..=end])
}

fn history(path: &Path, text: &[u8]) -> Result<History> {
    let mut history = History::default();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let record = serde_json::from_slice(line).map_err(|error| Error::payload("it", &error));
        record.and_then(|record| history.add(record)).map_err(|error| {
            let line = index + 1;
            error
                .within(format!("the journal `{}` is damaged at line {line}", path.display()))
                .with_hint("move it away to begin anew; it is then not known what earlier migrations did")
        })?;
    }
    Ok(history)
}

fn unusable(path: &Path, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied => Kind::Forbidden,
        _ => Kind::Unavailable,
    };
    Error::new(kind, format!("cannot use the journal `{}`", path.display())).with_source(error)
}
