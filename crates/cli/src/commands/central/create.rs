//! `strongroom secret create`

use super::view::Outline;
use crate::args::central::CreateArgs;
use crate::args::secret::ValueArgs;
use crate::exit::ExitStatus;
use crate::input::{Given, Person, ask_for_any};
use crate::session::Session;
use strongroom_core::central::{NewSecret, check_central_values};
use strongroom_core::{Error, Result, Values};

/// Makes a secret.
pub(super) fn create(args: CreateArgs, session: &Session) -> Result<ExitStatus> {
    let CreateArgs { name, visibility, values } = args;
    let name = name.parse()?;
    let values = read(values, session)?;
    check_central_values(&values)?;
    let central = session.central()?;
    let secret = NewSecret { visibility: visibility.visibility(), ..NewSecret::new(name, values) };
    let made = session.block_on(central.secrets.create(secret))?;
    session.printer.changed(&Outline::of(&made), format!("Secret '{}' successfully created.", made.name))?;
    Ok(ExitStatus::Success)
}

fn read(args: ValueArgs, session: &Session) -> Result<Values> {
    let ValueArgs { interactive, document, trim_newline, pairs } = args;
    let given = Given { pairs, document, trim_newline };
    match (interactive, given.is_empty()) {
        (true, false) => Err(both_ways()),
        (true, true) => ask_for_any(&mut Person::new()?, session),
        (false, true) => Err(Error::invalid("no values are given")
            .with_hint("give them as `--key=value`, `--key=@file` or `--values=@file`, or say `--interactive`")),
        (false, false) => given.read(session),
    }
}

/// Why values come from a person or from the line, not from both.
pub(super) fn both_ways() -> Error {
    Error::invalid("values are given, and asked for by `--interactive`").with_hint("use one of the two")
}
