//! Who is changing a secret, and whether that process still lives.

use serde::{Deserialize, Serialize};
use std::path::Path;
use uuid::Uuid;

/// One process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Holder {
    /// Tells it from every other, on all machines.
    pub(crate) process: Uuid,
    host: String,
    pid: u32,
}

impl Holder {
    /// This process.
    pub(crate) fn this() -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned();
        Self { process: Uuid::new_v4(), host, pid: std::process::id() }
    }

    /// Whether it is known to have ended: it ran on the machine of `this`, and its process id is free, or is that of `this`.
    pub(crate) fn is_dead(&self, this: &Self) -> bool {
        let processes = Path::new("/proc/self");
        self.host == this.host
            && self.process != this.process
            && processes.exists()
            && (self.pid == this.pid || !Path::new(&format!("/proc/{}", self.pid)).exists())
    }
}
