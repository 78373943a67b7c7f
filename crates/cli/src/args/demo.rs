//! `strongroom demo`

use clap::Args;

/// The options.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct DemoArgs {}

const HELP: &str = "\
It starts an embedded Key Vault, then runs this program command by command, as you would type them, with
their real output. All of it happens in a temporary folder; your own configuration is left alone.";
