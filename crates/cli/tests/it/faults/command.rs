//! The commands that talk to the vault.

use super::place::{NAMES, values};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a reader finds of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Absent,
    /// All that was there before.
    Old,
    /// All that the command writes.
    New,
    /// A part, and that is said.
    Torn,
    /// Anything else, which must never be.
    Mixed,
}

/// A command, and which secrets it is about.
pub(super) struct Command {
    /// Its column.
    pub(super) name: &'static str,
    pub(super) words: &'static [&'static str],
    /// The secrets that are looked at afterwards, and what is there before and after.
    pub(super) secrets: &'static [&'static str],
    pub(super) before: Found,
    pub(super) after: Found,
    /// Whether what it printed is what it should print.
    pub(super) is_right: fn(&str) -> bool,
}

/// The command that is about all secrets.
pub(super) const CLEANUP: &str = "cleanup";

/// In this order, as the last one leaves nothing.
pub(super) const COMMANDS: &[Command] = &[
    reading("get", &["secrets-manager", "secret", "get", "kept"], |printed| json(printed)["values"] == values("old")),
    reading("describe", &["secrets-manager", "secret", "describe", "kept"], |printed| {
        json(printed)["keys"].as_array().is_some_and(|keys| keys.len() == 2)
    }),
    reading("list", &["secrets-manager", "secret", "list"], |printed| {
        let listed: BTreeSet<_> = json(printed)
            .as_array()
            .unwrap()
            .iter()
            .map(|secret| secret["name"].as_str().unwrap().to_owned())
            .collect();
        listed == NAMES.map(str::to_owned).into()
    }),
    reading("run", &["run", "--secret", "kept", "--only-keys", "word", "--", "printenv", "word"], |printed| {
        printed == "old\n"
    }),
    reading("doctor", &["doctor"], |printed| !printed.contains("fail")),
    Command {
        name: "register",
        words: &["secrets-manager", "secret", "register", "fresh", "--values=@new.json"],
        secrets: &["fresh"],
        before: Found::Absent,
        after: Found::New,
        is_right: |_| true,
    },
    Command {
        name: "update",
        words: &["secrets-manager", "secret", "update", "changed", "--values=@new.json"],
        secrets: &["changed"],
        before: Found::Old,
        after: Found::New,
        is_right: |_| true,
    },
    Command {
        name: "delete",
        words: &["secrets-manager", "secret", "delete", "gone", "-y"],
        secrets: &["gone"],
        before: Found::Old,
        after: Found::Absent,
        is_right: |_| true,
    },
    Command {
        name: CLEANUP,
        words: &["secrets-manager", "secret", "cleanup", "-y"],
        secrets: &["kept", "more-a", "more-k"],
        before: Found::Old,
        after: Found::Absent,
        is_right: |_| true,
    },
];

const fn reading(name: &'static str, words: &'static [&'static str], is_right: fn(&str) -> bool) -> Command {
    Command { name, words, secrets: &["kept"], before: Found::Old, after: Found::Old, is_right }
}

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed:?}"))
}
