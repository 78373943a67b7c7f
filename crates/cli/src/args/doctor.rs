//! `strongroom doctor`

use clap::Args;

/// The options.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {}
