//! Command lines, a word a line: no word is lost, no pair is changed, and no message quotes the value of a pair.
#![no_main]

#[path = "../../crates/cli/src/args/mod.rs"]
#[allow(dead_code, unused_imports)]
mod args;
#[path = "../../crates/cli/src/argv/mod.rs"]
#[allow(dead_code)]
mod argv;
#[path = "../../crates/cli/src/env.rs"]
#[allow(dead_code)]
mod env;
#[path = "../../crates/cli/src/output/format.rs"]
mod format;
mod output {
    pub(crate) use crate::format::OutputFormat;
}
#[path = "../../crates/cli/src/settings/store_kind.rs"]
mod store_kind;
mod settings {
    pub(crate) use crate::store_kind::StoreKind;
}

use libfuzzer_sys::fuzz_target;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use strongroom_fuzz::CANARY;

fuzz_target!(|bytes: &[u8]| {
    let words = bytes.split(|byte| *byte == b'\n').map(|word| OsString::from_vec(word.to_owned()));
    let words: Vec<OsString> = std::iter::once("strongroom".into()).chain(words.take(24)).collect();
    let root = args::root();
    if args::free_form(&argv::names(&root, &words)).is_some() {
        loses_nothing(&words);
        quotes_no_value(words.into_iter().map(sealed).collect());
    } else {
        // parsed to its end, whatever it is
        let _ = args::parse(words);
    }
});

/// Every word is given to clap or is a pair; only `--` goes.
fn loses_nothing(words: &[OsString]) {
    let Ok((known, pairs)) = argv::split(&args::root(), words.to_vec()) else { return };
    let mut rest = words.iter();
    // an option of two letters and its value may be written apart; no free-form command has those
    for word in &known {
        assert!(rest.any(|given| given == word), "clap gets {word:?}, which nobody gave in this place");
    }
    let separator = usize::from(words.iter().any(|word| word == "--") && !known.iter().any(|word| word == "--"));
    assert_eq!(known.len() + pairs.len() + separator, words.len(), "a word is lost: {words:?}");
    let mut rest = words.iter();
    for pair in &pairs {
        let text = format!("{}={}", pair.key, &*pair.value);
        let is_it = |given: &OsString| given.to_str().is_some_and(|given| given.trim_start_matches('-') == text);
        assert!(rest.any(is_it), "the pair of `{}` is not what was given", pair.key);
    }
}

/// A word `--key=value` with the canary behind its value.
fn sealed(word: OsString) -> OsString {
    match word.to_str() {
        Some(text) if text.starts_with("--") && text.contains('=') => format!("{text}{CANARY}").into(),
        _ => word,
    }
}

fn quotes_no_value(words: Vec<OsString>) {
    let known = match argv::split(&args::root(), words.clone()) {
        Ok((known, pairs)) => {
            assert!(!format!("{pairs:?}").contains(CANARY), "pairs show their values");
            known
        }
        Err(error) => {
            let shown = format!("{error}{error:?}");
            return assert!(!shown.contains(CANARY), "a message quotes a value: {shown}");
        }
    };
    // what is given to an option is no secret unless the option says so
    if known.iter().any(|word| word.to_string_lossy().contains(CANARY)) {
        return;
    }
    let shown = match args::parse(words) {
        Ok(parsed) => format!("{parsed:?}"),
        Err(error) => format!("{error}{error:?}"),
    };
    assert!(!shown.contains(CANARY), "a value is shown: {shown}");
}
