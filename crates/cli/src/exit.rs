//! How a run ends.

use std::process::ExitCode;

/// The exit code of a run, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Done: 0.
    Success,
    /// Refused or failed: 1.
    Failure,
    /// Wrong usage: 2.
    Usage,
    /// Ctrl-C at a prompt: 130, as shells count a death by SIGINT.
    Interrupted,
    /// A program could not be started: 126 or 127, as shells have it.
    NotStarted(u8),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Success => 0,
            ExitStatus::Failure => 1,
            ExitStatus::Usage => 2,
            ExitStatus::Interrupted => 130,
            ExitStatus::NotStarted(code) => code,
        })
    }
}
