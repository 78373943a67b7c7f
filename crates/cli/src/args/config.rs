//! `strongroom config …`

use clap::Subcommand;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Show every setting and where it comes from, without secrets
    Show,
}
