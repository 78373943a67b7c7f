//! `cargo xtask docs`: the references of the command line and of the REST API, asked from the binary itself.

use crate::shell::{Outcome, cargo, command, output, root, target};
use std::fmt::Write as _;
use std::path::Path;

const CLI: &str = "docs/reference/cli.md";
const OPENAPI: &str = "docs/reference/openapi.json";

/// Writes the references, or compares them with what is committed.
pub(crate) fn reference(check: bool) -> Outcome {
    cargo(&["build", "--quiet", "--locked", "--package", "strongroom"], &[])?;
    let binary = target().join("debug/strongroom");
    let mut text =
        String::from("# Command-line reference\n\nWritten by `cargo xtask docs` from `--help`; do not edit.\n");
    describe(&binary, &mut vec![], &mut text)?;
    let openapi = output(command(&binary, &["server", "openapi"]).env_clear())?;
    for (file, text) in [(CLI, text), (OPENAPI, openapi)] {
        keep(file, &text, check)?;
    }
    Ok(())
}

fn keep(file: &str, text: &str, check: bool) -> Outcome {
    let path = root().join(file);
    if !check {
        return std::fs::write(&path, text).map_err(|error| format!("cannot write {file}: {error}"));
    }
    let committed = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {file}: {error}"))?;
    match committed == text {
        true => Ok(()),
        false => Err(format!("{file} is not what the binary says; run `cargo xtask docs` and commit it")),
    }
}

/// Appends the help of the command at `path` and of all below it.
fn describe(binary: &Path, path: &mut Vec<String>, text: &mut String) -> Outcome {
    let mut words: Vec<&str> = path.iter().map(String::as_str).collect();
    words.push("--help");
    let help = output(command(binary, &words).env_clear().env("COLUMNS", "110"))?;
    let title = path.iter().fold("strongroom".to_owned(), |title, word| title + " " + word);
    let level = "#".repeat((path.len() + 2).min(4));
    write!(text, "\n{level} {title}\n\n```text\n{}\n```\n", help.trim_end()).expect("writing to memory");
    // The verbs of every other component type are those of `secrets-manager`.
    let repeats = help.lines().next().is_some_and(|about| about.ends_with("(configuration only)"));
    for name in subcommands(&help).into_iter().filter(|_| !repeats) {
        path.push(name);
        describe(binary, path, text)?;
        path.pop();
    }
    Ok(())
}

/// The names under the heading `Commands:` of a help text.
fn subcommands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  ") || line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}
