//! The catalogue, on real files.
#![allow(clippy::unwrap_used)]

mod accounts;
mod audit;
mod central;
mod commit;
mod components;
mod exchange;
mod file;
mod galera;
mod keys;
mod memory;
mod names;
mod processes;
mod refusals;
mod replicas;
mod stacks;

use std::path::PathBuf;
use strongroom_core::{Component, ComponentType, Configuration, Labels};
use strongroom_engine::Catalogue;
use tempfile::TempDir;

/// A new catalogue in a folder of its own.
struct Room {
    catalogue: Catalogue,
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = Catalogue::open(&folder.path().join("home/catalogue.db")).unwrap();
        Self { catalogue, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("home/catalogue.db")
    }

    fn manager(&self, name: &str) -> Component {
        let attributes = configuration(&[("key_vault_name", "my-vault")]);
        let kind = ComponentType::SecretsManager;
        self.catalogue.create_component(kind, name, "azure", attributes, Labels::new()).unwrap()
    }
}

fn configuration(pairs: &[(&str, &str)]) -> Configuration {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
