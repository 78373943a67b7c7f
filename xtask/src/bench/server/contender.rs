//! Somebody who takes part: a running server, and how it is asked.

use super::process::Process;
use crate::shell::Outcome;
use std::time::Duration;

/// A server under load.
pub(super) struct Contender {
    pub(super) name: &'static str,
    /// What is asked of it, again and again.
    pub(super) get: String,
    /// What every request says, such as a token.
    pub(super) headers: Vec<(&'static str, String)>,
    /// How a secret is created, if it can.
    pub(super) create: Option<Create>,
    /// How long it took to be ready.
    pub(super) ready: Duration,
    pub(super) process: Process,
}

/// How a secret is created; `{name}` stands for its name.
pub(super) struct Create {
    pub(super) url: String,
    pub(super) body: &'static str,
}

impl Contender {
    /// What it holds in memory, in MB.
    pub(super) fn memory(&self) -> Outcome<f64> {
        self.process.memory()
    }
}
