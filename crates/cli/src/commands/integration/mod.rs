//! `strongroom integration …`: what is built in, and what ZenML's side needs.

mod export_requirements;
mod install;
mod list;
mod requirements;
mod uninstall;

use crate::args::integration::IntegrationVerb;
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::zenml::{self, Integration};
use serde::Serialize;
use strongroom_core::{ComponentType, Error, Result};

/// Runs one verb.
pub(crate) fn dispatch(verb: IntegrationVerb, session: &Session) -> Result<ExitStatus> {
    match verb {
        IntegrationVerb::List => list::list(session),
        IntegrationVerb::Install(args) => install::install(args, session),
        IntegrationVerb::Uninstall(args) => uninstall::uninstall(args, session),
        IntegrationVerb::Requirements(args) => requirements::requirements(args, session),
        IntegrationVerb::ExportRequirements(args) => export_requirements::export_requirements(args, session),
    }
}

/// What this program does with an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Support {
    /// Its secrets manager is part of this program.
    BuiltIn,
    /// It has a secrets manager, which is not part of this program yet.
    NotYet,
    /// Its components are kept as configuration.
    ConfigurationOnly,
    /// It has no stack components.
    NoComponents,
}

impl Support {
    fn of(integration: &Integration) -> Self {
        let Integration { name, requirements: _, flavors } = integration;
        let built_in = strongroom_backends::flavors().iter().any(|flavor| flavor.integration == Some(name));
        match (built_in, flavors.iter().any(|flavor| flavor.kind == ComponentType::SecretsManager)) {
            (true, _) => Self::BuiltIn,
            (false, true) => Self::NotYet,
            (false, false) if flavors.is_empty() => Self::NoComponents,
            (false, false) => Self::ConfigurationOnly,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::BuiltIn => "built in",
            Self::NotYet => "not yet",
            Self::ConfigurationOnly => "configuration only",
            Self::NoComponents => "no components",
        }
    }
}

/// The integrations of these names, or all; without those to leave out.
fn chosen(names: &[String], ignored: &[String]) -> Result<Vec<Integration>> {
    for name in ignored {
        zenml::integration(name)?;
    }
    let found = match names {
        [] => zenml::integrations(),
        names => names.iter().map(|name| zenml::integration(name)).collect::<Result<_>>()?,
    };
    Ok(found.into_iter().filter(|integration| !ignored.contains(&integration.name)).collect())
}

/// A file that could not be written.
fn unwritable(path: &std::path::Path, error: std::io::Error) -> Error {
    Error::new(strongroom_core::Kind::Forbidden, format!("cannot write `{}`", path.display())).with_source(error)
}
