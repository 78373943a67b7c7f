//! Load by wrk, and what it saw.

use super::contender::{Contender, Create};
use super::folder;
use crate::shell::{Outcome, output};
use std::fs;
use std::process::Command;
use std::time::Duration;

/// What wrk shall do.
pub(super) struct Load {
    url: String,
    script: String,
}

/// What it saw.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Requests answered in a second.
    pub(super) rate: f64,
    /// How long the slowest hundredth took at least, in milliseconds.
    pub(super) p99: f64,
}

impl Load {
    /// Asks for one secret.
    pub(super) fn get(contender: &Contender) -> Self {
        let script = headers(contender);
        Self { url: contender.get.clone(), script }
    }

    /// Creates secrets of names that no other round has.
    pub(super) fn create(contender: &Contender, round: u32) -> Option<Self> {
        let Create { url, body } = contender.create.as_ref()?;
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let script = format!(
            "{}\nlocal threads = 0\nfunction setup(thread) thread:set('id', threads); threads = threads + 1 end\n\
             local count = 0\nfunction request()\n  count = count + 1\n  \
             local name = string.format('bench-{round}-%d-%d', id, count)\n  \
             return wrk.format('POST', ('/{path}'):gsub('{{name}}', name), nil, ([[{body}]]):gsub('{{name}}', name))\nend\n",
            headers(contender)
        );
        Some(Self { url: url.replace("{name}", "any"), script })
    }
}

fn headers(contender: &Contender) -> String {
    contender.headers.iter().map(|(name, value)| format!("wrk.headers[{name:?}] = {value:?}\n")).collect()
}

/// Runs it; an answer that is no success is an error.
pub(super) fn run(load: &Load, connections: u32, time: Duration) -> Outcome<Seen> {
    let file = folder().join("load.lua");
    fs::write(&file, &load.script).map_err(|error| format!("cannot write {file:?}: {error}"))?;
    let mut wrk = Command::new("wrk");
    wrk.args(["--latency", "--threads", "1", "--timeout", "30s", "--connections", &connections.to_string()]);
    let said = output(wrk.arg(format!("--duration={}s", time.as_secs())).arg("--script").arg(&file).arg(&load.url))?;
    if said.contains("Non-2xx") || said.contains("Socket errors") {
        return Err(format!("{} failed under load:\n{said}", load.url));
    }
    let word = |before: &str| said.lines().find_map(|line| line.trim().strip_prefix(before).map(str::trim));
    let rate = word("Requests/sec:").and_then(|word| word.parse().ok());
    let p99 = word("99%").and_then(milliseconds);
    let (Some(rate), Some(p99)) = (rate, p99) else { return Err(format!("wrk said something else:\n{said}")) };
    Ok(Seen { rate, p99 })
}

fn milliseconds(text: &str) -> Option<f64> {
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let factor = match &text[at..] {
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        _ => return None,
    };
    text[..at].parse::<f64>().ok().map(|number| number * factor)
}
