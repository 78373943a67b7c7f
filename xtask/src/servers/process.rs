//! Processes that outlive us and are found again by their id.

use crate::shell::{Outcome, command};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a process may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process. Its id alone names whatever has it today; with the time it started, nothing else is meant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Process {
    pub(super) id: u32,
    /// In ticks since the machine started, as `/proc` tells.
    started: u64,
    /// What makes it end in order.
    signal: String,
}

impl Process {
    /// Starts `command` in the background; what it says goes to the file `log`. Ctrl-C in our terminal does not reach it.
    pub(super) fn start(command: &mut Command, signal: &str, log: &Path) -> Outcome<Self> {
        let file = File::create(log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
        let again = file.try_clone().map_err(|error| error.to_string())?;
        command.stdin(Stdio::null()).stdout(file).stderr(again).process_group(0);
        let child = command.spawn().map_err(|error| format!("cannot start {command:?}: {error}"))?;
        let id = child.id();
        let (_, started) = stat(id).ok_or_else(|| format!("/proc does not know process {id}"))?;
        Ok(Self { id, started, signal: signal.to_owned() })
    }

    /// Whether it is still there. One that ended and is not yet waited for is not.
    pub(super) fn runs(&self) -> bool {
        stat(self.id).is_some_and(|(state, started)| started == self.started && !matches!(state, 'Z' | 'X'))
    }

    /// Makes it end: in order, or by force when that takes too long. Another process with its id is left alone.
    pub(super) fn stop(&self) -> Outcome {
        for signal in [&*self.signal, "KILL"] {
            if self.runs() {
                // it may end between the two
                command("kill", &[&format!("-{signal}"), &self.id.to_string()]).stderr(Stdio::null()).status().ok();
            }
            if wait_until(PATIENCE, || !self.runs()) {
                return Ok(());
            }
        }
        Err(format!("process {} does not end", self.id))
    }
}

/// The state of a process and when it started.
fn stat(id: u32) -> Option<(char, u64)> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // the name before `)` may hold anything
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.nth(18)?.parse().ok()?))
}

/// Whether `true_now` became true in time.
pub(super) fn wait_until(patience: Duration, mut true_now: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    while !true_now() {
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(folder: &Path) -> Process {
        Process::start(&mut command("sleep", &["600"]), "TERM", &folder.join("sleep.log")).unwrap()
    }

    #[test]
    fn only_the_process_that_was_started_is_stopped() {
        let folder = std::env::temp_dir().join(format!("strongroom-xtask-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let process = sleeper(&folder);
        assert!(process.runs());
        let other = Process { started: process.started + 1, ..process.clone() };
        assert!(!other.runs());
        other.stop().unwrap();
        assert!(process.runs(), "another process was stopped in its place");
        process.stop().unwrap();
        assert!(!process.runs());
        fs::remove_dir_all(&folder).unwrap();
    }
}
