//! The Azure back-end against the embedded Key Vault, over TLS, with tokens that are really checked.

mod attributes;
mod az;
mod calls;
mod deleting;
mod diagnosis;
mod faults;
mod leaks;
mod manager;
mod metadata;
mod names;
mod origins;
mod sign_in;
mod throttling;
mod tokens;
mod workload;

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::{
    Backend, Configuration, Error, Kind, ManagerLayout, Owner, Result, Schema, Secret, SecretsManager, Value,
};
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

/// The environment of a back-end.
pub(crate) type Variables = HashMap<String, String>;

pub(crate) fn lookup(variables: Variables) -> strongroom_testkit::Lookup {
    Arc::new(move |name| variables.get(name).cloned())
}

/// `base` with these changes; `None` takes a variable away.
pub(crate) fn with(base: &Variables, changes: &[(&str, Option<&str>)]) -> Variables {
    let mut variables = base.clone();
    for (name, value) in changes {
        match value {
            Some(value) => variables.insert((*name).to_owned(), (*value).to_owned()),
            None => variables.remove(*name),
        };
    }
    variables
}

/// The back-end in this environment, with these further attributes.
pub(crate) fn open_in(bench: &Bench, variables: &Variables, more: &[(&str, &str)]) -> Result<Arc<dyn Backend>> {
    let context = context(bench.home.path(), lookup(variables.clone()));
    (flavor("azure").unwrap().open)(&bench.configuration(more), &context)
}

/// Asks the vault for something that is not there, with this environment and these further attributes.
pub(crate) async fn ask(bench: &Bench, variables: &Variables, more: &[(&str, &str)]) -> Result<()> {
    let found = open_in(bench, variables, more)?.get(&"absent".parse().unwrap(), None).await?;
    assert!(found.is_none());
    Ok(())
}

/// Asks as [`ask`] does; nobody is let in.
pub(crate) async fn refused(bench: &Bench, variables: &Variables, more: &[(&str, &str)]) -> Error {
    let error = ask(bench, variables, more).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthenticated, "{error:?}");
    error
}

/// `word` is somewhere in what the user sees of `error`.
pub(crate) fn says(error: &Error, word: &str) {
    let all = format!("{error:?}");
    assert!(all.contains(word), "{word} is not in {all}");
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
        // not by `println!`, which the test harness hides
        writeln!(
            std::io::stderr(),
            "LEFT OUT: the contract against a real vault; STRONGROOM_TEST_VAULT_URL names none"
        )
        .unwrap();
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let configuration = [("key_vault_name", "test"), ("vault_url", &url), ("timeout", "300")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let context = context(home.path(), Arc::new(env));
    let backend = (flavor("azure").unwrap().open)(&configuration.into_iter().collect(), &context).unwrap();
    backend_contract(&*backend, str::to_owned).await;
}
