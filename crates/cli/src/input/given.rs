//! The values that a command line gives: `--key=value` pairs and a `--values` document.

use super::file::{self, Meant};
use super::{Person, document, stdin};
use crate::args::{FreeForm, Pair, Sealed};
use crate::env;
use crate::output::Hint;
use crate::session::Session;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use strongroom_core::{Error, Result, Value, Values};
use zeroize::Zeroizing;

/// The longest value, in bytes: more than any vault takes, and small enough to be read whole.
pub(super) const LONGEST: usize = 1 << 16;
/// The longest document, in bytes.
pub(super) const LONGEST_DOCUMENT: usize = 1 << 20;
/// What a document is called where a key would stand.
const DOCUMENT: &str = "--values";

/// What was typed, not yet read.
#[derive(Debug)]
pub(crate) struct Given {
    /// The `--key=value` pairs.
    pub(crate) pairs: FreeForm,
    /// The `--values` document; where both have a key, it counts.
    pub(crate) document: Option<Sealed>,
    /// Whether a newline at the end of a file or of standard input is left out.
    pub(crate) trim_newline: bool,
}

impl Given {
    /// Whether nothing was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.document.is_none()
    }

    /// Reads all of it: files, standard input and the document.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] for a key given twice and a document that is none; whatever reading a file fails with.
    pub(crate) fn read(self, session: &Session) -> Result<Values> {
        let Self { pairs, document, trim_newline } = self;
        let mut reader = Reader { session, home: session.env.path(env::USER_HOME), trim_newline, stdin_is: None };
        let mut values = Values::new();
        for Pair { key, value } in pairs {
            if values.get(&key).is_some() {
                return Err(Error::invalid(format!("key `{key}` is given twice")));
            }
            let value = reader.value(&key, &value)?;
            values.insert(key, Value::text(value.as_str()));
        }
        if let Some(document) = document {
            let text = reader.source(DOCUMENT, document.expose(), LONGEST_DOCUMENT)?.0;
            values.extend(document::parse(&text).map_err(|error| error.within("`--values` cannot be used"))?);
        }
        Ok(values)
    }
}

struct Reader<'a> {
    session: &'a Session,
    home: Option<PathBuf>,
    trim_newline: bool,
    /// The key that standard input was read for: it can be read once.
    stdin_is: Option<String>,
}

impl Reader<'_> {
    fn value(&mut self, key: &str, typed: &str) -> Result<Zeroizing<String>> {
        let (text, is_typed) = self.source(key, typed, LONGEST)?;
        let end = if is_typed { None } else { lone_newline(&text) };
        match end {
            Some(end) if self.trim_newline => Ok(Zeroizing::new(text[..end].to_owned())),
            Some(end) if !text[..end].contains('\n') => {
                let name = format!("the value of `{key}` ends with a newline, as its source does");
                self.session.printer.warn(format!("{name}; `--trim-newline` leaves it out"));
                Ok(text)
            }
            _ => Ok(text),
        }
    }

    /// What `typed` stands for, and whether it was typed there as it is.
    fn source(&mut self, key: &str, typed: &str, longest: usize) -> Result<(Zeroizing<String>, bool)> {
        match Meant::by(typed) {
            Meant::File(path) => Ok((file::read(key, path, self.home.as_deref(), longest)?, false)),
            Meant::Literal("-") => {
                if let Some(other) = self.stdin_is.replace(key.to_owned()) {
                    return Err(Error::invalid(format!("standard input cannot be both `{other}` and `{key}`"))
                        .with_hint("read one of them from a file: `@file`"));
                }
                if io::stdin().is_terminal() && key != DOCUMENT {
                    return Ok((Person::new()?.hidden(&format!("Value of {key}:"), key, self.session)?, true));
                }
                Ok((stdin::read(key, longest)?, false))
            }
            Meant::Literal(text) => {
                if !text.is_empty() {
                    self.session.printer.hint(Hint::LiteralSecret);
                }
                Ok((Zeroizing::new(text.to_owned()), true))
            }
        }
    }
}

/// Where the newline at the end of `text` begins, if there is one.
fn lone_newline(text: &str) -> Option<usize> {
    let line = text.strip_suffix('\n')?;
    Some(line.strip_suffix('\r').unwrap_or(line).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newline_at_the_end_is_found_in_both_spellings() {
        assert_eq!(lone_newline("a\n"), Some(1));
        assert_eq!(lone_newline("a\r\n"), Some(1));
        assert_eq!(lone_newline("a\nb\n"), Some(3));
        assert_eq!(lone_newline("a"), None);
        assert_eq!(lone_newline(""), None);
    }
}
