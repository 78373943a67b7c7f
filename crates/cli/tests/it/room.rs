//! A room of one's own: a `STRONGROOM_HOME` in a temporary folder, and an environment with nothing else in it.

use snapbox::{Assert, IntoData};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// One user on one machine.
pub(crate) struct Room {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Room {
    /// A room in which nothing was ever done. Hints are off: tests of hints ask for them by [`Room::with`].
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, variables: vec![] }.with("STRONGROOM_NO_HINTS", "1")
    }

    /// A room whose active stack has a secrets manager of flavor `local`.
    pub(crate) fn with_local_manager() -> Self {
        let room = Self::new();
        room.succeeds(["secrets-manager", "register", "safe", "--flavor=local"]);
        room.succeeds(["stack", "update", "-x", "safe"]);
        room
    }

    /// The same room with one more variable in its environment, or another value of it.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same room where programs are found as they are here.
    pub(crate) fn finding_programs(self) -> Self {
        self.with("PATH", &programs())
    }

    /// A path below the working folder of the room, which is not its `STRONGROOM_HOME`.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `STRONGROOM_HOME`.
    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Writes a file into the working folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// The program with the environment of the room, ready for more.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
        command.args(words).current_dir(self.folder.path()).env_clear().env("STRONGROOM_HOME", self.home());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program; all it did.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs the program with `input` on its stdin.
    pub(crate) fn run_with_stdin<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>, input: &str) -> Output {
        let mut child = self.command(words).stdin(Stdio::piped()).spawn().unwrap();
        // A program that does not read its input ends first; then there is nobody to write to.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Runs the program and shows all that its user sees, ids, times and paths of the room blotted out.
    pub(crate) fn cli<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> String {
        self.show(&self.run(words))
    }

    /// What a run showed, as [`Room::cli`] does.
    pub(crate) fn show(&self, output: &Output) -> String {
        let code = output.status.code().map_or_else(|| output.status.to_string(), |code| code.to_string());
        let mut shown = format!("exit: {code}\n");
        for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                let _ = write!(shown, "----- {stream} -----\n{}", self.blot(&String::from_utf8_lossy(bytes)));
            }
        }
        shown
    }

    /// Runs the program, which must succeed; its stdout.
    pub(crate) fn succeeds<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{}", self.show(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the program with `-o json`, which must succeed; the document on its stdout.
    pub(crate) fn json<A: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = A>) -> serde_json::Value {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        let text = self.succeeds(["-o".into(), "json".into()].into_iter().chain(words));
        serde_json::from_str(&text).unwrap()
    }

    /// `text` with what differs from run to run blotted out.
    fn blot(&self, text: &str) -> String {
        let folder = self.folder.path().to_string_lossy();
        let real = self.folder.path().canonicalize().unwrap_or_else(|_| Path::new(&*folder).to_owned());
        let text = text.replace(&*real.to_string_lossy(), "[ROOM]").replace(&*folder, "[ROOM]");
        let shapes = [("00000000-0000-0000-0000-000000000000", "[ID]"), ("0000-00-00T00:00:00", "[TIME]")];
        shapes.iter().fold(text, |text, (shape, name)| blot_shape(&text, shape, name))
    }
}

/// Where programs are found here.
pub(crate) fn programs() -> String {
    #[allow(clippy::disallowed_methods)] // of the tests, not of the program
    std::env::var("PATH").unwrap()
}

/// Replaces what looks like `shape`: `0` stands for a hexadecimal digit, all else for itself. A fraction of seconds and
/// the `Z` behind a time go too.
fn blot_shape(text: &str, shape: &str, name: &str) -> String {
    let fits = |text: &[u8]| {
        text.len() >= shape.len()
            && shape.bytes().zip(text).all(|(shape, byte)| match shape {
                b'0' => byte.is_ascii_hexdigit(),
                _ => shape == *byte,
            })
    };
    let (mut blotted, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        if fits(rest.as_bytes()) {
            blotted.push_str(name);
            rest = &rest[shape.len()..];
            if name == "[TIME]" {
                rest = rest.trim_start_matches(|next: char| next == '.' || next.is_ascii_digit());
                rest = rest.strip_prefix('Z').unwrap_or(rest);
            }
        } else {
            blotted.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    blotted
}

/// Compares all that a user sees with `str![[…]]` in the test; `SNAPSHOTS=overwrite cargo test -p strongroom` rewrites it.
#[track_caller]
pub(crate) fn same(shown: impl Into<String>, expected: impl IntoData) {
    Assert::new().action_env("SNAPSHOTS").eq(shown.into().raw(), expected.raw());
}
