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
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountView<'a>>,
}

/// Where secrets are kept, and who is signed in there; fails when the server does not answer.
pub(in crate::commands) fn status(session: &Session) -> Result<ExitStatus> {
    let central = session.central()?;
    let account = match central.place {
        Place::Here(_) => None,
        Place::Server { .. } => Some(
            session
                .block_on(central.accounts()?.current())
                .map_err(|error| error.within(format!("cannot use the central store {}", central.place)))?,
        ),
    };
    let (store, server) = (central.place.to_string(), account.is_some());
    let status = Status { store, server, account: account.as_ref().map(AccountView::of) };
    session.printer.data(&status, || {
        let mut table = Table::new(["PROPERTY", "VALUE"]);
        table.row(["STORE", &status.store]);
        if let Some(account) = &account {
            table.row(["ACCOUNT", &account.name]).row(["ROLE", account.role.as_str()]);
        }
        table
    })?;
    Ok(ExitStatus::Success)
}
