//! Notes on deleted secrets that were brought back to be written over.
//!
//! Between the two steps the old value is live although its owner deleted it. The note, made before the first step, says
//! which version that is; while it is still the current one, the secret counts as absent. After the second step the note is
//! settled but stays, for a reader that got the old value in between and looks for the note only now.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use strongroom_core::{Error, ItemName, Kind, Result};
use url::Url;

/// The end of a note whose secret was written.
const SETTLED: char = '\n';

/// The notes on one vault.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    vault: String,
}

impl Journal {
    pub(super) fn new(folder: PathBuf, origin: &Url) -> Self {
        let host = origin.host_str().unwrap_or_default();
        let port = origin.port_or_known_default().unwrap_or_default();
        Self { folder, vault: format!("{host}-{port}") }
    }

    /// Notes that `version` of `name` is about to come back to life, durably.
    pub(super) fn note(&self, name: &ItemName, version: &str) -> Result<()> {
        let file = self.file(name);
        let failed = |error: std::io::Error| {
            Error::new(Kind::Unavailable, format!("cannot write `{}`", file.display())).with_source(error)
        };
        make_folder(&self.folder).map_err(failed)?;
        let mut note = private(&file).map_err(failed)?;
        note.write_all(version.as_bytes()).and_then(|()| note.sync_all()).map_err(failed)?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    /// The version that was brought back, whether or not it is written over by now.
    pub(super) fn revived(&self, name: &ItemName) -> Option<String> {
        fs::read_to_string(self.file(name)).ok().map(|note| note.trim_end_matches(SETTLED).to_owned())
    }

    /// Whether a version was brought back and maybe not yet written over.
    pub(super) fn is_pending(&self, name: &ItemName) -> bool {
        fs::read_to_string(self.file(name)).is_ok_and(|note| !note.ends_with(SETTLED))
    }

    /// The secret was written: the version of the note is not the current one any more, nor can it become that again.
    pub(super) fn settle(&self, name: &ItemName) {
        if self.is_pending(name) {
            // A note that stays pending is as true, and only costs who lists one more call.
            let note = fs::OpenOptions::new().append(true).open(self.file(name));
            note.and_then(|mut note| write!(note, "{SETTLED}")).ok();
        }
    }

    /// The secret is gone; who recovers it in the vault means it.
    pub(super) fn clear(&self, name: &ItemName) {
        fs::remove_file(self.file(name)).ok();
    }

    fn file(&self, name: &ItemName) -> PathBuf {
        self.folder.join(format!("{}-{}", self.vault, name.as_str().to_ascii_lowercase()))
    }
}

fn make_folder(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private(file: &std::path::Path) -> std::io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}
