//! What `--interactive` asks, in ZenML's words.

use super::Person;
use crate::session::Session;
use strongroom_core::{Error, Field, Result, Value, Values};

/// Asks for each key of a typed schema; an empty answer leaves it out.
///
/// # Errors
/// As [`Person::hidden`].
pub(crate) fn ask_for_fields(person: &mut Person, fields: &[Field], session: &Session) -> Result<Values> {
    session.printer.done("Press enter to leave out keys that you do not want to set.");
    let mut values = Values::new();
    for Field { key, holds: _ } in fields {
        let value = person.hidden(&format!("Secret value for {key}:"), key, session)?;
        if !value.is_empty() {
            values.insert(*key, Value::text(value.as_str()));
        }
    }
    Ok(values)
}

/// Asks for keys and their values until there are enough.
///
/// # Errors
/// As [`Person::hidden`]; [`strongroom_core::Kind::Invalid`] for a key that is empty or was there before.
pub(crate) fn ask_for_any(person: &mut Person, session: &Session) -> Result<Values> {
    let mut values = Values::new();
    loop {
        let key = person.text("Please enter a secret key")?;
        if key.is_empty() {
            return Err(Error::invalid("a key cannot be empty"));
        }
        if values.get(&key).is_some() {
            return Err(Error::invalid(format!("key `{key}` is given twice")));
        }
        let value = person.hidden(&format!("Please enter the secret value for the key [{key}]:"), &key, session)?;
        values.insert(key, Value::text(value.as_str()));
        if !person.agrees("Do you want to add another key-value pair to this secret?")? {
            return Ok(values);
        }
    }
}

/// Asks for a new value of each key; an empty answer keeps the old one.
///
/// # Errors
/// As [`Person::hidden`].
pub(crate) fn ask_for_new<'a>(
    person: &mut Person,
    keys: impl Iterator<Item = &'a str>,
    session: &Session,
) -> Result<Values> {
    session.printer.done("You can overwrite each value, one by one. Press enter to keep it.");
    let mut values = Values::new();
    for key in keys {
        let value = person.hidden(&format!("New value for {key}:"), key, session)?;
        if !value.is_empty() {
            values.insert(key, Value::text(value.as_str()));
        }
    }
    Ok(values)
}
