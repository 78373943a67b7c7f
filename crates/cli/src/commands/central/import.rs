//! `strongroom secret import`

use super::export::default_file;
use super::view::Outline;
use crate::args::central::ImportArgs;
use crate::exit::ExitStatus;
use crate::input;
use crate::session::{Central, Session};
use serde::Serialize;
use strongroom_core::central::{
    CentralSecret, Lookup, NewSecret, SecretChange, ValuesChange, Visibility, check_central_values,
};
use strongroom_core::{Error, Kind, Result, SecretName, Values};

/// What a dry run tells programs.
#[derive(Serialize)]
struct Plan<'a> {
    name: &'a str,
    private: bool,
    action: &'a str,
    keys: Vec<&'a str>,
}

/// Makes a secret of a file.
pub(super) fn import(args: ImportArgs, session: &Session) -> Result<ExitStatus> {
    let ImportArgs { name, filename, format, visibility, overwrite, dry_run } = args;
    let file = match filename {
        Some(file) => file,
        None => default_file(&name, "import")?,
    };
    let name: SecretName = name.parse()?;
    let visibility = visibility.visibility();
    let values = input::import(&file, format, session)?;
    check_central_values(&values)?;
    let central = session.central()?;
    let there = namesake(&name, visibility, &central, session)?;
    if there.is_some() && !overwrite {
        return Err(Error::already_exists(&format!("{visibility} secret"), &name)
            .with_hint("`--overwrite` gives it the keys and values of the file, and no others"));
    }
    let action = if there.is_some() { "overwrite" } else { "create" };
    if dry_run {
        let private = visibility == Visibility::Private;
        let plan = Plan { name: name.as_str(), private, action, keys: values.keys().collect() };
        return session
            .printer
            .data_or_text(&plan, || {
                let keys = plan.keys.iter().map(|key| format!("  {key}\n")).collect::<String>();
                format!("Would {action} the {visibility} secret '{name}' with {} keys:\n{keys}", plan.keys.len())
            })
            .map(|()| ExitStatus::Success);
    }
    let (keys, written) = (values.len(), store(there, name, visibility, values, &central, session)?);
    let message = format!("Secret '{}' successfully imported from '{file}': {keys} keys.", written.name);
    session.printer.changed(&Outline::of(&written), message)?;
    Ok(ExitStatus::Success)
}

fn store(
    there: Option<CentralSecret>,
    name: SecretName,
    visibility: Visibility,
    values: Values,
    central: &Central,
    session: &Session,
) -> Result<CentralSecret> {
    match there {
        Some(there) => {
            let change = SecretChange { values: Some(ValuesChange::Replace(values)), ..SecretChange::default() };
            session.block_on(central.secrets.update(there.id, change))
        }
        None => {
            let secret = NewSecret { visibility, ..NewSecret::new(name, values) };
            session.block_on(central.secrets.create(secret))
        }
    }
}

/// The secret of exactly that name and visibility; one that is found by an id that begins so is another.
fn namesake(
    name: &SecretName,
    visibility: Visibility,
    central: &Central,
    session: &Session,
) -> Result<Option<CentralSecret>> {
    match session.block_on(central.secrets.find(name.as_str(), Some(visibility), Lookup::Exact)) {
        Ok(found) => Ok(Some(found).filter(|found| found.name == *name)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
