//! `strongroom key …`

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyVerb {
    /// Seal everything in a store with a new key
    #[command(after_help = ROTATE_HELP)]
    Rotate(RotateKeyArgs),
    /// Show which key sealed how much
    Status(StoreArgs),
}

const ROTATE_HELP: &str = "\
The new key goes into the key file beside the old one; all records are sealed anew and read back; then the old key leaves the file. When it
is interrupted, the store is as good as before, and the same command finishes it. The old key is needed for copies of the database that
were made before: keep a copy of it as long as of those.

Servers may go on meanwhile, if they have both keys. Where a server has a key file of its own:
  1. strongroom key rotate --prepare     puts the new key into the file, and no more
  2. give every server a copy of the file; each reads it by itself
  3. strongroom key rotate
  4. give every server the file again, without the old key

Examples:
  strongroom key rotate
  strongroom key rotate --database postgres://strongroom@db/strongroom --key-file store.key";

/// Which store is meant.
#[derive(Debug, Args)]
pub(crate) struct StoreArgs {
    /// Where its catalogue is: sqlite:PATH, postgres://… or mysql://…, or `@FILE` with it [default: the store of this machine]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// The file of the keys that seal [default: in Strongroom's data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

/// `rotate`
#[derive(Debug, Args)]
pub(crate) struct RotateKeyArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Put a new key into the file, and do no more
    #[arg(long)]
    pub(crate) prepare: bool,
}
