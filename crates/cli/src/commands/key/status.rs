//! `strongroom key status`

use super::{Store, open, whereabouts};
use crate::args::key::StoreArgs;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use serde::Serialize;
use strongroom_core::Result;
use strongroom_engine::KeyStatus;

#[derive(Serialize)]
struct View<'a> {
    in_force: &'a str,
    keys: Vec<KeyView<'a>>,
    damaged: u64,
    elsewhere: u64,
}

#[derive(Serialize)]
struct KeyView<'a> {
    id: &'a str,
    in_force: bool,
    in_file: bool,
    records: u64,
}

/// Ids and counts, never a key.
pub(super) fn status(args: StoreArgs, session: &Session) -> Result<ExitStatus> {
    let Store { engine, keys, .. } = open(whereabouts(args, session)?, session)?;
    let status = session.block_on(engine.key_status())?;
    let KeyStatus { in_force, records, damaged, elsewhere } = &status;
    let in_file = keys.keys().ids();
    let views = records.iter().map(|(id, records)| {
        let (is_in_force, in_file) = (id == in_force, in_file.contains(id));
        KeyView { id, in_force: is_in_force, in_file, records: *records }
    });
    let shown = View { in_force, keys: views.collect(), damaged: *damaged, elsewhere: *elsewhere };
    session.printer.data(&shown, || {
        let word = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
        let row =
            |key: &KeyView<'_>| [key.id.to_owned(), word(key.in_force), word(key.in_file), key.records.to_string()];
        Table::new(["KEY ID", "IN FORCE", "IN FILE", "RECORDS"]).with_rows(shown.keys.iter().map(row))
    })?;
    for key in shown.keys.iter().filter(|key| !key.in_file && key.records > 0) {
        session.printer.warn(format!("key `{}` sealed {} records, and is not in the file", key.id, key.records));
    }
    if *damaged > 0 {
        session.printer.warn(format!("{damaged} records are damaged"));
    }
    Ok(ExitStatus::Success)
}
