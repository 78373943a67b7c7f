//! Stack components and stacks, as the catalogue keeps them.

use crate::query::{Field, Filterable};
use crate::{Error, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

/// The attributes of a component as typed, in order. Only what the user gave; never defaults.
pub type Configuration = IndexMap<String, String>;

/// Free labels of a component.
pub type Labels = BTreeMap<String, String>;

/// The id of a component. A secrets manager's default scope is this id, not its name.
pub type ComponentId = Uuid;

/// The id of a stack.
pub type StackId = Uuid;

/// One component: a type, a flavor and its configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Given once, never changes; a copy gets its own.
    pub id: ComponentId,
    /// Unique among components of its type.
    pub name: String,
    /// What it does in a stack.
    #[serde(rename = "type")]
    pub kind: ComponentType,
    /// Which implementation, such as `azure`.
    pub flavor: String,
    /// Its attributes.
    pub configuration: Configuration,
    /// Its labels.
    pub labels: Labels,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated: OffsetDateTime,
}

/// A named set of components, at most one per type here (ZenML 0.44 uses the first of each).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// Given once.
    pub id: StackId,
    /// Unique among stacks.
    pub name: String,
    /// The component of each type. Orchestrator and artifact store are always there.
    pub components: BTreeMap<ComponentType, ComponentId>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated: OffsetDateTime,
}

macro_rules! component_types {
    ($($variant:ident $name:literal $plural:literal),+ $(,)?) => {
        /// The types of stack components of ZenML 0.44, in alphabetical order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)] // the names are the meaning
        pub enum ComponentType { $($variant),+ }

        impl ComponentType {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As stored and exported: `secrets_manager`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// More than one of them: `secrets_managers`.
            pub fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural),+ }
            }
        }
    };
}

component_types! {
    Alerter "alerter" "alerters",
    Annotator "annotator" "annotators",
    ArtifactStore "artifact_store" "artifact_stores",
    ContainerRegistry "container_registry" "container_registries",
    DataValidator "data_validator" "data_validators",
    ExperimentTracker "experiment_tracker" "experiment_trackers",
    FeatureStore "feature_store" "feature_stores",
    ImageBuilder "image_builder" "image_builders",
    ModelDeployer "model_deployer" "model_deployers",
    ModelRegistry "model_registry" "model_registries",
    Orchestrator "orchestrator" "orchestrators",
    SecretsManager "secrets_manager" "secrets_managers",
    StepOperator "step_operator" "step_operators",
}

impl ComponentType {
    /// The command group: `secrets-manager`.
    pub fn group(self) -> String {
        self.as_str().replace('_', "-")
    }

    /// In running text: `secrets manager`.
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }

    /// Whether every stack must have one.
    pub fn is_mandatory(self) -> bool {
        matches!(self, Self::ArtifactStore | Self::Orchestrator)
    }
}

impl fmt::Display for ComponentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ComponentType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.replace('-', "_");
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| Error::invalid(format!("`{text}` is not a type of stack component")))
    }
}

impl Filterable for Component {
    const FIELDS: &'static [&'static str] = &["id", "name", "flavor", "type", "created", "updated"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![self.id]),
            "flavor" => Field::Text(Cow::Borrowed(&self.flavor)),
            "type" => Field::Text(Cow::Borrowed(self.kind.as_str())),
            "created" => Field::Time(self.created),
            "updated" => Field::Time(self.updated),
            _ => Field::Text(Cow::Borrowed(&self.name)),
        }
    }
}

impl Filterable for Stack {
    const FIELDS: &'static [&'static str] = &["id", "name", "component_id", "created", "updated"];

    fn field(&self, name: &str) -> Field<'_> {
        match name {
            "id" => Field::Ids(vec![self.id]),
            "component_id" => Field::Ids(self.components.values().copied().collect()),
            "created" => Field::Time(self.created),
            "updated" => Field::Time(self.updated),
            _ => Field::Text(Cow::Borrowed(&self.name)),
        }
    }
}
