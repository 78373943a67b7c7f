//! Where files live: below `STRONGROOM_HOME`, or in the platform's folders. Folders are made 0700, files 0600.

use crate::env::{self, Env};
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use strongroom_core::{Error, Kind, Result};

/// The folders of one user. None of them is made before something is written there.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    config: PathBuf,
    data: PathBuf,
    cache: PathBuf,
}

impl Home {
    /// The folders that the environment asks for.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when neither `STRONGROOM_HOME` nor a home directory is known.
    pub(crate) fn new(env: &Env) -> Result<Self> {
        if let Some(home) = env.path(env::HOME) {
            let home = std::path::absolute(&home).map_err(|error| {
                Error::invalid(format!("`{}` is no usable folder for {}", home.display(), env::HOME)).with_source(error)
            })?;
            return Ok(Self { config: home.clone(), data: home.clone(), cache: home });
        }
        let app =
            AppStrategyArgs { top_level_domain: String::new(), author: String::new(), app_name: "strongroom".into() };
        let folders = choose_app_strategy(app).map_err(|error| {
            Error::invalid("this user has no home directory")
                .with_hint(format!("set {} to a folder for everything that is kept", env::HOME))
                .with_source(error)
        })?;
        Ok(Self { config: folders.config_dir(), data: folders.data_dir(), cache: folders.cache_dir() })
    }

    /// The configuration file; it need not be there.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of everything that must not be lost.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The catalogue of components and stacks.
    pub(crate) fn catalogue(&self) -> PathBuf {
        self.data.join("catalogue.db")
    }

    /// The folder below which managers of flavor `local` keep their files.
    pub(crate) fn local_stores(&self) -> PathBuf {
        self.data.join("local_stores")
    }

    /// The file that holds the key of sealed files.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.data.join("local.key")
    }

    /// Notes on writes that have begun.
    pub(crate) fn journal(&self) -> PathBuf {
        self.data.join("journal")
    }

    /// The journals of migrations.
    pub(crate) fn migrations(&self) -> PathBuf {
        self.data.join("migrations")
    }

    /// The file that holds the key of the digests in them.
    pub(crate) fn migration_key(&self) -> PathBuf {
        self.data.join("migration.key")
    }

    /// The vaults of the embedded Key Vault.
    pub(crate) fn keyvault(&self) -> PathBuf {
        self.data.join("keyvault")
    }

    /// Who is signed in where.
    pub(crate) fn credentials(&self) -> PathBuf {
        self.config.join("credentials.json")
    }

    /// The central store of this machine.
    pub(crate) fn store(&self) -> PathBuf {
        self.data.join("store.db")
    }

    /// The file that holds its key.
    pub(crate) fn store_key(&self) -> PathBuf {
        self.data.join("store.key")
    }

    /// Lock files: writers of one secret take turns.
    pub(crate) fn locks(&self) -> PathBuf {
        self.cache.join("locks")
    }

    /// One empty file per hint that was shown.
    pub(crate) fn hints(&self) -> PathBuf {
        self.cache.join("hints")
    }
}

/// Makes a folder and those above it, for this user only. One that is there stays as it is.
///
/// # Errors
/// [`Kind::Forbidden`] when it cannot be made.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| refused("make the folder", folder, error))
}

/// Opens a file for writing and makes it, and its folder, for this user only.
///
/// # Errors
/// [`Kind::Forbidden`] when it cannot be opened.
pub(crate) fn open_private(path: &Path) -> Result<File> {
    let open = || OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    let opened = open().or_else(|error| match path.parent() {
        Some(folder) if error.kind() == io::ErrorKind::NotFound && make_folder(folder).is_ok() => open(),
        _ => Err(error),
    });
    opened.map_err(|error| refused("open", path, error))
}

/// Writes a file for this user only. One that is there is replaced as a whole if `overwrite`, and else stays as it is.
///
/// # Errors
/// [`Kind::AlreadyExists`] when it is there, [`Kind::Forbidden`] when it cannot be written.
pub(crate) fn write_new(path: &Path, content: &[u8], overwrite: bool) -> Result<()> {
    let cannot = |error| refused("write", path, error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Made beside its place, so that nobody finds half of it; `tempfile` makes files 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
    file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(cannot)?;
    if overwrite {
        return file.persist(path).map(drop).map_err(|refusal| cannot(refusal.error));
    }
    file.persist_noclobber(path).map(drop).map_err(|refusal| match refusal.error.kind() {
        io::ErrorKind::AlreadyExists => Error::already_exists("file", path.display()),
        _ => cannot(refusal.error),
    })
}

/// The text of a file that may be missing.
///
/// # Errors
/// [`Kind::Forbidden`] when it is there and cannot be read as text.
pub(crate) fn read_optional(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(refused("read", path, error)),
    }
}

fn refused(what: &str, path: &Path, error: io::Error) -> Error {
    Error::new(Kind::Forbidden, format!("cannot {what} `{}`", path.display())).with_source(error)
}
