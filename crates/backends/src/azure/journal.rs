//! Notes on deleted secrets that were brought back to be written over.
//!
//! Between the two steps the old value is live although its owner deleted it. The note, made before the first step, says
//! which version that is; while it is still the current one, the secret counts as absent.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use strongroom_core::{Error, ItemName, Kind, Result};
use url::Url;

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

    /// The version that was brought back and maybe not yet written over.
    pub(super) fn pending(&self, name: &ItemName) -> Option<String> {
        fs::read_to_string(self.file(name)).ok()
    }

    /// The secret was written, or is gone again.
    pub(super) fn clear(&self, name: &ItemName) {
        // A note that stays is harmless: the version it names is not the current one any more.
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
