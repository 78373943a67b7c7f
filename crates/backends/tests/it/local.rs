//! The `local` flavor on real files: its forms, its refusals, several processes, and processes that are killed.

mod forms;
mod modes;
mod other_process;
mod processes;
mod refusals;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use strongroom_backends::{Context, flavor};
use strongroom_core::{
    Backend, Configuration, ManagerLayout, Owner, Result, Schema, Secret, SecretName, SecretsManager, Value, Values,
};
use tempfile::TempDir;
use uuid::Uuid;

/// A folder with a local secrets manager and its key.
struct Room {
    folder: TempDir,
    id: Uuid,
    /// What users were told.
    notices: Arc<Mutex<Vec<String>>>,
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), id: Uuid::from_u128(1), notices: Arc::default() }
    }

    fn home(&self) -> &Path {
        self.folder.path()
    }

    /// Where the secrets are when no `secrets_file` is given.
    fn file(&self) -> PathBuf {
        self.home().join("local_stores").join(self.id.to_string()).join("secrets.yaml")
    }

    fn key_file(&self) -> PathBuf {
        self.home().join("keys/local.key")
    }

    fn backend(&self, attributes: &[(&str, &str)]) -> Arc<dyn Backend> {
        let notices = self.notices.clone();
        open(self.home(), self.id, attributes, Arc::new(move |line| notices.lock().unwrap().push(line.to_owned())))
    }

    fn manager(&self, attributes: &[(&str, &str)]) -> SecretsManager {
        let backend = self.backend(attributes);
        let owner = Owner { id: self.id, name: "mine".into() };
        SecretsManager::new(ManagerLayout::new(backend.rules(), &configuration(attributes), owner).unwrap(), backend)
    }

    fn sealed(&self) -> SecretsManager {
        self.manager(&[])
    }

    fn plain(&self) -> SecretsManager {
        self.manager(&[("sealed", "false")])
    }
}

fn open(home: &Path, id: Uuid, attributes: &[(&str, &str)], notice: strongroom_backends::Notice) -> Arc<dyn Backend> {
    let context = Context {
        id,
        local_stores: home.join("local_stores"),
        key_file: home.join("keys/local.key"),
        journal: home.join("journal"),
        env: Arc::new(|_| None),
        notice,
    };
    (flavor("local").unwrap().open)(&configuration(attributes), &context).unwrap()
}

fn configuration(pairs: &[(&str, &str)]) -> Configuration {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

fn secret(secret: &str, pairs: &[(&str, &str)]) -> Secret {
    let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value)));
    Secret::new(name(secret), Schema::ARBITRARY, values.collect()).unwrap()
}

fn set(key: &'static str, value: &str) -> impl Fn(Values) -> Result<Values> + Sync {
    move |mut values| {
        values.insert(key, Value::text(value));
        Ok(values)
    }
}

/// Every file below `folder`, with what is in it.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found
}
