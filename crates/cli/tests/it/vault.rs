//! Key Vaults for the command line: `keyvault serve` as a process of its own, and one with fault switches in this process.

use crate::room::Room;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use strongroom_keyvault::Options;
use strongroom_testkit::{Faults, TestVault};
use tokio::runtime::Runtime;

/// `strongroom keyvault serve`, running. Dropped, it is killed.
pub(crate) struct Served {
    child: Child,
    /// Stays open: a server whose stdout is gone might not care, but a real one is never so alone.
    _stdout: BufReader<ChildStdout>,
    /// The ready line.
    pub(crate) ready: Value,
}

impl Served {
    /// Starts it with these options, and waits until it is ready.
    pub(crate) fn start(room: &Room, options: &[&str]) -> Self {
        Self::start_logging(room, options, Stdio::inherit())
    }

    /// The same, with its stderr going elsewhere.
    pub(crate) fn start_logging(room: &Room, options: &[&str], stderr: impl Into<Stdio>) -> Self {
        let mut command = room.command(["keyvault", "serve", "-o", "json"]);
        let mut child = command.args(options).stderr(stderr).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        Self { child, _stdout: stdout, ready }
    }

    /// A text of the ready line.
    pub(crate) fn word(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    /// Where vault number `index` answers.
    pub(crate) fn url(&self, index: usize) -> &str {
        self.ready["vaults"][index]["url"].as_str().unwrap()
    }

    /// Sends a signal and waits for the end; the exit code.
    pub(crate) fn end_by(mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
        self.child.wait().unwrap().code()
    }

    /// `room` with the variables by which its clients sign in.
    pub(crate) fn signed_in(&self, room: Room) -> Room {
        let variables = [
            ("AZURE_AUTHORITY_HOST", "authority"),
            ("AZURE_TENANT_ID", "tenant_id"),
            ("AZURE_CLIENT_ID", "client_id"),
            ("AZURE_CLIENT_SECRET", "client_secret"),
        ];
        variables.iter().fold(room, |room, (variable, word)| room.with(variable, self.word(word)))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A vault in this process, with fault switches, and the runtime that serves it.
pub(crate) struct Faulty {
    vault: TestVault,
    /// Serves the vault on threads of its own.
    pub(crate) runtime: Runtime,
}

impl Faulty {
    /// Starts it.
    pub(crate) fn start() -> Self {
        Self::start_with(Options::default())
    }

    /// As `options` say.
    pub(crate) fn start_with(options: Options) -> Self {
        let runtime = Runtime::new().unwrap();
        let vault = runtime.block_on(TestVault::start_with(options));
        Self { vault, runtime }
    }

    /// The vault.
    pub(crate) fn vault(&self) -> &TestVault {
        &self.vault
    }

    /// Its switches.
    pub(crate) fn faults(&self) -> &Faults {
        self.vault.faults()
    }

    /// A room whose servers keep values in this vault, by variables.
    pub(crate) fn server_room(&self) -> Room {
        let room = self.vault.environment().iter().fold(Room::new(), |room, (name, value)| room.with(name, value));
        let room = room.with("STRONGROOM_SECRETS_STORE", "azure").with("STRONGROOM_LISTEN", "127.0.0.1:0");
        self.vault.attributes().iter().fold(room, |room, (name, value)| {
            room.with(&format!("STRONGROOM_SECRETS_STORE_{}", name.to_ascii_uppercase()), value)
        })
    }

    /// A room that is signed in, whose active stack has the manager `kv` with `more` attributes.
    pub(crate) fn room(&self, more: &[&str]) -> Room {
        let room = self.vault.environment().iter().fold(Room::new(), |room, (name, value)| room.with(name, value));
        register(&room, "kv", &self.vault.attributes(), more);
        room.succeeds(["stack", "update", "-x", "kv"]);
        room
    }
}

/// Registers a secrets manager of flavor `azure`.
pub(crate) fn register(room: &Room, name: &str, attributes: &[(String, String)], more: &[&str]) {
    let mut words: Vec<_> = ["secrets-manager", "register", name, "--flavor=azure"].map(str::to_owned).into();
    words.extend(attributes.iter().map(|(name, value)| format!("--{name}={value}")));
    words.extend(more.iter().map(|word| (*word).to_owned()));
    room.succeeds(words);
}
