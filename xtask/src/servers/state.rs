//! What runs, kept in a file so that another call finds it.

use super::process::Process;
use super::starting::{Export, private};
use crate::shell::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::PathBuf;

/// A server that was started.
#[derive(Serialize, Deserialize)]
pub(super) struct Running {
    pub(super) version: String,
    pub(super) folders: Vec<PathBuf>,
    pub(super) processes: Vec<Process>,
    pub(super) exports: Vec<Export>,
}

impl Running {
    /// Whether all its processes do.
    fn runs(&self) -> bool {
        self.processes.iter().all(Process::runs)
    }

    /// Stops its processes, the newest first, and drops folders elsewhere. Its own is kept for its logs.
    pub(super) fn stop(&self) -> Outcome {
        self.processes.iter().rev().try_for_each(Process::stop)?;
        let elsewhere = self.folders.iter().skip(1).filter(|folder| folder.exists());
        elsewhere.clone().try_for_each(|folder| {
            fs::remove_dir_all(folder).map_err(|error| format!("cannot remove {}: {error}", folder.display()))
        })
    }
}

/// The servers that were started in one folder. Held by one process at a time.
pub(super) struct State {
    folder: PathBuf,
    servers: BTreeMap<String, Running>,
    _lock: File,
}

impl State {
    /// What was kept in `folder`, once nobody else works on it.
    pub(super) fn open(folder: PathBuf) -> Outcome<Self> {
        let failed = |error| format!("cannot open {}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let file = folder.join("state.json");
        let servers = match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { folder, servers, _lock: lock })
    }

    /// Where a server keeps its things.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn runs(&self, name: &str) -> bool {
        self.servers.get(name).is_some_and(Running::runs)
    }

    pub(super) fn add(&mut self, name: &str, running: Running) -> Outcome {
        self.servers.insert(name.to_owned(), running);
        self.save()
    }

    /// Stops what is left of a server.
    pub(super) fn remove(&mut self, name: &str) -> Outcome {
        if let Some(running) = self.servers.get(name) {
            running.stop().map_err(|error| format!("{name}: {error}"))?;
            self.servers.remove(name);
        }
        self.save()
    }

    /// Stops all; those that do not end stay known.
    pub(super) fn down(&mut self) -> Outcome {
        let mut failed = Ok(());
        self.servers.retain(|name, running| match running.stop() {
            Ok(()) => false,
            Err(error) => {
                failed = Err(format!("{name}: {error}"));
                true
            }
        });
        self.save()?;
        failed
    }

    /// What those that run tell their users.
    pub(super) fn exports(&self) -> impl Iterator<Item = &Export> {
        self.servers.values().filter(|server| server.runs()).flat_map(|server| &server.exports)
    }

    /// A line for each.
    pub(super) fn print(&self) {
        for (name, running) in &self.servers {
            let Running { version, folders, processes, exports: _ } = running;
            let ids: Vec<_> = processes.iter().map(|process| process.id.to_string()).collect();
            let state = if running.runs() { "runs" } else { "ended" };
            let folder = folders.first().map(|folder| folder.display().to_string()).unwrap_or_default();
            println!("  {name:<10} {state:<6} {version:<28} process {:<8} {folder}", ids.join(" "));
        }
        if self.servers.is_empty() {
            println!("  no servers run");
        }
    }

    fn save(&self) -> Outcome {
        let text = serde_json::to_string_pretty(&self.servers).map_err(|error| error.to_string())?;
        private(&self.folder.join("state.json"), &text)
    }
}
