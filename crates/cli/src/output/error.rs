//! Failures as users see them: message, causes and hint apart; one JSON line for programs.

use super::{OutputFormat, Style};
use clap::error::ErrorKind;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use strongroom_core::{Error, Kind};

#[derive(Serialize)]
struct Line<'a> {
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    kind: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    causes: Vec<String>,
}

/// Prints a failure on stderr.
pub(crate) fn print_error(error: &Error, format: OutputFormat, colours: bool) {
    let text = match format {
        OutputFormat::Json => json(error),
        OutputFormat::Table | OutputFormat::Yaml => text(error, colours),
    };
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Prints wrong usage on stderr: clap's own words, or one JSON line.
pub(crate) fn print_usage(error: &clap::Error, format: OutputFormat, colours: bool) {
    if format != OutputFormat::Json {
        let rendered = error.render();
        let text = if colours { rendered.ansi().to_string() } else { rendered.to_string() };
        let _ = io::stderr().write_all(text.as_bytes());
        return;
    }
    print_error(&usage_failure(error), format, colours);
}

/// Wrong usage as programs see it: what is wrong, and clap's tip or else the usage as a hint.
fn usage_failure(error: &clap::Error) -> Error {
    if matches!(error.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand) {
        return Error::invalid("the command is not complete").with_hint("`--help` shows what may follow");
    }
    let plain = error.render().to_string();
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = plain.split("\n\n").map(str::trim);
    let message = flat(paragraphs.next().unwrap_or_default().trim_start_matches("error: "));
    let rest: Vec<_> = paragraphs.collect();
    let tip = rest.iter().find_map(|paragraph| paragraph.strip_prefix("tip: "));
    let usage = rest.iter().find(|paragraph| paragraph.starts_with("Usage: ")).copied();
    let failure = Error::new(Kind::Invalid, message);
    match tip.or(usage) {
        Some(hint) => failure.with_hint(flat(hint)),
        None => failure,
    }
}

fn json(error: &Error) -> String {
    let message = error.to_string();
    let failure =
        Failure { kind: error.kind().as_str(), message: &message, hint: error.hint(), causes: error.causes() };
    serde_json::to_string(&Line { error: failure }).expect("text and lists of text") + "\n"
}

fn text(error: &Error, colours: bool) -> String {
    let mut out = format!("{} {error}\n", Style::Error.paint("error:", colours));
    for cause in error.causes() {
        let _ = writeln!(out, "  caused by: {}", cause.replace('\n', "\n    "));
    }
    if let Some(hint) = error.hint() {
        let _ = writeln!(out, "\n{} {hint}", Style::Hint.paint("hint:", colours));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_causes_and_hint_stand_apart() {
        let error = Error::not_found("secret", "a").with_hint("register it first").within("cannot run the step");
        let expected =
            "error: cannot run the step\n  caused by: secret `a` does not exist\n\nhint: register it first\n";
        assert_eq!(text(&error, false), expected);
        let line = r#"{"error":{"kind":"not_found","message":"cannot run the step","hint":"register it first","causes":["secret `a` does not exist"]}}"#;
        assert_eq!(json(&error), format!("{line}\n"));
    }
}
