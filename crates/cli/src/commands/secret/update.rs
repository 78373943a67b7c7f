//! `strongroom secrets-manager secret update`

use super::register::both_ways;
use super::view::{Outline, no_key};
use crate::args::secret::{UpdateArgs, ValueArgs};
use crate::exit::ExitStatus;
use crate::input::{Given, Person, ask_for_new};
use crate::session::{OpenManager, Session};
use strongroom_core::{Error, Result, SecretName, Updated, Values};

/// Changes some values of a secret; the others stay.
pub(super) fn update(args: UpdateArgs, session: &Session) -> Result<ExitStatus> {
    let UpdateArgs { name, remove_keys, values } = args;
    let manager = session.active_manager()?;
    let name: SecretName = name.parse()?;
    let new = read(values, &remove_keys, &name, &manager, session)?;
    let change = |mut values: Values| {
        for key in &remove_keys {
            if new.get(key).is_some() {
                return Err(Error::invalid(format!("key `{key}` is both changed and removed")));
            }
            if values.remove(key).is_none() {
                return Err(no_key(&name, key, values.keys()));
            }
        }
        values.extend(new.clone());
        Ok(values)
    };

    let turn = session.lock(&manager, &name)?;
    let updated = session.block_on(manager.secrets.update(&name, &change))?;
    drop(turn);
    let component = &manager.component.name;
    let message = match updated {
        Updated::Written => format!("Successfully updated secret `{name}` in secrets manager `{component}`."),
        Updated::Unchanged => format!("Secret `{name}` has these values already: nothing was written."),
    };
    session.printer.changed(&Outline::named(name.as_str(), component), message)?;
    Ok(ExitStatus::Success)
}

fn read(
    args: ValueArgs,
    remove_keys: &[String],
    name: &SecretName,
    manager: &OpenManager,
    session: &Session,
) -> Result<Values> {
    let ValueArgs { interactive, document, trim_newline, pairs } = args;
    let given = Given { pairs, document, trim_newline };
    match (interactive, given.is_empty()) {
        (true, false) => Err(both_ways()),
        (true, true) => {
            let secret = session.read_one(manager, name)?;
            let keys = secret.values.keys().filter(|key| !remove_keys.iter().any(|removed| removed == key));
            ask_for_new(&mut Person::new()?, keys, session)
        }
        (false, true) if remove_keys.is_empty() => Err(Error::invalid("nothing to change is given").with_hint(
            "give values as `--key=value`, `--key=@file` or `--values=@file`, say `--interactive`, or `--remove-keys`",
        )),
        (false, _) => given.read(session),
    }
}
