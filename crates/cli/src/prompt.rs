//! Questions to the person at the terminal.

use inquire::{Confirm, InquireError};
use std::fmt;
use std::io::{self, IsTerminal};
use strongroom_core::{Error, Kind, Result};

/// Why a run ends early: Ctrl-C at a prompt.
#[derive(Debug)]
struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Whether `error` says that the user pressed Ctrl-C.
pub(crate) fn is_interrupt(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<Interrupted>)
}

/// What a failed prompt means.
pub(crate) fn refused(error: InquireError) -> Error {
    match error {
        InquireError::OperationInterrupted | InquireError::OperationCanceled => {
            Error::new(Kind::Invalid, "interrupted").with_source(Interrupted)
        }
        InquireError::NotTTY => Error::invalid("there is no terminal to ask at"),
        other => Error::new(Kind::Unavailable, "the prompt failed").with_source(other.to_string()),
    }
}

/// Whether there is somebody to ask.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks whether to go on; `yes` answers beforehand.
///
/// # Errors
/// [`Kind::Invalid`] when there is no terminal to ask at, or the user pressed Ctrl-C.
pub(crate) fn confirm(question: &str, yes: bool) -> Result<bool> {
    if yes {
        return Ok(true);
    }
    if !can_ask() {
        return Err(Error::invalid("this needs a confirmation, and there is no terminal to ask at")
            .with_hint("say `--yes` (-y) to go on without being asked"));
    }
    Confirm::new(question).with_default(false).prompt().map_err(refused)
}
