//! `strongroom run`

use clap::Args;

/// The options.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {}
