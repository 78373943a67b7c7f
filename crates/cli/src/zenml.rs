//! What ZenML 0.44.1 knows: its integrations, and the flavors of the component types that are plain configuration here.
//!
//! The tables were read out of the running program, by its own flavor registry and integration registry.

use serde::Deserialize;
use strongroom_core::{ComponentType, Error, Result};

/// A flavor of a type other than secrets managers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flavor {
    /// The type of component.
    #[serde(rename = "type")]
    pub(crate) kind: ComponentType,
    /// Its name.
    pub(crate) flavor: String,
    /// The integration that it comes with; `None` when it comes with ZenML itself.
    pub(crate) integration: Option<String>,
    /// What a component of it may and must have.
    pub(crate) attributes: Vec<Attribute>,
}

/// An attribute of a flavor.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    /// As typed: `--name=value`.
    pub(crate) name: String,
    /// Its type in ZenML's Python.
    #[serde(rename = "type")]
    pub(crate) holds: String,
    /// Whether a component cannot do without it.
    #[serde(default)]
    pub(crate) required: bool,
    /// What counts when it is not given.
    pub(crate) default: Option<String>,
    /// Whether its value is a secret, for which a reference should stand.
    #[serde(default)]
    pub(crate) sensitive: bool,
    /// Whether a reference cannot stand for its value.
    #[serde(default)]
    pub(crate) refuses_reference: bool,
}

/// An integration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Integration {
    /// Its name.
    pub(crate) name: String,
    /// The Python packages it needs, as pip takes them.
    pub(crate) requirements: Vec<String>,
    /// What it provides.
    pub(crate) flavors: Vec<Provided>,
}

/// A flavor that an integration provides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provided {
    /// The type of component.
    #[serde(rename = "type")]
    pub(crate) kind: ComponentType,
    /// Its name.
    pub(crate) flavor: String,
}

/// The flavors of one type, in ZenML's order.
pub(crate) fn flavors(kind: ComponentType) -> Vec<Flavor> {
    let all: Vec<Flavor> = serde_json::from_str(include_str!("zenml/flavors.json")).expect("tested below");
    all.into_iter().filter(|flavor| flavor.kind == kind).collect()
}

/// One flavor.
///
/// # Errors
/// [`strongroom_core::Kind::NotFound`] naming the ones there are.
pub(crate) fn flavor(kind: ComponentType, name: &str) -> Result<Flavor> {
    let (known, found): (Vec<_>, Vec<_>) = flavors(kind).into_iter().partition(|flavor| flavor.flavor != name);
    found.into_iter().next().ok_or_else(|| {
        let known: Vec<_> = known.iter().map(|flavor| format!("`{}`", flavor.flavor)).collect();
        Error::not_found(&format!("{} flavor", kind.words()), name).with_hint(format!("flavors: {}", known.join(", ")))
    })
}

/// All integrations, in the order of their names.
pub(crate) fn integrations() -> Vec<Integration> {
    let mut all: Vec<Integration> =
        serde_json::from_str(include_str!("zenml/integrations.json")).expect("tested below");
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// One integration.
///
/// # Errors
/// [`strongroom_core::Kind::NotFound`] with the nearest name, or all of them.
pub(crate) fn integration(name: &str) -> Result<Integration> {
    let all = integrations();
    let near = all.iter().map(|known| (strsim::jaro_winkler(name, &known.name), &known.name));
    let hint = match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((alike, known)) if alike >= 0.85 => format!("did you mean `{known}`?"),
        _ => "`strongroom integration list` shows them all".to_owned(),
    };
    let found = all.into_iter().find(|known| known.name == name);
    found.ok_or_else(|| Error::not_found("integration", name).with_hint(hint))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use strongroom_core::Kind;

    #[test]
    fn every_type_but_one_has_flavors() {
        for kind in ComponentType::ALL {
            assert_eq!(flavors(*kind).is_empty(), *kind == ComponentType::SecretsManager, "{kind}");
        }
        assert_eq!(
            flavor(ComponentType::Orchestrator, "kubernetes").unwrap().integration.as_deref(),
            Some("kubernetes")
        );
        let error = flavor(ComponentType::ImageBuilder, "x").unwrap_err();
        assert_eq!((error.kind(), error.hint()), (Kind::NotFound, Some("flavors: `local`, `gcp`, `kaniko`")));
    }

    #[test]
    fn what_an_integration_provides_is_there() {
        assert_eq!(integrations().len(), 42);
        for integration in integrations() {
            for Provided { kind, flavor: name } in integration.flavors {
                let found = kind == ComponentType::SecretsManager || flavor(kind, &name).is_ok();
                assert!(found, "{}: {kind} {name}", integration.name);
            }
        }
        assert_eq!(integration("azrue").unwrap_err().hint(), Some("did you mean `azure`?"));
    }
}
