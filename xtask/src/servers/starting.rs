//! What a server needs to start: a folder, processes, ports, a password.

use super::process::{Process, wait_until};
use super::user::{give, is_root, opens};
use crate::shell::Outcome;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The name of an environment variable and its value.
pub(super) type Export = (String, String);

/// A server on its way up; what it has made so far is known, so that it can be undone.
pub(super) struct Starting {
    /// Its own folder first.
    pub(super) folders: Vec<PathBuf>,
    pub(super) processes: Vec<Process>,
}

impl Starting {
    /// With an empty folder that only this user reads.
    pub(super) fn new(folder: PathBuf) -> Outcome<Self> {
        let failed = |error| format!("cannot create {}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        fs::create_dir_all(&folder).map_err(failed)?;
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(failed)?;
        Ok(Self { folders: vec![folder], processes: Vec::new() })
    }

    /// Its own folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folders[0]
    }

    /// A folder of `user`, if we are root: its own, or one in `/tmp` where the workspace lies in a home that is closed to others.
    pub(super) fn folder_of(&mut self, user: &str) -> Outcome<PathBuf> {
        give(self.folder(), user)?;
        if !is_root() || opens(self.folder(), user)? {
            return Ok(self.folder().to_owned());
        }
        let elsewhere = std::env::temp_dir().join(format!("strongroom-{user}-{}", password()?));
        fs::create_dir(&elsewhere).map_err(|error| format!("cannot create {}: {error}", elsewhere.display()))?;
        self.folders.push(elsewhere.clone());
        give(&elsewhere, user)?;
        Ok(elsewhere)
    }

    /// Starts `command`, which logs to a file of this name and ends in order by `signal`.
    pub(super) fn process(&mut self, command: &mut Command, signal: &str, log: &str) -> Outcome<Process> {
        let process = Process::start(command, signal, &self.folder().join(log))?;
        self.processes.push(process.clone());
        Ok(process)
    }

    /// Returns when `ready` says so; an error when the process ends before, or takes too long.
    pub(super) fn wait(&self, process: &Process, log: &str, mut ready: impl FnMut() -> bool) -> Outcome {
        let mut is_ready = false;
        wait_until(super::PATIENCE, || {
            is_ready = ready();
            is_ready || !process.runs()
        });
        if is_ready && process.runs() {
            return Ok(());
        }
        let why = if process.runs() { "was not ready in time" } else { "ended at once" };
        let said = fs::read_to_string(self.folder().join(log)).unwrap_or_default();
        let lines: Vec<_> = said.lines().collect();
        Err(format!("it {why}:\n{}", lines[lines.len().saturating_sub(20)..].join("\n")))
    }
}

/// One variable for those who use the server.
pub(super) fn export(name: &str, value: impl Into<String>) -> Export {
    (name.to_owned(), value.into())
}

/// Ports of the loopback address that nobody has. All are held until the last is known, so that they differ.
pub(super) fn free_ports<const COUNT: usize>() -> Outcome<[u16; COUNT]> {
    let failed = |error| format!("no free port: {error}");
    let mut ports = [0; COUNT];
    let mut held = Vec::new();
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        *port = listener.local_addr().map_err(failed)?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// A password that nobody knows, of characters that need no escape anywhere.
pub(super) fn password() -> Outcome<String> {
    let mut bytes = [0; 16];
    let random = fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    random.map_err(|error| format!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file that only this user reads.
pub(super) fn private(path: &Path, text: &str) -> Outcome {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}
