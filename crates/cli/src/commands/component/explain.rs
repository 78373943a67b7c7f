//! `strongroom <type> explain`

use crate::args::component::purpose;
use crate::exit::ExitStatus;
use crate::session::Session;
use serde::Serialize;
use strongroom_core::{ComponentType, Result};

#[derive(Serialize)]
struct Explanation<'a> {
    name: &'a str,
    purpose: &'a str,
    explanation: &'a str,
}

/// Says what components of this type are for.
pub(super) fn explain(kind: ComponentType, session: &Session) -> Result<ExitStatus> {
    let explanation = match kind {
        ComponentType::SecretsManager => MANAGER,
        _ => PLAIN,
    };
    let purpose = purpose(kind);
    let data = Explanation { name: kind.as_str(), purpose, explanation };
    session.printer.data_or_text(&data, || {
        let words = kind.plural().replace('_', " ");
        format!("What {words} are for: they {purpose}.\n\n{explanation}\n")
    })?;
    Ok(ExitStatus::Success)
}

const MANAGER: &str = "\
A secrets manager keeps secrets in a place of your own: a vault, a region, a file. A secret is a name and a map of keys to
values. Commands and steps use the secrets manager of the active stack.

Who shares its secrets is its scope: with `component`, the default, nobody; with `namespace`, all managers of the same
namespace in that vault; with `global`, all global managers of that vault.";

const PLAIN: &str = "\
Strongroom keeps the configuration of such components, so that stacks are whole and can be exchanged with ZenML. It does not
run them.";
