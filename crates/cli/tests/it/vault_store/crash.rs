//! kill -9 of the server at every call to the vault: each change is wholly made or wholly not, and nothing is left over.

use super::house::{backend, new, replace, service, values};
use super::server::{Server, spawn};
use crate::room::Room;
use crate::vault::Faulty;
use futures::TryStreamExt;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;
use strongroom_api::Client;
use strongroom_core::central::{Lookup, SecretChange, SecretId, Secrets};
use strongroom_core::query::Query;
use strongroom_core::seal::Key;
use strongroom_core::{Filter, Result, StoreForm, Values};
use strongroom_engine::{DatabaseUrl, Engine, EngineOptions};
use strongroom_testkit::Fault;
use uuid::Uuid;

const OLD: &[(&str, &str)] = &[("a", "old"), ("b", "old")];
const NEW: &[(&str, &str)] = &[("a", "new"), ("c", "new")];

/// A change of one secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    Update,
    /// A call to the vault in the form of 0.44 only.
    Rename,
    RenameAndUpdate,
    Delete,
    Rollback,
}

impl Verb {
    /// What there is before: the values of each revision.
    fn before(self) -> &'static [&'static [(&'static str, &'static str)]] {
        match self {
            Self::Create => &[],
            Self::Update | Self::Rename | Self::RenameAndUpdate | Self::Delete => &[OLD],
            Self::Rollback => &[NEW, OLD],
        }
    }

    async fn run(self, secrets: Arc<Client>, id: SecretId, name: String) -> Result<()> {
        match self {
            Self::Create => secrets.create(new(&name, NEW)).await.map(drop),
            Self::Update => secrets.update(id, replace(NEW)).await.map(drop),
            Self::Rename | Self::RenameAndUpdate => {
                let mut change = if self == Self::Rename { SecretChange::default() } else { replace(NEW) };
                change.name = Some(format!("{name}-new").parse().unwrap());
                change.schema = Some(self.schema().unwrap_or_default().to_owned());
                secrets.update(id, change).await.map(drop)
            }
            Self::Delete => secrets.delete(id).await,
            Self::Rollback => secrets.rollback(id, 1).await.map(drop),
        }
    }

    /// The schema afterwards; there is none before.
    fn schema(self) -> Option<&'static str> {
        match self {
            Self::RenameAndUpdate => Some("aws"),
            Self::Create | Self::Update | Self::Rename | Self::Delete | Self::Rollback => None,
        }
    }

    /// What there is afterwards; `None` when there is no secret.
    fn after(self, name: &str) -> Option<Found> {
        let (name, values) = match self {
            Self::Delete => return None,
            Self::Rename => (format!("{name}-new"), values(OLD)),
            Self::RenameAndUpdate => (format!("{name}-new"), values(NEW)),
            Self::Create | Self::Update | Self::Rollback => (name.to_owned(), values(NEW)),
        };
        Some(Found { name, values, schema: self.schema().map(str::to_owned) })
    }
}

/// What is read of a secret.
#[derive(Debug, PartialEq)]
struct Found {
    name: String,
    values: Values,
    schema: Option<String>,
}

/// A vault, a server's home, and a key that opens it.
struct Site {
    vault: Faulty,
    room: Room,
    key: SecretString,
    form: StoreForm,
    kills: usize,
}

impl Site {
    fn new(form: StoreForm) -> Self {
        let vault = Faulty::start();
        let room = vault.server_room().with("STRONGROOM_SECRETS_STORE_FORMAT", form.as_str());
        let (server, key) = vault.runtime.block_on(Server::found(&room));
        server.kill();
        Self { vault, room, key, form, kills: 0 }
    }

    /// A server that is killed at call `call` to the vault, before or after it is carried out, while it does `verb`; then another
    /// that is killed at its first call, while it looks for what was left; then one that is asked. `false` when the verb made no
    /// such call, and ended by itself.
    fn kill_at(&mut self, verb: Verb, call: usize, after: bool) -> bool {
        let name = format!("s-{}", Uuid::new_v4().simple());
        let server = Server::start(&self.room, &[]);
        let id = self.begin(&server, verb, &name);
        server.kill();

        let server = Server::start(&self.room, &[]);
        let client = server.client(&self.key);
        self.vault.runtime.block_on(client.list(&Query::all())).unwrap();
        self.hold(call, after);
        let change = self.vault.runtime.spawn(verb.run(client, id, name.clone()));
        let was_killed = self.wait(|| change.is_finished());
        server.kill();
        if was_killed {
            change.abort();
            self.kills += 1;
            self.kill_while_settling();
        } else {
            self.vault.runtime.block_on(change).unwrap().unwrap();
        }
        self.vault.faults().clear();

        let server = Server::start(&self.room, &[]);
        self.look(&server, verb, id, &name, was_killed);
        was_killed
    }

    fn begin(&self, server: &Server, verb: Verb, name: &str) -> SecretId {
        let client = server.client(&self.key);
        let mut id = Uuid::new_v4();
        self.vault.runtime.block_on(async {
            for (number, pairs) in verb.before().iter().enumerate() {
                match number {
                    0 => id = client.create(new(name, pairs)).await.unwrap().id,
                    _ => drop(client.update(id, replace(pairs)).await.unwrap()),
                }
            }
        });
        id
    }

