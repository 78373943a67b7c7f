//! `strongroom secrets-manager secret list`

use crate::args::secret::ListArgs;
use crate::exit::ExitStatus;
use crate::output::{OutputFormat, Table};
use crate::session::Session;
use serde::Serialize;
use strongroom_core::Result;

#[derive(Serialize)]
struct Entry {
    name: String,
}

/// Lists the names of all secrets.
pub(super) fn list(args: ListArgs, session: &Session) -> Result<ExitStatus> {
    let ListArgs { sort_by } = args;
    let manager = session.active_manager()?;
    let mut names = session.block_on(manager.secrets.list())?;
    if sort_by.starts_with("desc:") {
        names.reverse();
    }
    if names.is_empty() && session.printer.format() == OutputFormat::Table {
        session.printer.done("No secrets registered.");
        return Ok(ExitStatus::Success);
    }
    let entries: Vec<_> = names.into_iter().map(|name| Entry { name: name.to_string() }).collect();
    session
        .printer
        .data(&entries, || Table::new(["SECRET_NAMES"]).with_rows(entries.iter().map(|entry| [entry.name.as_str()])))?;
    Ok(ExitStatus::Success)
}
