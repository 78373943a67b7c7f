//! `strongroom secret export`

use super::find;
use super::get::values_of;
use crate::args::central::ExportArgs;
use crate::exit::ExitStatus;
use crate::home;
use crate::session::Session;
use serde::Serialize;
use std::path::Path;
use strongroom_core::central::Lookup;
use strongroom_core::yaml::Node;
use strongroom_core::{Kind, Result, Value, Values};
use zeroize::Zeroizing;

#[derive(Serialize)]
struct Exported<'a> {
    name: &'a str,
    id: String,
    file: &'a str,
}

/// Writes keys and values as the YAML that ZenML writes.
pub(super) fn export(args: ExportArgs, session: &Session) -> Result<ExitStatus> {
    let ExportArgs { which, filename, overwrite } = args;
    let central = session.central()?;
    let found = find(&which, Lookup::Partial, &central, session)?;
    let file = match filename {
        Some(file) => file,
        None => default_file(found.name.as_str(), "export")?,
    };
    let secret = session.block_on(central.secrets.get(found.id, None))?;
    let yaml = document(values_of(&secret)?);
    if file == "-" {
        return session.printer.text(&yaml).map(|()| ExitStatus::Success);
    }
    home::write_new(Path::new(&file), yaml.as_bytes(), overwrite).map_err(|error| match error.kind() {
        Kind::AlreadyExists => error.with_hint("`--overwrite` replaces it"),
        _ => error,
    })?;
    let name = secret.name.as_str();
    let exported = Exported { name, id: secret.id.to_string(), file: &file };
    session.printer.changed(&exported, format!("Secret '{name}' successfully exported to '{file}'."))?;
    Ok(ExitStatus::Success)
}

/// The file that stands for a secret when none is named.
pub(super) fn default_file(name: &str, verb: &str) -> Result<String> {
    if name.contains('/') {
        return Err(strongroom_core::Error::invalid(format!("the secret name `{name}` makes no file name"))
            .with_hint(format!("name the file: `strongroom secret {verb} NAME -f FILE`")));
    }
    Ok(format!("{name}.yaml"))
}

fn document(values: &Values) -> Zeroizing<String> {
    let node = Node::map(values.iter().map(|(key, value): (&str, &Value)| (key, Node::text(value.expose()))));
    let mut text = Zeroizing::new(String::with_capacity(node.room()));
    node.write(&mut text);
    text
}
