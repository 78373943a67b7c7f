//! `strongroom secrets-manager secret get`

use super::view::{Whole, cell, no_key};
use crate::args::secret::GetArgs;
use crate::exit::ExitStatus;
use crate::output::{OutputFormat, Table};
use crate::session::Session;
use std::io::{self, IsTerminal};
use strongroom_core::{Result, Secret};

/// Shows a secret: the one command that prints values.
pub(super) fn get(args: GetArgs, session: &Session) -> Result<ExitStatus> {
    let GetArgs { name, key } = args;
    let manager = session.active_manager()?;
    let secret = session.read_one(&manager, &name.parse()?)?;
    match &key {
        Some(key) => one(&secret, key, session)?,
        None => all(&secret, session)?,
    }
    Ok(ExitStatus::Success)
}

fn one(secret: &Secret, key: &str, session: &Session) -> Result<()> {
    let value = secret.values.get(key).ok_or_else(|| no_key(&secret.name, key, secret.values.keys()))?;
    session.printer.data_or_text(&Whole::new(secret, Some(key), session.printer.format()), || {
        // A program gets the bytes of the value; a person's next prompt begins on a line of its own.
        let end = if io::stdout().is_terminal() { "\n" } else { "" };
        format!("{}{end}", value.expose())
    })
}

fn all(secret: &Secret, session: &Session) -> Result<()> {
    let printer = &session.printer;
    let Secret { name, schema: _, values } = secret;
    if values.is_empty() && printer.format() == OutputFormat::Table {
        printer.done(format!("Secret `{name}` has no keys."));
        return Ok(());
    }
    printer.data(&Whole::new(secret, None, printer.format()), || {
        let row = |(key, value)| [String::from(key), cell(value)];
        Table::new(["SECRET_KEY", "SECRET_VALUE"]).with_rows(values.iter().map(row))
    })
}
