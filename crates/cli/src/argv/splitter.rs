//! Splits the words behind a verb into options the verb knows and free-form pairs.

use crate::args::{FreeForm, Pair};
use clap::error::ErrorKind;
use clap::{Arg, Command as Clap};
use std::collections::VecDeque;
use std::ffi::OsString;
use zeroize::Zeroizing;

/// How alike two names must be for one to be proposed instead of the other, of 1.
const ALIKE: f64 = 0.75;

type Result<T, E = clap::Error> = std::result::Result<T, E>;

/// The known words, for clap, and the pairs. Nothing else is left: every word is the one, the other, or refused.
///
/// # Errors
/// Wrong usage. Messages quote names of options and keys, never values.
pub(super) fn split(mut leaf: Clap, words: Vec<OsString>) -> Result<(Vec<OsString>, FreeForm)> {
    leaf.build(); // adds `--help`
    let positionals = leaf.get_positionals().count();
    let mut splitter = Splitter { leaf, positionals, words: words.into(), known: vec![], pairs: FreeForm::new() };
    while let Some(word) = splitter.words.pop_front() {
        splitter.take(word)?;
    }
    Ok((splitter.known, splitter.pairs))
}

struct Splitter {
    leaf: Clap,
    /// How many bare words the command still takes.
    positionals: usize,
    words: VecDeque<OsString>,
    known: Vec<OsString>,
    pairs: FreeForm,
}

impl Splitter {
    fn take(&mut self, word: OsString) -> Result<()> {
        let Some(text) = word.to_str() else {
            return Err(self.refuse(
                ErrorKind::InvalidUtf8,
                "an argument is not Unicode",
                "put it into a file: `--key=@file`",
            ));
        };
        match text {
            "--" => self.take_rest(),
            "-" => self.take_bare(word),
            text if text.starts_with("--") => {
                let text = Zeroizing::new(text.to_owned());
                match text.split_once('=') {
                    Some((option, value)) => self.take_long(&option[2..], Some(value)),
                    None => self.take_long(&text[2..], None),
                }
            }
            text if text.starts_with('-') => {
                let letters = Zeroizing::new(text[1..].to_owned());
                self.take_short(&letters, word)
            }
            _ => self.take_bare(word),
        }
    }

    /// `--name` or `--name=value`.
    fn take_long(&mut self, name: &str, value: Option<&str>) -> Result<()> {
        let option = self.leaf.get_arguments().find(|arg| longs(arg).any(|long| long == name)).cloned();
        match (option, value) {
            (Some(option), value) => self.take_option(&option, format!("--{name}"), value),
            (None, Some(value)) => self.take_pair(name, value),
            (None, None) => Err(self.refuse_valueless(name)),
        }
    }

    fn take_option(&mut self, option: &Arg, spelled: String, value: Option<&str>) -> Result<()> {
        let takes_value = option.get_action().takes_values();
        let Some(value) = value else {
            self.known.push(spelled.into());
            if takes_value {
                self.take_value();
            }
            return Ok(());
        };
        let elsewhere = format!("a key of that name goes behind `--`, as in `-- {spelled}=…`, or into a document");
        if !takes_value {
            let message = format!("`{spelled}` is an option that takes no value");
            return Err(self.refuse(ErrorKind::TooManyValues, &message, &elsewhere));
        }
        let possible = option.get_possible_values();
        if !possible.is_empty() && !possible.iter().any(|known| known.matches(value, option.is_ignore_case_set())) {
            // clap would quote the value, and it may be meant for a key
            let names: Vec<_> = possible.iter().map(clap::builder::PossibleValue::get_name).collect();
            let message = format!("`{spelled}` is an option whose value is one of {}", names.join(", "));
            return Err(self.refuse(ErrorKind::InvalidValue, &message, &elsewhere));
        }
        self.known.push(format!("{spelled}={value}").into());
        Ok(())
    }

    /// The word behind an option that takes a value; what begins with a hyphen is none, and clap will miss it.
    fn take_value(&mut self) {
        let is_value = |word: &OsString| !word.to_str().is_some_and(|text| text.len() > 1 && text.starts_with('-'));
        if self.words.front().is_some_and(is_value) {
            self.known.extend(self.words.pop_front());
        }
    }

