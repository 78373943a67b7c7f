//! Servers of `strongroom` beside us: ready when they say so, stopped by their process id.

use super::process::wait;
use crate::shell::{Outcome, command, run};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server. Dropped without [`Server::stop`], it is killed.
pub(super) struct Server {
    child: Child,
    ready: Value,
}

impl Server {
    /// Starts it and waits for the one line of JSON that it prints when it accepts connections.
    pub(super) fn start(command: &mut Command) -> Outcome<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {command:?}: {error}"))?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let mut server = Self { child, ready: Value::Null };
        server.ready = ready_line(stdout)?;
        Ok(server)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it said when it was ready. That may hold a secret, so no error quotes it.
    pub(super) fn ready(&self) -> &Value {
        &self.ready
    }

    /// One word of what it said.
    pub(super) fn word(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_default()
    }

    /// Asks it to end, which must succeed.
    pub(super) fn stop(mut self) -> Outcome {
        run(&mut command("kill", &["-TERM", &self.child.id().to_string()]))?;
        let status = wait(&mut self.child, PATIENCE).map_err(|error| format!("the server {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}")) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn ready_line(stdout: impl std::io::Read + Send + 'static) -> Outcome<Value> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        send.send(read.map(|_| line)).ok();
    });
    let line = receive.recv_timeout(PATIENCE).map_err(|_| "the server was not ready in time")?;
    let line = line.map_err(|error| format!("the server's ready line cannot be read: {error}"))?;
    serde_json::from_str(&line).map_err(|_| "the server ended, or printed no JSON, instead of a ready line".to_owned())
}
