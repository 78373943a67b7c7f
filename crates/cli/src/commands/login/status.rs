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
    let (store, server) = (central.place.to_string(), matches!(central.place, Place::Server { .. }));
    let status = Status { store, server, account: AccountView::of(&account) };
    session.printer.data(&status, || {
        let mut table = Table::new(["PROPERTY", "VALUE"]);
        table.row(["STORE", &status.store]);
        table.row(["ACCOUNT", &account.name]).row(["ROLE", account.role.as_str()]);
        table
    })?;
    Ok(ExitStatus::Success)
}
