//! Splits free-form `--key=value` pairs from known options, by clap's own metadata.

use crate::args::FreeForm;
use crate::env::{self, Env};
use crate::output::OutputFormat;
use clap::Command;
use std::ffi::OsString;

/// placeholder
pub(crate) fn split(_root: &mut Command, words: Vec<OsString>) -> Result<(Vec<OsString>, FreeForm), clap::Error> {
    Ok((words, FreeForm::new()))
}

/// The output format that a line asks for, as far as it can be seen before it is parsed.
pub(crate) fn output_asked(words: &[OsString], env: &Env) -> OutputFormat {
    let mut words = words.iter().skip(1).map_while(|word| word.to_str().filter(|word| *word != "--"));
    let mut asked = None;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")) {
            Some("") => words.next(),
            None if word == "--output" => words.next(),
            value => value,
        };
        asked = value.and_then(|value| value.trim_start_matches('=').parse().ok()).or(asked);
    }
    asked.or_else(|| env.get(env::OUTPUT)?.parse().ok()).unwrap_or(OutputFormat::Table)
}
