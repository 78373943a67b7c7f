//! Files that only their owner reads, and that are there whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// How long to wait while another process writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Only the owner may read and write.
const PRIVATE: u32 = 0o600;

/// The file that `path` names; what it points to if it is a symbolic link, whether or not that exists.
pub(super) fn target(path: &Path) -> PathBuf {
    let mut target = path.to_owned();
    for _ in 0..40 {
        let Ok(next) = fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}

/// All of a file, or `None` when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, error)),
    }
}

/// Whether others than the owner may use the file.
pub(super) fn is_open_to_others(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// Takes a file from everyone but its owner.
pub(super) fn make_private(path: &Path) -> Result<()> {
    fs::set_permissions(path, Permissions::from_mode(PRIVATE)).map_err(|error| failed("change", path, error))
}

/// The right to write a file, until it is dropped. The lock is on a file beside it, as the file itself is replaced.
#[derive(Debug)]
pub(super) struct Lock<'a> {
    path: &'a Path,
    _locked: File,
}

impl<'a> Lock<'a> {
    /// Waits until no other process writes the file. Makes its folder if need be.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when another keeps it for ten seconds; [`Kind::Forbidden`] when the folder is not ours to write.
    pub(super) fn take(path: &'a Path) -> Result<Self> {
        let failed = |error| failed("write", path, error);
        make_folder(folder(path)).map_err(failed)?;
        let file = OpenOptions::new().append(true).create(true).mode(PRIVATE).open(beside(path, "lock"));
        let file = file.map_err(failed)?;
        if file.metadata().map_err(failed)?.permissions().mode() & 0o777 != PRIVATE {
            // the umask may have taken too much; a later writer needs it
            file.set_permissions(Permissions::from_mode(PRIVATE)).map_err(failed)?;
        }
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { path, _locked: file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => sleep(Duration::from_millis(5)),
                Err(TryLockError::WouldBlock) => {
                    let (shown, seconds) = (path.display(), PATIENCE.as_secs());
                    let message = format!("another process has been writing `{shown}` for {seconds} seconds");
                    return Err(Error::new(Kind::Unavailable, message).with_hint("wait for it, or end it"));
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }

    /// Replaces the file: after a crash at any moment, it is the old or the new one, whole.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] or [`Kind::Unavailable`]; the old file is then still there.
    pub(super) fn replace(&self, bytes: &[u8]) -> Result<()> {
        self.try_replace(bytes).map_err(|error| failed("write", self.path, error))
    }

    fn try_replace(&self, bytes: &[u8]) -> io::Result<()> {
        let beside = beside(self.path, "new");
        // what a killed process left; we hold the lock, so nobody is writing it
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let written = write_new(&beside, bytes).and_then(|()| fs::rename(&beside, self.path));
        if written.is_err() {
            let _ = fs::remove_file(&beside); // a full disk should not stay full for our sake
        }
        written?;
        File::open(folder(self.path))?.sync_all()
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path)?;
    file.set_permissions(Permissions::from_mode(PRIVATE))?; // whatever the umask took
    file.write_all(bytes)?;
    file.sync_all()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => path,
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(0o700)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// What a failure of the file system means to a user who wanted to `verb` the file.
fn failed(verb: &str, path: &Path, error: io::Error) -> Error {
    let (kind, hint) = match error.kind() {
        ErrorKind::PermissionDenied if verb == "read" => {
            (Kind::Forbidden, "this user must be allowed to read the file")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            (Kind::Forbidden, "this user must be allowed to write the file and its folder")
        }
        ErrorKind::IsADirectory | ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            (Kind::Invalid, "it must be a file, in a folder")
        }
        _ => (Kind::Unavailable, "is the disk full, or gone?"),
    };
    Error::new(kind, format!("cannot {verb} `{}`", path.display())).with_hint(hint).with_source(error)
}
