//! The one place that writes to stdout and stderr.

use super::colour::{Style, wants_colour};
use super::{Hint, OutputFormat, Table};
use crate::env::Env;
use crate::home;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use strongroom_core::{Error, Kind, Result};

/// Writes data to stdout and everything else to stderr. Clones share one state.
#[derive(Debug, Clone)]
pub(crate) struct Printer(Arc<State>);

#[derive(Debug)]
struct State {
    format: OutputFormat,
    /// The folder of the marker files of hints; `None` when hints are off.
    hints: Option<PathBuf>,
    boxed: bool,
    colours: bool,
    /// With JSON, notes wait for success: a failure has stderr for itself.
    waiting: Mutex<Vec<String>>,
}

impl Printer {
    /// A printer for this process. `hints` is the folder that remembers which were shown, if they are on.
    pub(crate) fn new(format: OutputFormat, hints: Option<PathBuf>, env: &Env) -> Self {
        let boxed = io::stdout().is_terminal();
        let colours = wants_colour(&io::stderr(), env);
        Self(Arc::new(State { format, hints, boxed, colours, waiting: Mutex::default() }))
    }

    /// How data is shown.
    pub(crate) fn format(&self) -> OutputFormat {
        self.0.format
    }

    /// Shows `data` as JSON or YAML, or what `table` makes of it for people.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when stdout cannot be written.
    pub(crate) fn data(&self, data: &impl Serialize, table: impl FnOnce() -> Table) -> Result<()> {
        match self.format() {
            OutputFormat::Table => self.text(&self.render(&table())),
            OutputFormat::Json | OutputFormat::Yaml => self.document(data),
        }
    }

    /// Shows `data` as JSON or YAML, or the lines that `text` makes of it for people.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when stdout cannot be written.
    pub(crate) fn data_or_text(&self, data: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        match self.format() {
            OutputFormat::Table => self.text(&text()),
            OutputFormat::Json | OutputFormat::Yaml => self.document(data),
        }
    }

    /// What a change did: the message on stderr for people, the changed thing on stdout for programs.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when stdout cannot be written.
    pub(crate) fn changed(&self, data: &impl Serialize, message: impl AsRef<str>) -> Result<()> {
        match self.format() {
            OutputFormat::Table => self.stderr(message.as_ref()),
            OutputFormat::Json | OutputFormat::Yaml => return self.document(data),
        }
        Ok(())
    }

    /// Writes text to stdout as it is.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when stdout cannot be written; not when its reader went away.
    pub(crate) fn text(&self, text: &str) -> Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::new(Kind::Unavailable, "cannot write to standard output").with_source(error))
            }
            _ => Ok(()),
        }
    }

    /// The table as stdout takes it.
    pub(crate) fn render(&self, table: &Table) -> String {
        if self.0.boxed { table.boxed(terminal_width()) } else { table.plain() }
    }

    /// Tells people that something was done or was found; programs are not told.
    pub(crate) fn done(&self, message: impl AsRef<str>) {
        if self.format() == OutputFormat::Table {
            self.stderr(message.as_ref());
        }
    }

    /// Tells a person what to do before the run can go on, whatever the format.
    pub(crate) fn ask(&self, message: impl AsRef<str>) {
        self.stderr(message.as_ref());
    }

    /// Tells one line that matters; with JSON only when the run succeeds.
    pub(crate) fn note(&self, line: impl AsRef<str>) {
        self.say(format!("{} {}", Style::Hint.paint("note:", self.0.colours), line.as_ref()));
    }

    /// Warns; with JSON only when the run succeeds.
    pub(crate) fn warn(&self, line: impl AsRef<str>) {
        self.say(format!("{} {}", Style::Warning.paint("warning:", self.0.colours), line.as_ref()));
    }

    /// Shows a hint, the first time this user meets it; never with JSON.
    pub(crate) fn hint(&self, hint: Hint) {
        let State { format, hints: Some(folder), colours, .. } = &*self.0 else { return };
        let marker = folder.join(hint.marker());
        if *format == OutputFormat::Json || marker.exists() {
            return;
        }
        self.stderr(&format!("{} {}", Style::Hint.paint("hint:", *colours), hint.text()));
        // A hint that cannot be remembered is shown again: no reason to fail.
        let _ = home::open_private(&marker);
    }

    /// Says what waited for success.
    pub(crate) fn finish(&self) {
        let waiting = std::mem::take(&mut *self.waiting());
        for line in waiting {
            self.stderr(&line);
        }
    }

    fn say(&self, line: String) {
        match self.format() {
            OutputFormat::Json => self.waiting().push(line),
            OutputFormat::Table | OutputFormat::Yaml => self.stderr(&line),
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.waiting.lock().expect("no holder of the lock panics")
    }

    fn document(&self, data: &impl Serialize) -> Result<()> {
        let unwritable = |what: &str| Error::corrupt(format!("the data cannot be written as {what}"));
        let text = match self.format() {
            OutputFormat::Yaml => serde_saphyr::to_string(data).map_err(|_| unwritable("YAML"))?,
            OutputFormat::Json | OutputFormat::Table => {
                serde_json::to_string_pretty(data).map_err(|_| unwritable("JSON"))? + "\n"
            }
        };
        self.text(&text)
    }

    /// One line on stderr. There is nobody to tell when that fails.
    fn stderr(&self, line: &str) {
        let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
    }
}

fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size().map(|(width, _)| width.0)
}
