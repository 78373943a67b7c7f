//! `strongroom integration …`

use crate::output::OutputFormat;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum IntegrationVerb {
    /// List the integrations and what is built in
    List,
    /// Say whether an integration is ready to use, and what is missing
    #[command(after_help = "Example:\n  strongroom integration install azure")]
    Install(InstallArgs),
    /// Accepted for ZenML's sake: what is built in stays
    Uninstall(UninstallArgs),
    /// List the Python packages that ZenML's side of an integration needs
    Requirements(RequirementsArgs),
    /// Write those Python packages as a requirements file
    ExportRequirements(ExportRequirementsArgs),
}

/// `install`
#[derive(Debug, Args)]
pub(crate) struct InstallArgs {
    /// The integrations; all that are built in when none is named
    pub(crate) integrations: Vec<String>,
    /// Leave this one out; may be given several times
    #[arg(short, long = "ignore-integration", alias = "ignore_integration", value_name = "NAME")]
    pub(crate) ignore: Vec<String>,
    /// Accepted for ZenML's sake: nothing is asked
    #[arg(short, long, hide = true)]
    pub(crate) yes: bool,
}

/// `uninstall`
#[derive(Debug, Args)]
pub(crate) struct UninstallArgs {
    /// The integrations
    #[arg(required = true)]
    pub(crate) integrations: Vec<String>,
    /// Accepted for ZenML's sake: nothing is asked
    #[arg(short, long, hide = true)]
    pub(crate) yes: bool,
}

/// `requirements`
#[derive(Debug, Args)]
pub(crate) struct RequirementsArgs {
    /// The integration; all of them when none is named
    pub(crate) integration: Option<String>,
}

/// `export-requirements`
#[derive(Debug, Args)]
pub(crate) struct ExportRequirementsArgs {
    /// The integrations; all of them when none is named
    pub(crate) integrations: Vec<String>,
    /// Leave this one out; may be given several times
    #[arg(short, long = "ignore-integration", alias = "ignore_integration", value_name = "NAME")]
    pub(crate) ignore: Vec<String>,
    /// The file to write, instead of stdout
    #[arg(short = 'o', long, alias = "output_file", value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// Only those that are built in
    #[arg(long, alias = "installed_only", conflicts_with = "integrations")]
    pub(crate) installed_only: bool,
    /// How to show data: table, json or yaml
    // Takes the place of the global one, whose `-o` is the file here.
    #[arg(long, value_name = "FORMAT", help_heading = "Global options", hide_possible_values = true)]
    pub(crate) output: Option<OutputFormat>,
}
