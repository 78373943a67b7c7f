//! Logging, set up only when somebody asks for it.

use crate::env;
use std::io;
use strongroom_core::{Error, Result};
use tracing::Level;
use tracing::subscriber::set_global_default;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// Logs on stderr what `directives` ask for, such as `debug` or `strongroom_backends=trace`.
///
/// Other people's crates stop at `info`, whatever is asked: below it, some log whole requests, tokens and values included.
///
/// # Errors
/// [`strongroom_core::Kind::Invalid`] when the directives cannot be understood.
pub(crate) fn start(directives: &str, colours: bool) -> Result<()> {
    let filter = EnvFilter::try_new(directives).map_err(|error| {
        Error::invalid(format!("`{directives}` cannot be understood as what to log"))
            .with_hint(format!("{}=debug, or strongroom_backends=trace", env::LOG))
            .with_source(error.to_string())
    })?;
    let own = filter_fn(|metadata| metadata.target().starts_with("strongroom") || *metadata.level() <= Level::INFO);
    let lines = fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colours).finish();
    // A second start, as in tests, keeps the first.
    let _ = set_global_default(lines.with(own));
    Ok(())
}
