//! One line of the doctor's report.

use crate::env;
use crate::session::Session;
use serde::Serialize;
use strongroom_core::Error;

/// What was looked at, how it is, and what to do.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    /// What was looked at.
    pub(super) name: &'static str,
    /// How it is.
    pub(super) state: State,
    /// What was found, in a few words.
    pub(super) found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// It works, and something is unwise.
    Warn,
    /// Commands will fail.
    Fail,
}

impl Check {
    /// It is as it should be.
    pub(super) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), next: None }
    }

    /// It works, and something is unwise.
    pub(super) fn warn(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, state: State::Warn, found: found.into(), next: Some(next.into()) }
    }

    /// It failed, with what the error says and advises.
    pub(super) fn fail(name: &'static str, error: &Error) -> Self {
        let found = std::iter::once(error.to_string()).chain(error.causes()).collect::<Vec<_>>().join(": ");
        Self { name, state: State::Fail, found, next: error.hint().map(str::to_owned) }
    }

    /// As people see it: the next step stands below what was found.
    pub(super) fn line(&self) -> String {
        let Self { name, state, found, next } = self;
        let state = match state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "FAIL",
        };
        let next = next.as_ref().map(|next| format!("{:23}next: {next}\n", "")).unwrap_or_default();
        format!("{state:<4}  {name:<15}  {found}\n{next}")
    }

    /// Takes out what should not stand in a public issue: the home directory carries the name of its user.
    pub(super) fn make_safe(&mut self, session: &Session) {
        let Some(home) = session.env.get(env::USER_HOME).filter(|home| home.len() > 1) else { return };
        let home = home.trim_end_matches('/');
        for text in std::iter::once(&mut self.found).chain(&mut self.next) {
            *text = text.replace(home, "~");
        }
    }
}
