//! What the clients reported, and the table of it.

use super::clients::Client;
use crate::shell::{Outcome, root};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const FEATURES: &str = "tests/interop/features.txt";

/// Outcomes by client and feature.
pub(super) struct Report(BTreeMap<(String, String), String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    feature: String,
    client: String,
    outcome: String,
}

/// A heading in features.txt with the features under it.
struct Section {
    title: String,
    features: Vec<String>,
}

impl Report {
    /// Reads what each client printed. Each must report known features, once each, and all of a section or none.
    pub(super) fn read(printed: &[String]) -> Outcome<Self> {
        let sections = sections()?;
        let mut report = Self(BTreeMap::new());
        for text in printed {
            let lines = text.lines().filter(|line| line.starts_with('{'));
            for line in lines {
                let line: Line = serde_json::from_str(line).map_err(|error| format!("no report ({error}): {line}"))?;
                report.record(line, &sections)?;
            }
        }
        for client in report.clients() {
            for section in &sections {
                let missing = section.features.iter().filter(|feature| report.outcome(&client, feature).is_none());
                let missing: Vec<_> = missing.map(String::as_str).collect();
                if !missing.is_empty() && missing.len() < section.features.len() {
                    return Err(format!("{client} did not report: {}", missing.join(", ")));
                }
            }
        }
        Ok(report)
    }

    fn record(&mut self, Line { feature, client, outcome }: Line, sections: &[Section]) -> Outcome {
        if !sections.iter().any(|section| section.features.contains(&feature)) {
            return Err(format!("{client} reported `{feature}`, which is not in {FEATURES}"));
        }
        if outcome.starts_with("failed") {
            return Err(format!("{client}: {feature}: {outcome}"));
        }
        match self.0.insert((client, feature), outcome) {
            None => Ok(()),
            Some(first) => Err(format!("a feature was reported twice, first as: {first}")),
        }
    }

    /// Adds what was seen another way; a client that ran both ways must have seen the same.
    pub(super) fn add(&mut self, other: Self) -> Outcome {
        let ran = self.clients();
        for ((client, feature), outcome) in other.0 {
            let before = self.outcome(&client, &feature);
            if ran.contains(&client) && before != Some(outcome.as_str()) {
                return Err(format!("{client}: {feature}: {before:?} over loopback, {outcome} with every default"));
            }
            self.0.insert((client, feature), outcome);
        }
        Ok(())
    }

    /// Adds what was seen of other features.
    pub(super) fn join(&mut self, other: Self) -> Outcome {
        other.0.into_iter().try_for_each(|(key, outcome)| match self.0.insert(key, outcome) {
            None => Ok(()),
            Some(first) => Err(format!("a feature was reported twice, first as: {first}")),
        })
    }

    fn clients(&self) -> Vec<String> {
        let mut clients: Vec<_> = self.0.keys().map(|(client, _)| client.clone()).collect();
        clients.dedup();
        clients
    }

    fn outcome(&self, client: &str, feature: &str) -> Option<&str> {
        self.0.get(&(client.to_owned(), feature.to_owned())).map(String::as_str)
    }
}

/// Whether `committed` says the same as `text`, the page of what was seen; sections that nobody reported, as
/// their clients were left out, are not looked at.
pub(super) fn matches(committed: &str, text: &str) -> bool {
    let nobody = |title: &str| !text.contains(&format!("\n## {title}\n"));
    let mut parts = committed.split("\n## ");
    let first = parts.next().map(str::to_owned);
    let kept = parts.filter(|part| !nobody(part.lines().next().unwrap_or_default()));
    first.into_iter().chain(kept.map(|part| format!("\n## {part}"))).collect::<String>() == text
}

/// The page: rows are features, columns the clients that reported any of the section.
pub(super) fn markdown(report: &Report, clients: &[Client]) -> Outcome<String> {
    let mut text = String::from(
        "# Compatibility\n\nWritten by `cargo xtask interop --write`; do not edit. `cargo xtask check` compares it with what it sees.\n\n\
         Programs that others wrote, as published, against `strongroom keyvault serve`. The SDKs ran every scenario twice: on localhost, and with\n\
         every default against `https://NAME.vault.azure.net` and `login.microsoftonline.com`, which a hosts file led there; `az` and ZenML ran\n\
         the second way. ZenML 0.98 and 0.44 also ran against `strongroom server start`, as command line and as `Client()`. `ok`: what the feature\n\
         promises was asserted, refusals by status and code, or by the exception and the exit code. The scenarios are in `tests/interop/`.\n\n\
         | client | packages |\n|---|---|\n",
    );
    for client in clients {
        writeln!(text, "| {} | {} |", client.name, versions(client)?).expect("writing to memory");
    }
    for Section { title, features } in sections()? {
        let reported = |client: &&Client| features.iter().any(|feature| report.outcome(client.name, feature).is_some());
        let columns: Vec<_> = clients.iter().filter(reported).map(|client| client.name).collect();
        if columns.is_empty() {
            continue;
        }
        let line = "|---".repeat(columns.len() + 1);
        write!(text, "\n## {title}\n\n| feature | {} |\n{line}|\n", columns.join(" | ")).expect("writing to memory");
        for feature in &features {
            let cells: Vec<_> = columns.iter().map(|name| report.outcome(name, feature).unwrap_or("–")).collect();
            writeln!(text, "| {feature} | {} |", cells.join(" | ")).expect("writing to memory");
        }
    }
    Ok(text)
}

/// The versions of a client's packages, from where they are pinned.
fn versions(client: &Client) -> Outcome<String> {
    let (file, packages) = client.pinned;
    let text = std::fs::read_to_string(root().join(file)).map_err(|error| format!("cannot read {file}: {error}"))?;
    let found: Option<Vec<_>> = packages
        .iter()
        .map(|(name, before)| {
            let rest = text.split(before).nth(1)?;
            let version = rest.split(|c: char| !c.is_ascii_digit() && c != '.').next()?;
            Some(format!("{name} {}", version.trim_end_matches('.')))
        })
        .collect();
    found.map(|found| found.join(", ")).ok_or_else(|| format!("{file} does not pin every package of {}", client.name))
}

fn sections() -> Outcome<Vec<Section>> {
    let text =
        std::fs::read_to_string(root().join(FEATURES)).map_err(|error| format!("cannot read {FEATURES}: {error}"))?;
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix("# "), sections.last_mut()) {
            (Some(title), _) => sections.push(Section { title: title.to_owned(), features: Vec::new() }),
            (None, Some(section)) => section.features.push(line.to_owned()),
            (None, None) => return Err(format!("{FEATURES} begins without a heading")),
        }
    }
    Ok(sections)
}
