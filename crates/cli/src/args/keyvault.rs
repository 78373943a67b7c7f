//! `strongroom keyvault …`

use clap::{Args, Subcommand};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyvaultVerb {
    /// Serve the embedded Key Vault
    Serve(ServeArgs),
}

/// `serve`
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {}
