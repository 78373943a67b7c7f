//! `strongroom <type> flavor list`

use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use crate::zenml;
use serde::Serialize;
use strongroom_core::{ComponentType, Result};

#[derive(Serialize)]
struct Entry {
    name: String,
    integration: Option<String>,
    support: &'static str,
}

/// Lists the flavors of a type, and what this program does with them.
pub(super) fn list(kind: ComponentType, session: &Session) -> Result<ExitStatus> {
    let entries: Vec<_> = match kind {
        ComponentType::SecretsManager => strongroom_backends::flavors().iter().map(built_in).collect(),
        _ => zenml::flavors(kind).into_iter().map(configuration_only).collect(),
    };
    session.printer.data(&entries, || {
        let row = |Entry { name, integration, support }: &Entry| {
            [name.clone(), integration.clone().unwrap_or_else(|| "built-in".to_owned()), (*support).to_owned()]
        };
        Table::new(["FLAVOR", "INTEGRATION", "SUPPORT"]).with_rows(entries.iter().map(row))
    })?;
    Ok(ExitStatus::Success)
}

fn built_in(flavor: &strongroom_backends::Flavor) -> Entry {
    Entry { name: flavor.name.to_owned(), integration: flavor.integration.map(str::to_owned), support: "built in" }
}

fn configuration_only(flavor: zenml::Flavor) -> Entry {
    Entry { name: flavor.flavor, integration: flavor.integration, support: "configuration only" }
}
