//! `strongroom doctor`

use clap::Args;

/// The options.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct DoctorArgs {}

const HELP: &str = "\
It reads, and changes nothing. What it prints holds no secret and no path below your home directory,
so it can be pasted into an issue. Exit code 1 when something is wrong.";
