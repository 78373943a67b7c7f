//! Flavors: which there are, what attributes each takes, and how it is opened.

use crate::local;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use strongroom_core::{Backend, ComponentId, Configuration, Error, Kind, Result, Rules};

/// The flavors of secrets managers, in the order users see them.
static FLAVORS: &[Flavor] = &[
    local::FLAVOR,
    #[cfg(feature = "azure")]
    crate::azure::FLAVOR,
];

/// Flavors of ZenML that are not built in yet.
const MISSING: &[&str] = &["aws", "gcp", "vault", "github"];

/// One implementation of a secrets manager, under the name users type.
#[derive(Debug)]
pub struct Flavor {
    /// Its name, such as `azure`.
    pub name: &'static str,
    /// The integration that provides it; `None` when it needs none.
    pub integration: Option<&'static str>,
    /// The attributes that a manager of this flavor may and must have.
    pub attributes: &'static [Attribute],
    /// The limits and habits of the service.
    pub rules: &'static Rules,
    /// Opens the service. Reads what it needs, asks the service nothing.
    ///
    /// # Errors
    /// As [`Flavor::check`], and what opening the service can fail with.
    pub open: fn(&Configuration, &Context) -> Result<Arc<dyn Backend>>,
    /// Whether the attributes are valid, without any I/O. Scope and namespace are for
    /// [`strongroom_core::ManagerLayout::new`] to check.
    ///
    /// # Errors
    /// [`Kind::Invalid`] naming an attribute that is unknown, missing or malformed.
    pub check: fn(&Configuration) -> Result<()>,
}

/// One attribute of a flavor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// As typed: `--name=value`.
    pub name: &'static str,
    /// Whether a manager cannot do without it.
    pub required: bool,
    /// What counts when it is not given, in the spelling a user would type.
    pub default: Option<&'static str>,
    /// What it means, in one line.
    pub help: &'static str,
}

impl Attribute {
    /// Every flavor takes it, as ZenML's do; those without scoping only as `none`.
    pub const SCOPE: Self = Self::optional("scope", "who shares the secrets: none, global, component or namespace");
    /// See [`Attribute::SCOPE`].
    pub const NAMESPACE: Self = Self::optional("namespace", "the namespace, for scope `namespace`");

    /// An attribute that must be given.
    pub const fn required(name: &'static str, help: &'static str) -> Self {
        Self { name, required: true, default: None, help }
    }

    /// An attribute that may be left out.
    pub const fn optional(name: &'static str, help: &'static str) -> Self {
        Self { name, required: false, default: None, help }
    }

    /// An attribute that counts as `default` when it is left out.
    pub const fn with_default(name: &'static str, default: &'static str, help: &'static str) -> Self {
        Self { name, required: false, default: Some(default), help }
    }
}

/// Reads one environment variable.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Tells the user one line, on stderr.
pub type Notice = Arc<dyn Fn(&str) + Send + Sync>;

/// What a flavor may use of the world around it.
#[derive(Clone)]
pub struct Context {
    /// The component that is opened.
    pub id: ComponentId,
    /// The folder below which local flavors keep their files, in a folder named by the component's id.
    pub local_stores: PathBuf,
    /// The file that holds the key of sealed files; made when it is first needed.
    pub key_file: PathBuf,
    /// The folder for notes on writes that have begun.
    pub journal: PathBuf,
    /// Reads one environment variable.
    pub env: Environment,
    /// Tells the user one line.
    pub notice: Notice,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, local_stores, key_file, journal, env: _, notice: _ } = self;
        f.debug_struct("Context")
            .field("id", id)
            .field("local_stores", local_stores)
            .field("key_file", key_file)
            .field("journal", journal)
            .finish_non_exhaustive()
    }
}

/// All flavors a user can register, in the order to show them. `memory` is not among them: it forgets.
pub fn flavors() -> &'static [Flavor] {
    FLAVORS
}

/// The flavor of that name.
///
/// # Errors
/// [`Kind::Unsupported`] for those of ZenML's flavors that are not built in yet, [`Kind::NotFound`] for any other.
pub fn flavor(name: &str) -> Result<&'static Flavor> {
    if let Some(flavor) = FLAVORS.iter().find(|flavor| flavor.name == name) {
        return Ok(flavor);
    }
    let known: Vec<_> = FLAVORS.iter().map(|flavor| format!("`{}`", flavor.name)).collect();
    let error = if MISSING.contains(&name) {
        Error::new(Kind::Unsupported, format!("secrets manager flavor `{name}` is not built in yet"))
    } else {
        Error::not_found("secrets manager flavor", name)
    };
    Err(error.with_hint(format!("flavors: {}", known.join(", "))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_flavor_names_the_known_ones() {
        let error = flavor("nope").unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound);
        assert!(error.hint().unwrap().contains("`local`"));
        assert_eq!(flavor("aws").unwrap_err().kind(), Kind::Unsupported);
    }

    #[test]
    fn attributes_are_told_apart_and_defaults_are_optional() {
        for flavor in flavors() {
            for (index, attribute) in flavor.attributes.iter().enumerate() {
                assert!(!(attribute.required && attribute.default.is_some()), "{attribute:?}");
                let twin = flavor.attributes[..index].iter().any(|other| other.name == attribute.name);
                assert!(!twin, "{}: {attribute:?}", flavor.name);
            }
        }
    }
}
