//! What happens to the words of a command line before clap sees them.
//!
//! Some commands take free-form `--key=value` pairs, some of them secrets. clap's own way to let unknown options through
//! (`trailing_var_arg` with `allow_hyphen_values`) swallows every option behind the first unknown one: `register n
//! --password=a --interactive` would lose `--interactive`, and no error would tell. So the line is split here, by clap's own
//! metadata of the command: known options win wherever they stand, and what is left must look like a pair.

mod command_words;
mod splitter;

use crate::args::{self, FreeForm};
use crate::env::{self, Env};
use crate::output::OutputFormat;
use clap::Command as Clap;
use command_words::CommandWords;
use std::ffi::OsString;

/// Takes the free-form pairs out of a line, and writes ZenML's options of two letters as clap knows them.
///
/// # Errors
/// Wrong usage of a command that takes pairs; no message quotes a value.
pub(crate) fn split(root: &Clap, mut words: Vec<OsString>) -> Result<(Vec<OsString>, FreeForm), clap::Error> {
    let command = CommandWords::of(root, &words);
    let Some(verb_at) = command.verb_at else { return Ok((words, FreeForm::new())) };
    if command.takes_two_letter_options() {
        for word in words[verb_at + 1..].iter_mut().take_while(|word| **word != "--") {
            if let Some(long) = word.to_str().and_then(long_option) {
                *word = long.into();
            }
        }
    }
    match args::free_form(&command.names) {
        None => Ok((words, FreeForm::new())),
        Some(leaf) => {
            let behind = words.split_off(verb_at + 1);
            let (known, pairs) = splitter::split(leaf, behind)?;
            words.extend(known);
            Ok((words, pairs))
        }
    }
}

/// The names of the command that a line asks for, as far as they can be told before the line is understood.
pub(crate) fn names(root: &Clap, words: &[OsString]) -> Vec<String> {
    CommandWords::of(root, words).names
}

/// `-al`, `-al=NAME` and their like, as clap knows them.
fn long_option(word: &str) -> Option<String> {
    let (short, value) = word.split_once('=').map_or((word, None), |(short, value)| (short, Some(value)));
    let (_, long) = args::stack::TWO_LETTERS.iter().find(|(known, _)| *known == short)?;
    Some(value.map_or_else(|| (*long).to_owned(), |value| format!("{long}={value}")))
}

/// The output format that a line asks for, as far as that can be told before the line is understood.
pub(crate) fn output_asked(words: &[OsString], env: &Env) -> OutputFormat {
    let own_meaning = command_words::where_o_is_another_option(words);
    let mut asked = None;
    let mut rest = words.iter().enumerate().skip(1).map_while(|(at, word)| Some((at, word.to_str()?)));
    while let Some((at, word)) = rest.next() {
        if word == "--" {
            break;
        }
        let short = word.strip_prefix("-o").filter(|_| at < own_meaning);
        let value = match word.strip_prefix("--output=").or(short) {
            Some("") => rest.next().map(|(_, value)| value),
            None if word == "--output" => rest.next().map(|(_, value)| value),
            value => value,
        };
        asked = value.and_then(|value| value.trim_start_matches('=').parse().ok()).or(asked);
    }
    asked.or_else(|| env.get(env::OUTPUT)?.parse().ok()).unwrap_or(OutputFormat::Table)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        std::iter::once("strongroom").chain(line.split_whitespace()).map(OsString::from).collect()
    }

    #[test]
    fn options_of_two_letters_are_written_out() {
        let (words_out, _) = split(&args::root(), words("stack update -al slack -dv=great -a local -- -an")).unwrap();
        let expected = "stack update --alerter slack --data-validator=great -a local -- -an";
        assert_eq!(words_out, words(expected));
        let (untouched, _) = split(&args::root(), words("run -- ls -al")).unwrap();
        assert_eq!(untouched, words("run -- ls -al"));
    }

    #[test]
    fn the_output_format_is_found_anywhere_and_nowhere_else() {
        let cases = [
            ("-o json stack list", OutputFormat::Json),
            ("stack list --output=yaml", OutputFormat::Yaml),
            ("stack list -ojson", OutputFormat::Json),
            ("stack list -o=json", OutputFormat::Json),
            ("stack -o yaml list -o json", OutputFormat::Json),
            ("stack register s -o json", OutputFormat::Table),
            ("stack --stack x update -o json", OutputFormat::Table),
            ("-o json stack register s -o yaml", OutputFormat::Json),
            ("stack register s -o kube --output json", OutputFormat::Json),
            ("run --secret a -- cat -o json", OutputFormat::Table),
            ("stack list -o", OutputFormat::Table),
            ("stack list -o toml", OutputFormat::Table),
        ];
        for (line, expected) in cases {
            assert_eq!(output_asked(&words(line), &Env::from([])), expected, "{line}");
        }
        let env = Env::from([(env::OUTPUT, "json")]);
        assert_eq!(output_asked(&words("stack list"), &env), OutputFormat::Json);
        assert_eq!(output_asked(&words("stack list -o yaml"), &env), OutputFormat::Yaml);
    }
}
