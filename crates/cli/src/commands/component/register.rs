//! `strongroom <type> register`

use super::attributes;
use crate::args::component::RegisterArgs;
use crate::exit::ExitStatus;
use crate::session::Session;
use strongroom_core::{ComponentType, Error, Reference, Result};
use uuid::Uuid;

/// Adds a component whose attributes its flavor takes.
pub(super) fn register(kind: ComponentType, args: RegisterArgs, session: &Session) -> Result<ExitStatus> {
    let RegisterArgs { name, flavor, labels, share, attributes } = args;
    if Reference::parse(&name).is_some() {
        return Err(Error::invalid("the name of a stack component cannot be a secret reference"));
    }
    let labels = attributes::labels(labels)?;
    let configuration = attributes::expand(attributes, &session.env)?;
    let warnings = attributes::check(kind, &flavor, &configuration, Uuid::nil(), &name)?;
    let component = session.catalogue()?.create_component(kind, &name, &flavor, configuration, labels)?;
    warnings.iter().for_each(|warning| session.printer.warn(warning));
    if share {
        session.printer.note("the catalogue has one user: there is nobody to share with");
    }
    session.printer.changed(&component, format!("Successfully registered {kind} `{name}`."))?;
    Ok(ExitStatus::Success)
}