    /// `-abc`: switches, of which the last may take the rest or the next word as its value.
    fn take_short(&mut self, letters: &str, word: OsString) -> Result<()> {
        for (at, letter) in letters.char_indices() {
            let Some(option) = self.leaf.get_arguments().find(|arg| arg.get_short() == Some(letter)) else {
                let hint = "keys are written `--key=value`";
                return Err(self.refuse(ErrorKind::UnknownArgument, &format!("there is no option `-{letter}`"), hint));
            };
            if option.get_action().takes_values() {
                let is_last = at + letter.len_utf8() == letters.len();
                self.known.push(word);
                if is_last {
                    self.take_value();
                }
                return Ok(());
            }
        }
        self.known.push(word);
        Ok(())
    }

    fn take_bare(&mut self, word: OsString) -> Result<()> {
        if self.positionals == 0 {
            let message = "there is a word too many behind the name";
            return Err(self.refuse(
                ErrorKind::TooManyValues,
                message,
                "write it as `--key=value`, without blanks around the `=`",
            ));
        }
        self.positionals -= 1;
        self.known.push(word);
        Ok(())
    }

    /// All behind `--`: pairs, with or without hyphens before them.
    fn take_rest(&mut self) -> Result<()> {
        while let Some(word) = self.words.pop_front() {
            let text = Zeroizing::new(word.into_string().unwrap_or_default());
            let pair = text.strip_prefix("--").unwrap_or(&text);
            match pair.split_once('=') {
                Some((key, value)) => self.take_pair(key, value)?,
                None => {
                    let message = "behind `--` there may only be keys and values";
                    return Err(self.refuse(ErrorKind::UnknownArgument, message, "write them as `key=value`"));
                }
            }
        }
        Ok(())
    }

    fn take_pair(&mut self, key: &str, value: &str) -> Result<()> {
        if is_identifier(key) {
            self.pairs.push(Pair { key: key.to_owned(), value: Zeroizing::new(value.to_owned()) });
            return Ok(());
        }
        let message = match key {
            "" => "an argument has no key before its `=`".to_owned(),
            key => format!("`--{key}` is no proper key"),
        };
        let meant = key.replace('-', "_");
        let hint = if is_identifier(&meant) {
            format!("did you mean `--{meant}=…`? Keys have `_` where options have `-`")
        } else {
            "a key is a letter or `_`, then letters, digits and `_`: `--my_key=value`".to_owned()
        };
        Err(self.refuse(ErrorKind::UnknownArgument, &message, &hint))
    }

    fn refuse_valueless(&self, name: &str) -> clap::Error {
        let known = self.leaf.get_arguments().flat_map(longs);
        let near = known.map(|long| (strsim::jaro_winkler(name, long), long)).max_by(|a, b| a.0.total_cmp(&b.0));
        let plain = name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
        let message =
            if plain { format!("there is no option `--{name}`") } else { "there is no such option".to_owned() };
        let hint = match near {
            Some((alike, long)) if alike >= ALIKE => {
                format!("did you mean `--{long}`? A key is written `--{name}=value`")
            }
            _ if plain => format!("a key is written with its value and no blank: `--{name}=value`"),
            _ => "a key is written with its value and no blank: `--key=value`".to_owned(),
        };
        self.refuse(ErrorKind::UnknownArgument, &message, &hint)
    }

    fn refuse(&self, kind: ErrorKind, message: &str, hint: &str) -> clap::Error {
        self.leaf.clone().error(kind, format!("{message}\n\n  tip: {hint}"))
    }
}

/// All long spellings of an option.
fn longs(arg: &Arg) -> impl Iterator<Item = &str> {
    arg.get_long().into_iter().chain(arg.get_all_aliases().unwrap_or_default())
}

/// As Python has it, which is where ZenML's keys come from.
fn is_identifier(key: &str) -> bool {
    let mut letters = key.chars();
    letters.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_alphanumeric())
}

#[cfg(test)]
#[path = "splitter_tests.rs"]
mod tests;
