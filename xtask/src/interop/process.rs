//! Programs that run beside us, and end when they should.

use crate::shell::Outcome;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Lines of a log that are shown when its program failed.
const SHOWN: usize = 40;

/// Runs `command` to its end and gives what it printed on stdout; what it says on stderr goes to the file `log`.
pub(super) fn finish(command: &mut Command, log: &Path, patience: Duration) -> Outcome<String> {
    let file = File::create(log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
    let mut child = command.spawn().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    let mut stdout = child.stdout.take().ok_or("no stdout")?;
    // In a thread of its own, as a full pipe would stop the program.
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    let status = wait(&mut child, patience)?;
    let printed = reader.join().map_err(|_| "a thread panicked")?.map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(printed);
    }
    let said = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = said.lines().collect();
    let last = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
    let failed: Vec<_> = printed.lines().filter(|line| line.contains("failed")).collect();
    Err(format!("{status}\n{last}\n{}", failed.join("\n")))
}

/// Waits until `child` has ended; when it takes longer, it is killed.
pub(super) fn wait(child: &mut Child, patience: Duration) -> Outcome<ExitStatus> {
    let deadline = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                child.kill().ok();
                child.wait().ok();
                return Err(format!("had not ended after {} s and was killed", patience.as_secs()));
            }
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
}
