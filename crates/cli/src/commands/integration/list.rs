//! `strongroom integration list`

use super::Support;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use crate::zenml::{self, Integration, Provided};
use serde::Serialize;
use strongroom_core::{ComponentType, Result};

#[derive(Serialize)]
struct Entry {
    name: String,
    support: Support,
    flavors: Vec<Flavor>,
    requirements: Vec<String>,
}

#[derive(Serialize)]
struct Flavor {
    #[serde(rename = "type")]
    kind: ComponentType,
    name: String,
}

/// Lists all integrations of ZenML.
pub(super) fn list(session: &Session) -> Result<ExitStatus> {
    let entry = |integration: Integration| {
        let support = Support::of(&integration);
        let Integration { name, requirements, flavors } = integration;
        let flavor = |Provided { kind, flavor: name }| Flavor { kind, name };
        Entry { name, support, flavors: flavors.into_iter().map(flavor).collect(), requirements }
    };
    let entries: Vec<_> = zenml::integrations().into_iter().map(entry).collect();
    session.printer.data(&entries, || {
        let row = |Entry { name, support, flavors, requirements: _ }: &Entry| {
            let flavors: Vec<_> = flavors.iter().map(|Flavor { kind, name }| format!("{kind} {name}")).collect();
            [support.words().to_owned(), name.clone(), flavors.join(", ")]
        };
        Table::new(["SUPPORT", "INTEGRATION", "FLAVORS"]).with_rows(entries.iter().map(row))
    })?;
    session.printer.done("\nWhat is missing for one of them: strongroom integration install NAME");
    Ok(ExitStatus::Success)
}
