//! `strongroom completion SHELL`

use crate::args::completion::CompletionArgs;
use crate::args::root;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::Result;

/// Writes the script for one shell.
pub(crate) fn run(args: CompletionArgs, session: &Session) -> Result<ExitStatus> {
    let CompletionArgs { shell } = args;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut root(), "strongroom", &mut script);
    session.printer.text(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Success)
}
