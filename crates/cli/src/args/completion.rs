//! `strongroom completion SHELL`

use clap::Args;
use clap_complete::Shell;

/// The options.
#[derive(Debug, Args)]
pub(crate) struct CompletionArgs {
    /// The shell to complete in
    pub(crate) shell: Shell,
}
