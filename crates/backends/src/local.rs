//! The `local` flavor: all secrets of one manager in one file.
//!
//! The file is ZenML's YAML, or sealed. One that is there keeps its form; a new one is sealed unless `sealed=false`. It is
//! rewritten as a whole: written beside, flushed, renamed, under a lock that keeps other processes out. Reading takes no lock.

mod contents;
mod disk;
mod file;
mod key_file;
mod plain;
mod sealed;

use crate::configuration::settings;
use crate::{Attribute, Context, Flavor};
use file::LocalFile;
use key_file::KeyFile;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use strongroom_core::{Backend, Configuration, NameRule, Result, Rules, Unscoped};

/// The flavor `local`.
pub const FLAVOR: Flavor =
    Flavor { name: "local", integration: None, attributes: ATTRIBUTES, rules: &RULES, open, check };

const ATTRIBUTES: &[Attribute] = &[
    Attribute::optional("secrets_file", "the file; default: in a folder of the manager's own below the local stores"),
    Attribute::with_default("sealed", "true", "whether a new file is encrypted; `false` makes one that ZenML reads"),
    Attribute::SCOPE,
    Attribute::NAMESPACE,
];

const ANY_NAME: NameRule =
    NameRule { legal: |character| !character.is_control(), words: "printable characters", longest: 255 };

/// A file sets no limits; since all of it is read and written each time, we do.
static RULES: Rules = Rules {
    service: "a local secrets file",
    scopes: false,
    separator: '/',
    names: ANY_NAME,
    items: ANY_NAME,
    folds_case: false,
    value_bytes: 1 << 24,
    tags: 0,
    tag_length: 0,
    compare_and_set: true,
    unscoped: Unscoped::Whole,
};

#[derive(Debug, Deserialize)]
struct LocalConfig {
    secrets_file: Option<PathBuf>,
    sealed: bool,
}

fn check(configuration: &Configuration) -> Result<()> {
    settings::<LocalConfig>(FLAVOR.name, ATTRIBUTES, configuration).map(drop)
}

fn open(configuration: &Configuration, context: &Context) -> Result<Arc<dyn Backend>> {
    let LocalConfig { secrets_file, sealed } = settings(FLAVOR.name, ATTRIBUTES, configuration)?;
    let Context { id, local_stores, key_file, notice, journal: _, env: _ } = context;
    let path = secrets_file.unwrap_or_else(|| local_stores.join(id.to_string()).join("secrets.yaml"));
    let key = KeyFile::new(key_file.clone(), local_stores.clone(), notice.clone());
    Ok(Arc::new(LocalFile::new(path, sealed, key)))
}
