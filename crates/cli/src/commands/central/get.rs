//! `strongroom secret get`

use super::find;
use super::view::Whole;
use crate::args::central::GetArgs;
use crate::commands::secret::{cell, no_key};
use crate::exit::ExitStatus;
use crate::output::{OutputFormat, Table};
use crate::session::Session;
use std::io::{self, IsTerminal};
use strongroom_core::central::{CentralSecret, Lookup};
use strongroom_core::{Error, Kind, Result, Values};

/// Shows a secret and its values.
pub(super) fn get(args: GetArgs, session: &Session) -> Result<ExitStatus> {
    let GetArgs { which, key, revision } = args;
    let central = session.central()?;
    let found = find(&which, Lookup::Partial, &central, session)?;
    let secret = session.block_on(central.secrets.get(found.id, revision))?;
    let values = values_of(&secret)?;
    match &key {
        Some(key) => {
            let value = values.get(key).ok_or_else(|| no_key(&secret.name, key, values.keys()))?;
            session.printer.data_or_text(&Whole::new(&secret, Some(key)), || {
                // A program gets the bytes of the value; a person's next prompt begins on a line of its own.
                let end = if io::stdout().is_terminal() { "\n" } else { "" };
                format!("{}{end}", value.expose())
            })?;
        }
        None => all(&secret, values, session)?,
    }
    Ok(ExitStatus::Success)
}

fn all(secret: &CentralSecret, values: &Values, session: &Session) -> Result<()> {
    let CentralSecret { id, name, visibility, .. } = secret;
    if session.printer.format() == OutputFormat::Table {
        session.printer.done(format!("Fetched {visibility} secret with name `{name}` and ID `{id}`:"));
        if values.is_empty() {
            session.printer.warn(format!("Secret with name `{name}` is empty."));
            return Ok(());
        }
    }
    session.printer.data(&Whole::new(secret, None), || {
        let row = |(key, value)| [String::from(key), cell(value)];
        Table::new(["SECRET KEY", "SECRET VALUE"]).with_rows(values.iter().map(row))
    })
}

/// The values, for whoever may read them.
pub(super) fn values_of(secret: &CentralSecret) -> Result<&Values> {
    secret.values.as_ref().ok_or_else(|| {
        Error::new(Kind::Forbidden, format!("not allowed to read the values of secret `{}`", secret.name))
    })
}
