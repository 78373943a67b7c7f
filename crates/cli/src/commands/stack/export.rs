//! `strongroom stack export`

use super::find;
use crate::args::stack::ExportArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use serde::Serialize;
use std::fs;
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::Match;

#[derive(Serialize)]
struct Exported<'a> {
    name: &'a str,
    file: &'a str,
}

/// Writes a stack as the YAML that ZenML reads; a file that is there is written over, as in ZenML.
pub(super) fn export(args: ExportArgs, session: &Session) -> Result<ExitStatus> {
    let ExportArgs { stack_name, filename } = args;
    let stack = find(session, stack_name.as_deref(), Match::Prefix)?;
    let name = &stack.name;
    let yaml = session.catalogue()?.export_stack(stack.id)?;
    let file = match filename {
        Some(file) if file == "-" => return session.printer.text(&yaml).map(|()| ExitStatus::Success),
        Some(file) => file,
        None if name.contains('/') => {
            return Err(Error::invalid(format!("the stack name `{name}` makes no file name"))
                .with_hint("name the file: `strongroom stack export STACK FILE`"));
        }
        None => format!("{name}.yaml"),
    };
    fs::write(&file, yaml)
        .map_err(|error| Error::new(Kind::Forbidden, format!("cannot write `{file}`")).with_source(error))?;
    session.printer.changed(&Exported { name, file: &file }, format!("Exported stack '{name}' to file '{file}'."))?;
    Ok(ExitStatus::Success)
}
