//! Whoever answers questions: a person at a terminal, or lines of standard input.

use super::file::{self, Meant};
use super::given::LONGEST;
use super::stdin;
use crate::env;
use crate::prompt;
use crate::session::Session;
use inquire::{Confirm, Password, PasswordDisplayMode, Text};
use std::fs::File;
use std::io::{self, IsTerminal};
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// An answer about one of several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// For this one.
    Yes,
    /// Not for this one.
    No,
    /// For this one and all that follow.
    All,
}

/// The source of answers.
#[derive(Debug)]
pub(crate) enum Person {
    /// Somebody at a terminal.
    Terminal,
    /// One line of standard input for each question.
    Lines(File),
}

impl Person {
    /// Who can be asked.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when somebody types at a terminal and cannot see the questions.
    pub(crate) fn new() -> Result<Self> {
        if prompt::can_ask() {
            return Ok(Self::Terminal);
        }
        if io::stdin().is_terminal() {
            return Err(Error::invalid("questions would not be seen: stderr is no terminal"));
        }
        let lines = stdin::open()
            .map_err(|error| Error::new(Kind::Unavailable, "cannot read standard input").with_source(error))?;
        Ok(Self::Lines(lines))
    }

    /// A secret answer, not shown while it is typed. `@file` and `@@` mean what they mean on a command line.
    ///
    /// # Errors
    /// [`Kind::Invalid`] at the end of the input; as [`file::read`], but no message repeats what was typed.
    pub(crate) fn hidden(&mut self, question: &str, key: &str, session: &Session) -> Result<Zeroizing<String>> {
        let typed = self.unseen(question)?;
        match Meant::by(&typed) {
            Meant::Literal(text) => Ok(Zeroizing::new(text.to_owned())),
            Meant::File(path) => {
                file::read(key, path, session.env.path(env::USER_HOME).as_deref(), LONGEST).map_err(|error| {
                    Error::new(
                        error.kind(),
                        format!("the value of `{key}` begins with `@`, and names no file that can be read"),
                    )
                    .with_hint("write `@@` for an `@` that is part of it")
                })
            }
        }
    }

    /// A password or key, not shown while it is typed and taken as it is: `@` has no meaning in it.
    ///
    /// # Errors
    /// [`Kind::Invalid`] at the end of the input.
    pub(crate) fn unseen(&mut self, question: &str) -> Result<Zeroizing<String>> {
        match self {
            Self::Terminal => Password::new(question)
                .with_display_mode(PasswordDisplayMode::Hidden)
                .without_confirmation()
                .prompt()
                .map(Zeroizing::new)
                .map_err(prompt::refused),
            Self::Lines(lines) => stdin::line(lines, LONGEST)?.ok_or_else(|| ended(question)),
        }
    }

    /// An answer that everybody may see.
    ///
    /// # Errors
    /// [`Kind::Invalid`] at the end of the input.
    pub(crate) fn text(&mut self, question: &str) -> Result<String> {
        match self {
            Self::Terminal => Text::new(question).prompt().map_err(prompt::refused),
            Self::Lines(lines) => Ok(stdin::line(lines, LONGEST)?.ok_or_else(|| ended(question))?.to_string()),
        }
    }

    /// Yes, no, or yes from now on; no answer is `default`.
    ///
    /// # Errors
    /// [`Kind::Invalid`] at the end of the input, and when a line is none of the three.
    pub(crate) fn choose(&mut self, question: &str, default: Choice) -> Result<Choice> {
        loop {
            let answer = match self {
                Self::Terminal => Text::new(&format!("{question} [y/n/all]"))
                    .with_default(if default == Choice::No { "n" } else { "y" })
                    .prompt()
                    .map_err(prompt::refused)?,
                Self::Lines(lines) => stdin::line(lines, LONGEST)?.ok_or_else(|| ended(question))?.to_string(),
            };
            match answer.trim().to_ascii_lowercase().as_str() {
                "" => return Ok(default),
                "y" | "yes" => return Ok(Choice::Yes),
                "n" | "no" => return Ok(Choice::No),
                "a" | "all" => return Ok(Choice::All),
                _ if matches!(self, Self::Terminal) => {}
                _ => {
                    return Err(Error::invalid(format!("the answer to `{question}` is neither `y` nor `n` nor `all`")));
                }
            }
        }
    }

    /// Yes or no; the end of the input is a no.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when a line is neither.
    pub(crate) fn agrees(&mut self, question: &str) -> Result<bool> {
        let Self::Lines(lines) = self else {
            return Confirm::new(question).with_default(false).prompt().map_err(prompt::refused);
        };
        let answer = stdin::line(lines, LONGEST)?.unwrap_or_default();
        match answer.to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(true),
            "" | "n" | "no" => Ok(false),
            _ => Err(Error::invalid(format!("the answer to `{question}` is neither `y` nor `n`"))),
        }
    }
}

fn ended(question: &str) -> Error {
    Error::invalid(format!("the input ends before the answer to `{question}`"))
}
