//! Stacks out of the catalogue as ZenML's YAML, and in again.

use super::{Catalogue, components, stacks};
use crate::exchange::{Described, StackFile, ZENML_VERSION};
use std::collections::BTreeMap;
use strongroom_core::{Component, ComponentType, Error, Kind, Labels, Result, Stack, StackId};

/// What an import made and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The new stack.
    pub stack: Stack,
    /// Components made for it.
    pub created: Vec<Component>,
    /// Components that were there, alike.
    pub reused: Vec<Component>,
}

impl Catalogue {
    /// A stack and its components in the YAML that `zenml stack import` takes. Ids and labels are not in it.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    pub fn export_stack(&self, id: StackId) -> Result<String> {
        let (stack, parts) =
            self.read(|transaction| Ok((stacks::by_id(transaction, id)?, components::of_stack(transaction, id)?)))?;
        let describe =
            |Component { kind, name, flavor, configuration, .. }| (kind, Described { name, flavor, configuration });
        let file = StackFile {
            stack_name: stack.name,
            zenml_version: ZENML_VERSION.to_owned(),
            components: parts.into_iter().map(describe).collect(),
        };
        Ok(file.to_yaml())
    }

    /// Adds the stack of `file` under `name`. A component that is there with the same flavor and configuration is used; one
    /// that differs must get another name by `renames` (type and name in the file → name here).
    ///
    /// # Errors
    /// [`Kind::AlreadyExists`] when the name of the stack is taken, or a component of that name is there and differs;
    /// nothing was changed then. As [`Catalogue::create_stack`] besides.
    pub fn import_stack(
        &self,
        file: &StackFile,
        name: &str,
        renames: &BTreeMap<(ComponentType, String), String>,
    ) -> Result<Imported> {
        self.change(|transaction| {
            stacks::check_free(transaction, name)?;
            let (mut parts, mut created, mut reused) = (BTreeMap::new(), Vec::new(), Vec::new());
            for (kind, described) in &file.components {
                let Described { name, flavor, configuration } = described;
                let name = renames.get(&(*kind, name.clone())).unwrap_or(name);
                let found = components::by_name(transaction, *kind, name)?;
                let list = if found.is_some() { &mut reused } else { &mut created };
                let component = match found {
                    Some(same) if same.flavor == *flavor && same.configuration == *configuration => same,
                    Some(_) => {
                        let what = kind.words();
                        let message = format!("{what} `{name}` already exists and is configured differently");
                        return Err(Error::new(Kind::AlreadyExists, message).with_hint("import it under another name"));
                    }
                    None => {
                        let (configuration, labels) = (configuration.clone(), Labels::new());
                        components::create(transaction, *kind, name, flavor, configuration, labels)?
                    }
                };
                parts.insert(*kind, component.id);
                list.push(component);
            }
            let stack = stacks::create(transaction, name, parts)?;
            Ok(Imported { stack, created, reused })
        })
    }
}
