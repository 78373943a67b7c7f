//! The Azure back-end against the embedded Key Vault, over TLS, with tokens that are really checked.

mod calls;
mod deleting;
mod faults;
mod manager;
mod sign_in;

use std::path::Path;
use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::{Backend, Configuration, ManagerLayout, Owner, Schema, Secret, SecretsManager, Value};
use strongroom_testkit::{TestVault, backend_contract, random_operations};
use tempfile::TempDir;
use uuid::Uuid;

/// A vault, and a folder for notes.
pub(crate) struct Bench {
    pub(crate) vault: TestVault,
    pub(crate) home: TempDir,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self { vault: TestVault::start().await, home: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn context(&self) -> Context {
        context(self.home.path(), self.vault.lookup())
    }

    /// The back-end with further attributes.
    pub(crate) fn open(&self, more: &[(&str, &str)]) -> Arc<dyn Backend> {
        (flavor("azure").unwrap().open)(&self.configuration(more), &self.context()).unwrap()
    }

    pub(crate) fn configuration(&self, more: &[(&str, &str)]) -> Configuration {
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.vault.attributes().into_iter().chain(more).collect()
    }

    /// A secrets manager with further attributes, such as its scope.
    pub(crate) fn manager(&self, id: u128, more: &[(&str, &str)]) -> SecretsManager {
        let owner = Owner { id: Uuid::from_u128(id), name: format!("m{id}") };
        let rules = flavor("azure").unwrap().rules;
        let layout = ManagerLayout::new(rules, &self.configuration(more), owner).unwrap();
        SecretsManager::new(layout, self.open(more))
    }
}

pub(crate) fn context(home: &Path, env: strongroom_testkit::Lookup) -> Context {
    Context {
        id: Uuid::nil(),
        local_stores: home.join("stores"),
        key_file: home.join("key"),
        journal: home.join("journal"),
        env,
        notice: Arc::new(|_| {}),
    }
}

/// An arbitrary secret.
pub(crate) fn secret(name: &str, pairs: &[(&str, &str)]) -> Secret {
    let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value))).collect();
    Secret::new(name.parse().unwrap(), Schema::ARBITRARY, values).unwrap()
}

#[tokio::test]
async fn azure_keeps_the_contract() {
    let bench = Bench::new().await;
    backend_contract(&*bench.open(&[]), str::to_owned).await;
}

#[tokio::test]
async fn azure_agrees_with_a_model() {
    let bench = Bench::new().await;
    random_operations(&*bench.open(&[]), str::to_owned, 1000, 0x5eed).await;
}

/// The same contract against a real vault that the environment names.
#[tokio::test]
async fn a_real_vault_keeps_the_contract() {
    #[allow(clippy::disallowed_methods)] // a test reads its own switches
    let env = |name: &str| std::env::var(name).ok();
    let Some(url) = env("STRONGROOM_TEST_VAULT_URL") else {
        println!("left out: STRONGROOM_TEST_VAULT_URL names no Azure Key Vault");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let configuration = [("key_vault_name", "test"), ("vault_url", &url), ("timeout", "300")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let context = context(home.path(), Arc::new(env));
    let backend = (flavor("azure").unwrap().open)(&configuration.into_iter().collect(), &context).unwrap();
    backend_contract(&*backend, str::to_owned).await;
}
