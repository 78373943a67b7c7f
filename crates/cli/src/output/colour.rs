//! Colours: on a terminal only, and never with `NO_COLOR`.

use crate::env::{self, Env};
use std::fmt;
use std::io::IsTerminal;

/// Whether output to `stream` may carry colours.
pub(crate) fn wants_colour(stream: &impl IsTerminal, env: &Env) -> bool {
    stream.is_terminal() && env.get(env::NO_COLOR).is_none() && env.get(env::TERM).as_deref() != Some("dumb")
}

/// How a few words stand out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    /// Bold red.
    Error,
    /// Bold yellow.
    Warning,
    /// Bold cyan.
    Hint,
}

impl Style {
    /// `text` in this style, or plain.
    pub(crate) fn paint(self, text: impl fmt::Display, colours: bool) -> String {
        let code = match self {
            Self::Error => "1;31",
            Self::Warning => "1;33",
            Self::Hint => "1;36",
        };
        if colours { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }
}
