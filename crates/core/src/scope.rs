//! What the name of a secret is unique within, for secrets managers that share one vault.

use crate::{Configuration, Error, Kind, Namespace, Rules, SecretName};
use crate::{Reference, Result};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The scope of a secrets manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// No scope: the legacy form, in which names are shared by all.
    None,
    /// Shared by all managers of this vault that are global.
    Global,
    /// This manager's own (the default), kept apart by its id.
    Component(Uuid),
    /// Shared by all managers of this vault with the same namespace.
    Namespace(Namespace),
}

impl Scope {
    /// The scope that a manager's `scope` and `namespace` attributes give it, under the rules of its service.
    ///
    /// # Errors
    /// [`Kind::Invalid`] in ZenML's order and words: an unknown scope, a scope on a service without scoping, namespace
    /// scope without a namespace, an illegal namespace.
    pub fn from_attributes(attributes: &Configuration, id: Uuid, rules: &Rules) -> Result<Self> {
        let asked = attributes.get("scope").map(|text| text.parse::<ScopeKind>()).transpose()?;
        let namespace = attributes.get("namespace").filter(|text| !text.is_empty());
        let kind = match (asked, rules.scopes) {
            (None | Some(ScopeKind::None), false) => ScopeKind::None,
            (Some(_), false) => {
                return Err(Error::invalid("this secrets manager does not support scoping")
                    .with_hint("you can only use a `none` scope value"));
            }
            (asked, true) => asked.unwrap_or(ScopeKind::Component),
        };
        if let Some(name) = namespace.filter(|_| kind != ScopeKind::None) {
            rules.names.check("namespace", name)?;
        }
        Ok(match kind {
            ScopeKind::None => Self::None,
            ScopeKind::Global => Self::Global,
            ScopeKind::Component => Self::Component(id),
            ScopeKind::Namespace => Self::Namespace(
                namespace
                    .ok_or_else(|| {
                        Error::invalid("a `namespace` value is required for a namespace scoped secrets manager")
                            .with_hint("add `--namespace=NAME`")
                    })?
                    .parse()?,
            ),
        })
    }

    /// Which of the four it is.
    pub fn kind(&self) -> ScopeKind {
        match self {
            Self::None => ScopeKind::None,
            Self::Global => ScopeKind::Global,
            Self::Component(_) => ScopeKind::Component,
            Self::Namespace(_) => ScopeKind::Namespace,
        }
    }

    /// The segments that precede a secret's name in its item's name.
    pub fn segments(&self) -> Vec<String> {
        match self {
            Self::None => vec![],
            Self::Global => vec!["zenml".into(), "global".into()],
            Self::Component(id) => vec!["zenml".into(), "component".into(), id.to_string()],
            Self::Namespace(name) => vec!["zenml".into(), "namespace".into(), name.to_string()],
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "namespace `{name}`"),
            Self::Component(id) => write!(f, "component `{id}`"),
            Self::Global | Self::None => write!(f, "scope `{}`", self.kind().as_str()),
        }
    }
}

/// The names of the four scopes, as users type and tags hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// `none`
    None,
    /// `global`
    Global,
    /// `component`
    Component,
    /// `namespace`
    Namespace,
}

impl ScopeKind {
    /// The name, lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Global => "global",
            Self::Component => "component",
            Self::Namespace => "namespace",
        }
    }
}

impl FromStr for ScopeKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        [Self::None, Self::Global, Self::Component, Self::Namespace]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| {
                Error::invalid(format!("`{text}` is not a scope"))
                    .with_hint("permitted: `none`, `global`, `component`, `namespace`")
            })
    }
}

/// Refuses attributes that are secret references: a secrets manager cannot look up its own configuration.
///
/// # Errors
/// [`Kind::Invalid`] naming the attribute.
pub(crate) fn refuse_references(attributes: &Configuration) -> Result<()> {
    match attributes.iter().find(|(_, value)| Reference::parse(value).is_some()) {
        None => Ok(()),
        Some((key, _)) => Err(Error::new(
            Kind::Invalid,
            "using secret references to specify attributes on a secrets manager is not allowed",
        )
        .with_hint(format!("specify the real value for the attribute `{key}`"))),
    }
}

/// Refuses a name that the scoped form of `rules` does not allow.
pub(crate) fn check_name(scope: &Scope, name: &SecretName, rules: &Rules) -> Result<()> {
    match scope {
        Scope::None => Ok(()),
        _ => rules.names.check("secret name", name.as_str()),
    }
}
