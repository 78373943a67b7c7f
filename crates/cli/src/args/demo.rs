//! `strongroom demo`

use clap::Args;

/// The options.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {}
