//! `strongroom server status`

use crate::args::server::StatusArgs;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use serde::Serialize;
use std::time::Duration;
use strongroom_api::Client;
use strongroom_api::client::ServerStatus;
use strongroom_core::Result;

#[derive(Serialize)]
struct View<'a> {
    url: &'a str,
    ready: bool,
    /// Whether what is sent is protected on its way; a certificate that is not trusted is an error.
    tls: bool,
    id: String,
    version: Option<&'a str>,
    zenml_version: &'a str,
    database: &'a str,
    secrets_store: &'a str,
}

/// What a server tells of itself; fails when it does not answer or is not ready.
pub(super) fn status(args: StatusArgs, session: &Session) -> Result<ExitStatus> {
    let StatusArgs { url, ca_certificate, timeout } = args;
    let mut options = session.server(url.as_deref())?;
    options.ca_certificate = ca_certificate.or(options.ca_certificate);
    options.deadline = Duration::from_secs(timeout);
    let found = session
        .block_on(Client::status(&options))
        .map_err(|error| error.within(format!("no server answers at {}", shown(&options.url))))?;
    let ServerStatus { url, id, ready, strongroom_version, zenml_version, database, secrets_store } = &found;
    let view = View {
        url: url.as_str(),
        ready: *ready,
        tls: url.scheme() == "https",
        id: id.to_string(),
        version: strongroom_version.as_deref(),
        zenml_version,
        database,
        secrets_store,
    };
    session.printer.data(&view, || table(&view))?;
    Ok(if view.ready { ExitStatus::Success } else { ExitStatus::Failure })
}

fn table(view: &View<'_>) -> Table {
    let View { url, ready, tls, id, version, zenml_version, database, secrets_store } = view;
    let yes = |flag: &bool| if *flag { "yes" } else { "no" };
    let mut table = Table::new(["PROPERTY", "VALUE"]);
    table.row(["SERVER", url]).row(["READY", yes(ready)]).row(["TLS", yes(tls)]).row(["ID", id]);
    table.row(["VERSION", version.unwrap_or("none: it is a server of ZenML's")]);
    table.row(["ZENML API", zenml_version]).row(["DATABASE", database]).row(["SECRETS STORE", secrets_store]);
    table
}

/// An address as messages may show it.
fn shown(url: &url::Url) -> String {
    let mut url = url.clone();
    // fails only for addresses that can have neither
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}