    /// From now on, call `call` is never answered, nor is any other.
    fn hold(&self, call: usize, after: bool) {
        self.vault.faults().clear();
        // a notice of the round before must not count for this one
        let _ = self
            .vault
            .runtime
            .block_on(async { tokio::time::timeout(Duration::ZERO, self.vault.faults().held()).await });
        let first = if after { Fault::HoldAfter } else { Fault::HoldBefore };
        self.vault.faults().add_any(call, 1, first);
        self.vault.faults().add_any(0, 1000, Fault::HoldBefore);
    }

    /// Waits for a call that is held; `false` when `is_done` comes first.
    fn wait(&self, mut is_done: impl FnMut() -> bool) -> bool {
        loop {
            let held = async { tokio::time::timeout(Duration::from_millis(5), self.vault.faults().held()).await };
            if self.vault.runtime.block_on(held).is_ok() {
                return true;
            }
            if is_done() {
                return false;
            }
        }
    }

    fn kill_while_settling(&mut self) {
        self.hold(0, false);
        let mut child = spawn(&self.room, &[]);
        // it is ready when it has settled what there was, or found that it cannot
        let mut stdout = child.stdout.take().unwrap();
        let ready = std::thread::spawn(move || stdout.read(&mut [0; 1]).unwrap());
        if self.wait(|| ready.is_finished()) {
            self.kills += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn look(&self, server: &Server, verb: Verb, id: SecretId, name: &str, was_killed: bool) {
        let client = server.client(&self.key);
        let old = verb.before().last();
        let old = old.map(|pairs| Found { name: name.to_owned(), values: values(pairs), schema: None });
        let new = verb.after(name);
        self.vault.runtime.block_on(async {
            // the server chose the id of what was created
            let id = client.find(name, None, Lookup::Exact).await.map_or(id, |secret| secret.id);
            let found = match client.get(id, None).await {
                Err(error) if error.kind() == strongroom_core::Kind::NotFound => None,
                read => Some(read.unwrap()),
            };
            let found = found.map(|secret| Found {
                name: secret.name.to_string(),
                values: secret.values.unwrap(),
                schema: secret.schema,
            });
            assert!(found == new || was_killed && found == old, "{verb:?} left {found:?}");
            let vault = backend(self.vault.vault(), &self.room.home(), &[]);
            if let Some(Found { name, .. }) = &found {
                let item = vault.get(&format!("zenml-{id}").parse().unwrap(), None).await.unwrap().unwrap();
                let told = (self.form == StoreForm::V0_44).then_some(name);
                assert_eq!(
                    item.tags.get("zenml_secret_name"),
                    told,
                    "{verb:?}: what the vault tells and what the row says"
                );
                let history = client.history(id).await.unwrap();
                for entry in &history {
                    client.get(id, Some(entry.number)).await.unwrap();
                }
                let before = verb.before().len();
                let is_changed = found.as_ref().map(|found| &found.values) != old.as_ref().map(|old| &old.values);
                assert_eq!(history.len(), before + usize::from(is_changed), "{verb:?}");
                // and the next change is made
                client.update(id, replace(&[("mended", "yes")])).await.unwrap();
            }
            let rows = client.list(&Query::all()).await.unwrap().items;
            let rows: BTreeSet<_> = rows.iter().map(|secret| format!("zenml-{}", secret.id)).collect();
            let items: Vec<_> = vault.list(Filter::default()).try_collect().await.unwrap();
            let items: BTreeSet<_> = items.iter().map(|item| item.name.to_string()).collect();
            assert_eq!(items, rows, "{verb:?}: what the vault has and what the catalogue names");
            let key = Key::from_text(&fs::read_to_string(self.room.home().join("store.key")).unwrap()).unwrap();
            let url = DatabaseUrl::sqlite(&self.room.home().join("store.db"));
            let name = self.vault.vault().running().vaults()[0].name.to_string();
            let options = EngineOptions { values: service(&name, vault), ..EngineOptions::new(url, Arc::new(key)) };
            let engine = Engine::open(options).await.unwrap();
            assert_eq!(engine.pending_changes().await.unwrap(), 0, "{verb:?}: nothing is left to do");
            if found.is_some() {
                client.delete(id).await.unwrap();
            }
        });
    }
}

#[test]
fn catalogue_and_vault_agree_after_every_kill() {
    let verbs = [Verb::Create, Verb::Update, Verb::RenameAndUpdate, Verb::Delete, Verb::Rollback];
    let kills = kill_everywhere(StoreForm::V0_98, &verbs);
    assert!(kills >= 20, "{kills}");
}

#[test]
fn names_in_catalogue_and_vault_agree_after_every_kill_in_the_form_of_0_44() {
    let kills = kill_everywhere(StoreForm::V0_44, &[Verb::Create, Verb::Rename, Verb::RenameAndUpdate]);
    assert!(kills >= 12, "{kills}");
}

/// How many kills there were.
fn kill_everywhere(form: StoreForm, verbs: &[Verb]) -> usize {
    let mut site = Site::new(form);
    for &verb in verbs {
        let mut calls = 0;
        // before the next call is after the one before it, for all but the last
        while site.kill_at(verb, calls, false) {
            calls += 1;
            assert!(calls < 10, "{verb:?} never ends");
        }
        assert!(calls > 0, "{verb:?} asked the vault nothing");
        assert!(site.kill_at(verb, calls - 1, true));
    }
    site.kills
}
