//! Attributes and labels: from what was typed to what a flavor takes.

use crate::args::{FreeForm, Pair};
use crate::env::{self, Env};
use crate::input::file;
use crate::zenml;
use strongroom_core::{
    ComponentId, ComponentType, Configuration, Error, Labels, ManagerLayout, Owner, Reference, Result, ScopeKind,
};

/// The attributes of `pairs`, files read; of those given twice the last counts.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn expand(pairs: FreeForm, env: &Env) -> Result<Configuration> {
    let home = env.path(env::USER_HOME);
    let expanded = pairs.into_iter().map(|Pair { key, value }| {
        let value = file::expand(&key, &value, home.as_deref())?.to_string();
        Ok((key, value))
    });
    expanded.collect()
}

/// The labels of `key=value` texts.
///
/// # Errors
/// [`strongroom_core::Kind::Invalid`] when one of them is none.
pub(super) fn labels(texts: Vec<String>) -> Result<Labels> {
    let split = |text: String| match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Error::invalid(format!("`{text}` is not a label")).with_hint("labels are written `-l key=value`")),
    };
    texts.into_iter().map(split).collect()
}

/// Checks the whole configuration of a component, without any I/O; what is allowed but unwise comes back as warnings.
///
/// # Errors
/// What the flavor refuses. Flavors of secrets managers refuse what they do not know; of the other types, which are plain
/// configuration here, only the flavor must be one of ZenML's.
pub(in crate::commands) fn check(
    kind: ComponentType,
    flavor: &str,
    configuration: &Configuration,
    id: ComponentId,
    name: &str,
) -> Result<Vec<String>> {
    if kind == ComponentType::SecretsManager {
        return check_manager(flavor, configuration, Owner { id, name: name.to_owned() });
    }
    check_plain(&zenml::flavor(kind, flavor)?, configuration)
}

fn check_manager(name: &str, configuration: &Configuration, owner: Owner) -> Result<Vec<String>> {
    let flavor = strongroom_backends::flavor(name)?;
    let layout = ManagerLayout::new(flavor.rules, configuration, owner)?;
    (flavor.check)(configuration)?;
    let unscoped = flavor.rules.scopes && layout.scope().kind() == ScopeKind::None;
    Ok(unscoped.then(|| UNSCOPED.to_owned()).into_iter().collect())
}

const UNSCOPED: &str = "scope `none` is the oldest of ZenML's forms and deprecated: each key is an entry of its own, and \
                        writes are not whole; `--scope=global` shares secrets in the same way";

fn check_plain(flavor: &zenml::Flavor, configuration: &Configuration) -> Result<Vec<String>> {
    let name = &flavor.flavor;
    let mut warnings = Vec::new();
    for (key, value) in configuration {
        let is_reference = Reference::parse(value).is_some();
        match flavor.attributes.iter().find(|attribute| attribute.name == *key) {
            None => warnings.push(format!("flavor `{name}` of ZenML has no attribute `{key}`")),
            Some(attribute) if attribute.refuses_reference && is_reference => {
                return Err(Error::invalid(format!("attribute `{key}` cannot be a secret reference"))
                    .with_hint("ZenML checks its value when a component is registered; write the value itself"));
            }
            Some(attribute) if attribute.sensitive && !is_reference => {
                warnings
                    .push(format!("attribute `{key}` is a secret in plain text; `{{{{secret.key}}}}` refers to one"));
            }
            Some(_) => {}
        }
    }
    let missing = flavor.attributes.iter().filter(|known| known.required && !configuration.contains_key(&known.name));
    warnings.extend(missing.map(|known| format!("flavor `{name}` of ZenML needs the attribute `{}`", known.name)));
    Ok(warnings)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn plain(flavor: &str, kind: ComponentType, pairs: &[(&str, &str)]) -> Result<Vec<String>> {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        check(kind, flavor, &pairs.collect(), ComponentId::nil(), "x")
    }

    #[test]
    fn plain_configuration_is_warned_about_and_references_are_checked() {
        let warnings =
            plain("wandb", ComponentType::ExperimentTracker, &[("api_key", "plain"), ("colour", "x")]).unwrap();
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        let warnings = plain("wandb", ComponentType::ExperimentTracker, &[("api_key", "{{a.b}}")]).unwrap();
        assert_eq!(warnings, [""; 0]);
        let warnings = plain("default", ComponentType::ContainerRegistry, &[]).unwrap();
        assert_eq!(warnings, ["flavor `default` of ZenML needs the attribute `uri`"]);
        let error = plain("local", ComponentType::ArtifactStore, &[("path", "{{a.b}}")]).unwrap_err();
        assert_eq!(error.to_string(), "attribute `path` cannot be a secret reference");
    }

    #[test]
    fn labels_split_at_the_first_equals_sign() {
        let labels = labels(vec!["a=b=c".into(), "d=".into()]).unwrap();
        assert_eq!(labels.into_iter().collect::<Vec<_>>(), [("a".into(), "b=c".into()), ("d".into(), String::new())]);
        assert!(super::labels(vec!["=x".into()]).is_err());
        assert!(super::labels(vec!["x".into()]).is_err());
    }
}
