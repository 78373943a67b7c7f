//! `strongroom status`

use crate::commands::account::AccountView;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::{Place, Session};
use serde::Serialize;
use strongroom_core::Result;

#[derive(Serialize)]
struct Status<'a> {
    store: String,
    server: bool,
    account: AccountView<'a>,
}

/// Where secrets are kept, and who is signed in there; fails when the server does not answer.
pub(in crate::commands) fn status(session: &Session) -> Result<ExitStatus> {
    let central = session.central()?;
    let account = session
        .block_on(central.accounts.current())
        .map_err(|error| error.within(format!("cannot use the central store {}", central.place)))?;
    let server = matches!(central.place, Place::Server { .. });
    let status = Status { store: central.place.to_string(), server, account: AccountView::of(&account) };
    session.printer.data(&status, || {
        let rows =
            [("STORE", status.store.clone()), ("ACCOUNT", account.name.clone()), ("ROLE", account.role.to_string())];
        Table::new(["PROPERTY", "VALUE"]).with_rows(rows.map(|(name, value)| [name.to_owned(), value]))
    })?;
    Ok(ExitStatus::Success)
}
