//! A central store in this process over an embedded Key Vault with fault switches.

use std::sync::Arc;
use strongroom_backends::{Context, flavor};
use strongroom_core::central::{NewSecret, SecretChange, ValuesChange};
use strongroom_core::seal::Key;
use strongroom_core::{Backend, Configuration, Result, StoreForm, Value, Values};
use strongroom_engine::{Acting, DatabaseUrl, Engine, EngineOptions, Origin, ValuesAt};
use strongroom_testkit::{Faults, TestVault};
use tempfile::TempDir;
use uuid::Uuid;

/// A vault, and a folder for the store's database.
pub(super) struct House {
    pub(super) vault: TestVault,
    pub(super) folder: TempDir,
    pub(super) key: Arc<Key>,
}

impl House {
    pub(super) async fn new() -> Self {
        let vault = TestVault::start().await;
        Self { vault, folder: tempfile::tempdir().unwrap(), key: Arc::new(Key::generate().unwrap()) }
    }

    pub(super) fn faults(&self) -> &Faults {
        self.vault.faults()
    }

    /// The vault as a back-end, with further attributes.
    pub(super) fn backend(&self, more: &[(&str, &str)]) -> Arc<dyn Backend> {
        backend(&self.vault, self.folder.path(), more)
    }

    pub(super) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::sqlite(&self.folder.path().join("store.db"))
    }

    /// The store, with its values in that place.
    pub(super) async fn open_at(&self, values: ValuesAt) -> Result<Arc<Engine>> {
        Engine::open(EngineOptions { values, ..EngineOptions::new(self.url(), Arc::clone(&self.key)) }).await
    }

    /// The store with its values in the vault, and an administrator of it.
    pub(super) async fn open(&self) -> (Arc<Engine>, Acting) {
        self.open_with(&[]).await
    }

    /// The same with further attributes of the vault.
    pub(super) async fn open_with(&self, more: &[(&str, &str)]) -> (Arc<Engine>, Acting) {
        self.open_for(more, StoreForm::V0_98).await
    }

    /// The same, writing for that generation of ZenML.
    pub(super) async fn open_for(&self, more: &[(&str, &str)], form: StoreForm) -> (Arc<Engine>, Acting) {
        let (kind, name, backend) = ("azure", "kv".to_owned(), self.backend(more));
        let engine = self.open_at(ValuesAt::Service { kind, name, backend, form }).await.unwrap();
        let caller = engine.local_caller(Origin::default()).await.unwrap();
        let acting = engine.acting(caller);
        self.faults().clear();
        (engine, acting)
    }
}

/// The first vault as a back-end; `folder` is for its notes.
pub(crate) fn backend(vault: &TestVault, folder: &std::path::Path, more: &[(&str, &str)]) -> Arc<dyn Backend> {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let configuration: Configuration = vault.attributes().into_iter().chain(more).collect();
    let context = Context {
        id: Uuid::nil(),
        local_stores: folder.join("stores"),
        key_file: folder.join("key"),
        journal: folder.join("journal"),
        env: vault.lookup(),
        notice: Arc::new(|_| {}),
    };
    (flavor("azure").unwrap().open)(&configuration, &context).unwrap()
}

pub(super) fn service(name: &str, backend: Arc<dyn Backend>) -> ValuesAt {
    ValuesAt::Service { kind: "azure", name: name.to_owned(), backend, form: StoreForm::V0_98 }
}

pub(super) fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value))).collect()
}

pub(super) fn new(name: &str, pairs: &[(&str, &str)]) -> NewSecret {
    NewSecret::new(name.parse().unwrap(), values(pairs))
}

/// A change to these values and no others.
pub(super) fn replace(pairs: &[(&str, &str)]) -> SecretChange {
    SecretChange { values: Some(ValuesChange::Replace(values(pairs))), ..SecretChange::default() }
}

/// A change of one key.
pub(super) fn patch(key: &str, value: &str) -> SecretChange {
    let pair = (key.to_owned(), Some(Value::text(value)));
    SecretChange { values: Some(ValuesChange::Patch(vec![pair])), ..SecretChange::default() }
}
