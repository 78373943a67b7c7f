//! `strongroom run`

use clap::Args;
use std::ffi::OsString;

/// The options.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct RunArgs {
    /// A secret whose keys to hand over; may be given several times
    #[arg(long = "secret", value_name = "NAME", required = true)]
    pub(crate) secrets: Vec<String>,
    /// Put this before the name of each variable
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    pub(crate) prefix: String,
    /// Hand over these keys only
    #[arg(long, alias = "only_keys", value_name = "KEY,…", value_delimiter = ',')]
    pub(crate) only_keys: Vec<String>,
    /// Set this variable although it can change which code programs run
    #[arg(long, value_name = "VARIABLE", value_delimiter = ',')]
    pub(crate) allow: Vec<String>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

const HELP: &str = "\
Each key becomes a variable of the same name in the environment of that one program. The program
takes the place of `strongroom`: signals reach it, and its exit code is the exit code.

Examples:
  strongroom run --secret aws -- python3 step.py
  strongroom run --secret db --secret api --prefix APP_ -- ./serve
  strongroom run --secret db --only-keys user,password -- sh -c 'psql \"$url\"'";
