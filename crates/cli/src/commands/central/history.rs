//! `strongroom secret history`

use super::find;
use crate::args::central::HistoryArgs;
use crate::exit::ExitStatus;
use crate::output::{Table, moment};
use crate::session::Session;
use serde::Serialize;
use strongroom_core::Result;
use strongroom_core::central::{Lookup, RevisionMeta};

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    revision: u32,
    created: String,
    author: &'a str,
    current: bool,
}

/// Lists the revisions that are kept, newest first.
pub(super) fn history(args: HistoryArgs, session: &Session) -> Result<ExitStatus> {
    let HistoryArgs { which } = args;
    let central = session.central()?;
    let found = find(&which, Lookup::Exact, &central, session)?;
    let revisions = session.block_on(central.secrets.history(found.id))?;
    let entries: Vec<_> = revisions
        .iter()
        .map(|RevisionMeta { number, created, author, is_current }| Entry {
            name: found.name.as_str(),
            revision: *number,
            created: moment(*created),
            author: &author.name,
            current: *is_current,
        })
        .collect();
    session.printer.data(&entries, || {
        let row = |Entry { name: _, revision, created, author, current }: &Entry<'_>| {
            let mark = if *current { "*" } else { "" };
            [mark.to_owned(), revision.to_string(), created.clone(), (*author).to_owned()]
        };
        Table::new(["CURRENT", "REVISION", "CREATED", "AUTHOR"]).with_rows(entries.iter().map(row))
    })?;
    Ok(ExitStatus::Success)
}
