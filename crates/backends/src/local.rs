//! The `local` flavor: all secrets of one manager in one file.

use crate::configuration::settings;
use crate::{Attribute, Context, Flavor};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use strongroom_core::{Backend, Configuration, Error, Kind, NameRule, Result, Rules, Unscoped};

/// The flavor `local`.
pub const FLAVOR: Flavor =
    Flavor { name: "local", integration: None, attributes: ATTRIBUTES, rules: &RULES, open, check };

const ATTRIBUTES: &[Attribute] = &[
    Attribute::optional("secrets_file", "the file; default: a folder of the manager's own below the local stores"),
    Attribute::with_default("sealed", "true", "whether a new file is encrypted; `false` makes a file that ZenML reads"),
    Attribute::SCOPE,
    Attribute::NAMESPACE,
];

const ANY_NAME: NameRule =
    NameRule { legal: |character| !character.is_control(), words: "printable characters", longest: 255 };

/// A file has no limits of its own; it is read and written as a whole.
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

fn open(configuration: &Configuration, _context: &Context) -> Result<Arc<dyn Backend>> {
    let _config: LocalConfig = settings(FLAVOR.name, ATTRIBUTES, configuration)?;
    Err(Error::new(Kind::Unsupported, "the local flavor is being written"))
}
