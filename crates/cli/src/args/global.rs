//! Options that every command takes.

use crate::output::OutputFormat;
use clap::Args;

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct GlobalArgs {
    /// How to show data: table, json or yaml
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        global = true,
        help_heading = "Global options",
        hide_possible_values = true
    )]
    pub(crate) output: Option<OutputFormat>,
    /// Work on this stack (name or id) instead of the active one
    #[arg(long, value_name = "STACK", global = true, help_heading = "Global options")]
    pub(crate) stack: Option<String>,
    /// Log what happens on stderr, never a value
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) verbose: bool,
}
