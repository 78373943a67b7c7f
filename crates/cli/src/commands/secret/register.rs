//! `strongroom secrets-manager secret register`

use super::view::{Outline, quoted};
use crate::args::secret::{RegisterArgs, ValueArgs};
use crate::exit::ExitStatus;
use crate::input::{Given, Person, ask_for_any, ask_for_fields};
use crate::session::Session;
use strongroom_core::{Error, Result, Schema, Secret, SecretName, Values};

/// Writes a secret that is not there yet.
pub(super) fn register(args: RegisterArgs, session: &Session) -> Result<ExitStatus> {
    let RegisterArgs { name, schema, values } = args;
    let manager = session.active_manager()?;
    let name: SecretName = name.parse()?;
    let schema = Schema::named(&schema)?;
    let values = read(values, &schema, session)?;
    let secret = Secret::new(name, schema, values)?;

    let turn = session.lock(&manager, &secret.name)?;
    session.block_on(manager.secrets.register(&secret))?;
    drop(turn);
    let Secret { name, schema: _, values } = &secret;
    let keys = if values.is_empty() { "no keys".to_owned() } else { quoted(values.keys()) };
    let component = &manager.component.name;
    let message = format!("Successfully registered secret `{name}` in secrets manager `{component}`: {keys}.");
    session.printer.changed(&Outline::of(&secret, component), message)?;
    Ok(ExitStatus::Success)
}

fn read(args: ValueArgs, schema: &Schema, session: &Session) -> Result<Values> {
    let ValueArgs { interactive, document, trim_newline, pairs } = args;
    let given = Given { pairs, document, trim_newline };
    match (interactive, given.is_empty()) {
        (true, false) => Err(both_ways()),
        (true, true) => {
            let mut person = Person::new()?;
            match schema.fields() {
                Some(fields) => ask_for_fields(&mut person, fields, session),
                None => ask_for_any(&mut person, session),
            }
        }
        // `--values={}` makes a secret without keys, and the defaults of a schema are values too
        (false, true) => Err(Error::invalid("no values are given")
            .with_hint("give them as `--key=value`, `--key=@file` or `--values=@file`, or say `--interactive`")),
        (false, false) => given.read(session),
    }
}

/// Why values come from a person or from the line, not from both.
pub(super) fn both_ways() -> Error {
    Error::invalid("values are given, and asked for by `--interactive`").with_hint("use one of the two")
}
