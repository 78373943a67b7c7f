//! `strongroom integration requirements`

use super::chosen;
use crate::args::integration::RequirementsArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::zenml::Integration;
use serde::Serialize;
use strongroom_core::Result;

#[derive(Serialize)]
struct Requirement<'a> {
    name: &'a str,
    integration: &'a str,
}

/// Lists the Python packages that ZenML's side needs; this program needs none.
pub(super) fn requirements(args: RequirementsArgs, session: &Session) -> Result<ExitStatus> {
    let RequirementsArgs { integration } = args;
    let found = chosen(integration.as_slice(), &[])?;
    let all: Vec<_> = found
        .iter()
        .flat_map(|Integration { name: integration, requirements, flavors: _ }| {
            requirements.iter().map(move |name| Requirement { name, integration })
        })
        .collect();
    session.printer.data_or_text(&all, || all.iter().map(|requirement| format!("{}\n", requirement.name)).collect())?;
    session.printer.done("\nThese are what ZenML's own side needs in Python; Strongroom needs none of them.");
    Ok(ExitStatus::Success)
}
