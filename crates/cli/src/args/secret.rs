//! `strongroom secrets-manager secret …`

use super::FreeForm;
use clap::{Args, Subcommand};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretVerb {
    /// Write a secret that is not there yet
    Register(RegisterArgs),
    /// Change the values of a secret
    Update(UpdateArgs),
}

/// `register`
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// The name of the secret
    pub(crate) name: Option<String>,
    /// The `--key=value` pairs; set after parsing.
    #[arg(skip)]
    pub(crate) values: FreeForm,
}

/// `update`
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The name of the secret
    pub(crate) name: Option<String>,
    /// The `--key=value` pairs; set after parsing.
    #[arg(skip)]
    pub(crate) values: FreeForm,
}
