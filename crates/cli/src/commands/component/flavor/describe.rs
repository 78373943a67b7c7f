//! `strongroom <type> flavor describe`

use crate::args::component::NameArgs;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::Session;
use crate::zenml;
use serde::Serialize;
use strongroom_core::{ComponentType, Result};

#[derive(Serialize)]
struct Description {
    name: String,
    #[serde(rename = "type")]
    kind: ComponentType,
    integration: Option<String>,
    attributes: Vec<Attribute>,
}

#[derive(Serialize)]
struct Attribute {
    name: String,
    required: bool,
    default: Option<String>,
    /// What it means, or its type where nothing more is known.
    description: String,
}

/// Shows the attributes of one flavor.
pub(super) fn describe(kind: ComponentType, args: NameArgs, session: &Session) -> Result<ExitStatus> {
    let NameArgs { name } = args;
    let description = match kind {
        ComponentType::SecretsManager => of_manager(strongroom_backends::flavor(&name)?),
        _ => of_plain(zenml::flavor(kind, &name)?),
    };
    session.printer.data_or_text(&description, || text(&description, session))?;
    Ok(ExitStatus::Success)
}

fn of_manager(flavor: &strongroom_backends::Flavor) -> Description {
    let attribute = |attribute: &strongroom_backends::Attribute| Attribute {
        name: attribute.name.to_owned(),
        required: attribute.required,
        default: attribute.default.map(str::to_owned),
        description: attribute.help.to_owned(),
    };
    Description {
        name: flavor.name.to_owned(),
        kind: ComponentType::SecretsManager,
        integration: flavor.integration.map(str::to_owned),
        attributes: flavor.attributes.iter().map(attribute).collect(),
    }
}

fn of_plain(flavor: zenml::Flavor) -> Description {
    let attribute = |attribute: zenml::Attribute| Attribute {
        name: attribute.name,
        required: attribute.required,
        default: attribute.default,
        description: attribute.holds,
    };
    Description {
        name: flavor.flavor,
        kind: flavor.kind,
        integration: flavor.integration,
        attributes: flavor.attributes.into_iter().map(attribute).collect(),
    }
}

fn text(description: &Description, session: &Session) -> String {
    let Description { name, kind, integration, attributes } = description;
    let words = kind.words();
    let integration = integration.as_ref().map(|name| format!(" of integration `{name}`")).unwrap_or_default();
    if attributes.is_empty() {
        return format!("The {words} flavor `{name}`{integration} has no attributes.\n");
    }
    let row = |Attribute { name, required, default, description }: &Attribute| {
        let default = if *required { Some("required") } else { default.as_deref() };
        [name.clone(), default.unwrap_or_default().to_owned(), description.clone()]
    };
    let table = Table::new(["ATTRIBUTE", "DEFAULT", "MEANING"]).with_rows(attributes.iter().map(row));
    format!("The {words} flavor `{name}`{integration}:\n\n{}", session.printer.render(&table))
}
