//! `strongroom secret update`

use super::create::both_ways;
use super::get::values_of;
use super::view::Outline;
use crate::args::central::UpdateArgs;
use crate::args::secret::ValueArgs;
use crate::commands::secret::no_key;
use crate::exit::ExitStatus;
use crate::input::{Given, Person, ask_for_new};
use crate::session::{Central, Session};
use strongroom_core::central::{CentralSecret, Lookup, SecretChange, ValuesChange};
use strongroom_core::{Error, Result, Value, Values};

/// Changes values or visibility of a secret; what is not named stays.
pub(super) fn update(args: UpdateArgs, session: &Session) -> Result<ExitStatus> {
    let visibility = args.visibility();
    let UpdateArgs { name, remove_keys, if_version, values, .. } = args;
    let central = session.central()?;
    let found = session.block_on(central.secrets.find(&name, None, Lookup::Exact))?;
    let nothing_else = remove_keys.is_empty() && visibility.is_none();
    let new = read(values, nothing_else, &remove_keys, &found, &central, session)?;
    let patch = patch(new, &remove_keys, &found, &central, session)?;
    let change = SecretChange {
        name: None,
        visibility,
        values: (!patch.is_empty()).then_some(ValuesChange::Patch(patch)),
        schema: None,
        if_revision: if_version,
        request: None,
    };
    let updated = session.block_on(central.secrets.update(found.id, change))?;
    let name = &updated.name;
    let message = if updated.updated == found.updated {
        format!("Secret '{name}' is like this already: nothing was written.")
    } else {
        format!("Secret '{name}' successfully updated.")
    };
    session.printer.changed(&Outline::of(&updated), message)?;
    Ok(ExitStatus::Success)
}

fn patch(
    new: Values,
    remove_keys: &[String],
    found: &CentralSecret,
    central: &Central,
    session: &Session,
) -> Result<Vec<(String, Option<Value>)>> {
    if let Some(key) = remove_keys.iter().find(|key| new.get(key).is_some()) {
        return Err(Error::invalid(format!("key `{key}` is both changed and removed")));
    }
    if !remove_keys.is_empty() {
        let present = session.block_on(central.secrets.get(found.id, None))?;
        let values = values_of(&present)?;
        if let Some(key) = remove_keys.iter().find(|key| values.get(key).is_none()) {
            return Err(no_key(&present.name, key, values.keys()));
        }
    }
    let removed = remove_keys.iter().map(|key| (key.clone(), None));
    Ok(new.into_iter().map(|(key, value)| (key, Some(value))).chain(removed).collect())
}

fn read(
    args: ValueArgs,
    nothing_else: bool,
    remove_keys: &[String],
    found: &CentralSecret,
    central: &Central,
    session: &Session,
) -> Result<Values> {
    let ValueArgs { interactive, document, trim_newline, pairs } = args;
    let given = Given { pairs, document, trim_newline };
    match (interactive, given.is_empty()) {
        (true, false) => Err(both_ways()),
        (true, true) => {
            let secret = session.block_on(central.secrets.get(found.id, None))?;
            let keys = values_of(&secret)?.keys().filter(|key| !remove_keys.iter().any(|removed| removed == key));
            ask_for_new(&mut Person::new()?, keys, session)
        }
        (false, true) if nothing_else => Err(Error::invalid("nothing to change is given").with_hint(
            "give values as `--key=value`, `--key=@file` or `--values=@file`, say `--interactive`, `--remove-keys` or `--private`",
        )),
        (false, _) => given.read(session),
    }
}
