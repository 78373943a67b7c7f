//! Servers that run beside us and are stopped by their process id.

use crate::shell::Outcome;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a start may take; ZenML makes its tables for half a minute.
const PATIENCE: Duration = Duration::from_secs(180);

/// A running server; killed when it is dropped.
pub(super) struct Process(Child);

impl Process {
    pub(super) fn start(command: &mut Command) -> Outcome<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        child.map(Self).map_err(|error| format!("cannot start {command:?}: {error}"))
    }

    /// Starts a server that prints one line when it is ready; the line too.
    pub(super) fn announced(command: &mut Command) -> Outcome<(Self, String)> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut process = child.map(Self).map_err(|error| format!("cannot start {command:?}: {error}"))?;
        let mut line = String::new();
        let stdout = process.0.stdout.take().ok_or("no stdout")?;
        BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
        if line.is_empty() {
            return Err(format!("{command:?} ended before it was ready"));
        }
        Ok((process, line))
    }

    /// Waits until something listens on `port`.
    pub(super) fn listens(mut self, port: u16) -> Outcome<Self> {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Err(format!("a server ended before it was ready: {status}"));
            }
            if Instant::now() > deadline {
                return Err(format!("nothing listens on port {port}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(self)
    }

    /// What it holds in memory, in MB.
    pub(super) fn memory(&self) -> Outcome<f64> {
        let file = format!("/proc/{}/status", self.0.id());
        let text = fs::read_to_string(&file).map_err(|error| format!("cannot read {file}: {error}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kibibytes.map(|kibibytes| kibibytes / 1024.0).ok_or_else(|| format!("{file} tells no memory"))
    }

    /// Stops it as an operator would.
    pub(super) fn stop(mut self) -> Outcome {
        crate::shell::run(Command::new("kill").arg(self.0.id().to_string()))?;
        self.0.wait().map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Ports of loopback that were free a moment ago, no two the same.
pub(super) fn free_ports<const N: usize>() -> Outcome<[u16; N]> {
    let mut sockets = Vec::new();
    for _ in 0..N {
        sockets.push(TcpListener::bind("127.0.0.1:0").map_err(|error| format!("no free port: {error}"))?);
    }
    let ports = sockets.iter().filter_map(|socket| socket.local_addr().ok()).map(|address| address.port());
    ports.collect::<Vec<_>>().try_into().map_err(|_| "a port has no number".to_owned())
}

/// One request by curl, its secrets on stdin and not among the arguments; the body of the answer.
pub(super) fn ask(method: &str, url: &str, headers: &[(&str, String)], body: Option<&str>) -> Outcome<String> {
    let mut child = Command::new("curl")
        .args(["--silent", "--show-error", "--fail-with-body", "--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start curl: {error}"))?;
    let mut config = format!("request = {method:?}\nurl = {url:?}\n");
    for (name, value) in headers {
        config.push_str(&format!("header = {:?}\n", format!("{name}: {value}")));
    }
    if let Some(body) = body {
        config.push_str(&format!("data-raw = {body:?}\n"));
    }
    let mut stdin = child.stdin.take().ok_or("no stdin")?;
    stdin.write_all(config.as_bytes()).map_err(|error| error.to_string())?;
    drop(stdin);
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(format!("{method} {url} failed: {text}")) }
}
