//! The file that `stack export` writes and `stack import` reads: ZenML's YAML.

use serde::Deserialize;
use std::collections::BTreeMap;
use strongroom_core::yaml::Node;
use strongroom_core::{ComponentType, Configuration, Error, Result};

/// The version of ZenML whose files these are.
pub const ZENML_VERSION: &str = "0.44.1";

/// A stack as a file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackFile {
    /// The name of the stack.
    pub stack_name: String,
    /// The version of ZenML that wrote the file. ZenML refuses other versions than its own unless told to.
    pub zenml_version: String,
    /// Its components.
    pub components: BTreeMap<ComponentType, Described>,
}

/// A component as a file describes it, under its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its flavor.
    pub flavor: String,
    /// Its attributes.
    pub configuration: Configuration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    stack_name: String,
    zenml_version: String,
    components: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    flavor: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Attributes that are null were not given.
    #[serde(default)]
    configuration: BTreeMap<String, Option<String>>,
}

impl StackFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when it is no YAML, or not of a stack.
    pub fn parse(text: &str) -> Result<Self> {
        let options = serde_saphyr::options! { with_snippet: false };
        let document: Document = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            let place = error.location().map(|at| format!(" (line {}, column {})", at.line(), at.column()));
            Error::invalid(format!("the file does not describe a stack{}", place.unwrap_or_default()))
                .with_hint("`strongroom stack export` and `zenml stack export` write such files")
                .with_source(error.to_string())
        })?;
        let Document { stack_name, zenml_version, components } = document;
        let components = components.into_iter().map(component).collect::<Result<_>>()?;
        Ok(Self { stack_name, zenml_version, components })
    }

    /// The file, byte for byte as ZenML writes it.
    pub fn to_yaml(&self) -> String {
        let Self { stack_name, zenml_version, components } = self;
        let components = components.iter().map(|(kind, Described { name, flavor, configuration })| {
            let attributes = configuration.iter().map(|(key, value)| (key.as_str(), Node::text(value)));
            let fields = [
                ("configuration", Node::map(attributes)),
                ("flavor", Node::text(flavor)),
                ("name", Node::text(name)),
                ("type", Node::text(kind.as_str())),
            ];
            (kind.as_str(), Node::map(fields))
        });
        let fields = [
            ("components", Node::map(components)),
            ("stack_name", Node::text(stack_name)),
            ("zenml_version", Node::text(zenml_version)),
        ];
        Node::map(fields).to_string()
    }
}

fn component((under, entry): (String, Entry)) -> Result<(ComponentType, Described)> {
    let Entry { name, flavor, kind, configuration } = entry;
    if kind.as_ref().is_some_and(|kind| *kind != under) {
        return Err(Error::invalid(format!("component `{name}` stands under `{under}` and says it is another type")));
    }
    let configuration = configuration.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    Ok((under.parse()?, Described { name, flavor, configuration }))
}
