//! How far a migration is, for a person at a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};

/// A bar on stderr; nothing when that is no terminal. It goes when it is dropped.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar for what is being done.
    pub(super) fn new(doing: &'static str) -> Self {
        let target = match io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(0), target).with_prefix(doing);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// So many are done, of so many.
    pub(super) fn at(&self, done: usize, all: usize) {
        self.0.set_length(all as u64);
        self.0.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
