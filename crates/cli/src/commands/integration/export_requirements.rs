//! `strongroom integration export-requirements`

use super::{Support, chosen, unwritable};
use crate::args::integration::ExportRequirementsArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use std::fs;
use strongroom_core::Result;

/// Writes the Python packages of ZenML's side as pip takes them, one a line.
pub(super) fn export_requirements(args: ExportRequirementsArgs, session: &Session) -> Result<ExitStatus> {
    let ExportRequirementsArgs { integrations, ignore, output_file, installed_only, output: _ } = args;
    let mut found = chosen(&integrations, &ignore)?;
    if installed_only {
        found.retain(|integration| Support::of(integration) == Support::BuiltIn);
    }
    let mut packages: Vec<_> = found.into_iter().flat_map(|integration| integration.requirements).collect();
    packages.sort();
    packages.dedup();
    let lines: String = packages.iter().map(|package| format!("{package}\n")).collect();
    match output_file {
        Some(path) => {
            fs::write(&path, lines).map_err(|error| unwritable(&path, error))?;
            session.printer.changed(&packages, format!("Requirements exported to {}.", path.display()))?;
        }
        None => session.printer.data_or_text(&packages, || lines)?,
    }
    Ok(ExitStatus::Success)
}
