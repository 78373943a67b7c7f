//! Settings: flag, then environment, then `config.toml`, then default; merged once.

mod secrets_store;
mod server;
mod store_kind;
mod zenml_store;

pub(crate) use secrets_store::SecretsStore;
pub(crate) use server::{ServerFile, ServerSettings};
pub(crate) use store_kind::StoreKind;

use crate::args::GlobalArgs;
use crate::env::{self, Env};
use crate::home::{self, Home};
use crate::output::OutputFormat;
use serde::Deserialize;
use std::fmt;
use std::path::Path;
use strongroom_core::{Error, Result};

/// What counts for this run.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// How data is shown.
    pub(crate) output: Setting<OutputFormat>,
    /// The stack to work on, if not the one that `stack set` chose.
    pub(crate) active_stack: Setting<Option<String>>,
    /// Whether hints are shown.
    pub(crate) hints: Setting<bool>,
    /// What to log.
    pub(crate) log: Setting<Option<String>>,
    /// What the configuration file says of the server; [`ServerSettings`] has what counts.
    pub(crate) server: ServerFile,
}

/// A value and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Setting<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it comes from.
    pub(crate) origin: Origin,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An option on the command line.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// The configuration file.
    File,
    /// Nothing else was said.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File => f.write_str("config.toml"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    output: Option<OutputFormat>,
    active_stack: Option<String>,
    hints: Option<bool>,
    log: Option<String>,
    #[serde(default)]
    server: ServerFile,
}

impl Settings {
    /// Merges all sources.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when one of them cannot be understood.
    pub(crate) fn merge(flags: &GlobalArgs, env: &Env, home: &Home) -> Result<Self> {
        let file = read(&home.config_file())?;
        let variable = |name| env.get(name);
        let output = variable(env::OUTPUT)
            .map(|text| text.parse::<OutputFormat>())
            .transpose()
            .map_err(|error| error.within(format!("{} cannot be understood", env::OUTPUT)))?;
        let no_hints = env.is_on(env::NO_HINTS).then_some(false);
        Ok(Self {
            output: pick((flags.output, "--output"), (output, env::OUTPUT), file.output, OutputFormat::Table),
            active_stack: optional(
                (flags.stack.clone(), "--stack"),
                (variable(env::ACTIVE_STACK), env::ACTIVE_STACK),
                file.active_stack,
            ),
            hints: pick((None, ""), (no_hints, env::NO_HINTS), file.hints, true),
            log: optional(
                (flags.verbose.then(|| "debug".to_owned()), "--verbose"),
                (variable(env::LOG), env::LOG),
                file.log,
            ),
            server: file.server,
        })
    }
}

type Named<T> = (Option<T>, &'static str);

fn pick<T>((flag, option): Named<T>, (env, variable): Named<T>, file: Option<T>, default: T) -> Setting<T> {
    let (value, origin) = match (flag, env, file) {
        (Some(value), _, _) => (value, Origin::Flag(option)),
        (None, Some(value), _) => (value, Origin::Variable(variable)),
        (None, None, Some(value)) => (value, Origin::File),
        (None, None, None) => (default, Origin::Default),
    };
    Setting { value, origin }
}

fn optional<T>((flag, option): Named<T>, (env, variable): Named<T>, file: Option<T>) -> Setting<Option<T>> {
    pick((flag.map(Some), option), (env.map(Some), variable), file.map(Some), None)
}

fn read(path: &Path) -> Result<File> {
    let Some(text) = home::read_optional(path)? else { return Ok(File::default()) };
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        Error::invalid(format!("`{}` line {line}: {}", path.display(), error.message().trim().replace('\n', ", ")))
            .with_hint("keys: output, active_stack, hints, log, and the table [server]")
    })
}
