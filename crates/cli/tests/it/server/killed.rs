//! kill -9 of the server while many write: all that was acknowledged is there afterwards, and whole; and where the values are in a
//! vault, it agrees with the catalogue.

use super::writers::{Known, of_write, outlived, write, write_of};
use super::{Client, Server, runtime};
use crate::room::Room;
use crate::vault::Faulty;
use crate::vault_store::backend;
use futures::TryStreamExt;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use strongroom_core::Filter;
use strongroom_testkit::{DatabaseKind, TestDatabase};

/// How many write at once, and how many writes they try.
const WRITERS: usize = 64;
const WRITES: usize = 10_000;

/// One of those who write as long as there is something to try.
async fn write_all(client: Client, next: Arc<AtomicUsize>, acknowledged: Arc<AtomicUsize>) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::SeqCst);
        if n >= WRITES {
            return known;
        }
        let is_done = matches!(write(&client, n, &mut known).await, Ok((200, _)));
        acknowledged.fetch_add(usize::from(is_done), Ordering::SeqCst);
    }
}

/// Where one story happens.
struct Site {
    database: TestDatabase,
    /// Where the values are, if not in the database.
    vault: Option<Faulty>,
    room: Room,
    /// The server is killed when so many writes were acknowledged.
    killed_after: usize,
}

impl Site {
    /// With the values in the database; `None` where there is no server for it.
    fn in_sql(kind: DatabaseKind) -> Option<Self> {
        let database = TestDatabase::new(kind)?;
        Some(Self { database, vault: None, room: Room::new(), killed_after: 1_000 })
    }

    /// With the values in a Key Vault. Each of its writes is a call, so that fewer come before the kill.
    fn in_azure(kind: DatabaseKind) -> Option<Self> {
        let database = TestDatabase::new(kind)?;
        let vault = Faulty::start();
        let room = vault.server_room();
        Some(Self { database, vault: Some(vault), room, killed_after: 300 })
    }

    fn start(&self) -> Server {
        Server::start(&self.room, &self.database.url())
    }

    fn acknowledged_writes_outlive_the_server(&self) {
        let known = self.write_and_kill();
        let server = self.start();
        runtime().block_on(async {
            let admin = server.admin().await;
            let marks = outlived(&admin, known, WRITERS).await;
            self.vault_agrees(&marks).await;
            // it goes on as if nothing had been: the same names are taken, others are not
            admin.verified().await;
            let any = admin.get(marks.keys().next().unwrap()).await;
            let taken = super::new(any["name"].as_str().unwrap(), of_write("again"));
            assert_eq!(admin.ask(Method::POST, "/secrets", Some(&taken)).await.0, 409);
            admin.create("after", of_write("after")).await;
            admin.verified().await;
        });
    }

    /// Many write, and the server is killed among them; what is known afterwards.
    fn write_and_kill(&self) -> Vec<Known> {
        let mut server = self.start();
        runtime().block_on(async {
            let admin = server.admin().await;
            let (next, acknowledged) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let spawn = |_| tokio::spawn(write_all(admin.clone(), Arc::clone(&next), Arc::clone(&acknowledged)));
            let writers: Vec<_> = (0..WRITERS).map(spawn).collect();
            while acknowledged.load(Ordering::SeqCst) < self.killed_after {
                assert!(!writers.iter().all(tokio::task::JoinHandle::is_finished), "the server refused");
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            server.kill();
            let mut known = Vec::new();
            for writer in writers {
                known.extend(writer.await.unwrap());
            }
            assert_eq!(next.load(Ordering::SeqCst), WRITES + WRITERS);
            if self.vault.is_some() && self.database.file().is_none() {
                let begun: u64 = self.database.sql("SELECT count(*) FROM intent").parse().unwrap();
                assert!(begun > 0, "the kill came between two writes");
            }
            known
        })
    }

    /// The vault has an item for each secret and no other, and its latest version is of the write that was read.
    async fn vault_agrees(&self, marks: &HashMap<String, String>) {
        let Some(vault) = &self.vault else { return };
        let backend = backend(vault.vault(), &self.room.home(), &[]);
        let items: Vec<_> = backend.list(Filter::default()).try_collect().await.unwrap();
        let names: BTreeSet<_> = items.iter().map(|item| item.name.to_string()).collect();
        let rows: BTreeSet<_> = marks.keys().map(|path| path.replace("/secrets/", "zenml-")).collect();
        assert_eq!(names, rows, "what the vault has and what the catalogue names");
        for (path, mark) in marks {
            let name = path.replace("/secrets/", "zenml-").parse().unwrap();
            let item = backend.get(&name, None).await.unwrap().unwrap();
            let latest: Value = serde_json::from_str(item.value.expose_secret()).unwrap();
            assert_eq!(write_of(&latest), Some(&**mark), "the latest of {name}");
        }
    }
}

fn story(site: Option<Site>) {
    if let Some(site) = site {
        site.acknowledged_writes_outlive_the_server();
    }
}

#[test]
fn on_sqlite_acknowledged_writes_outlive_the_server() {
    story(Site::in_sql(DatabaseKind::Sqlite));
}

#[test]
fn on_postgres_acknowledged_writes_outlive_the_server() {
    story(Site::in_sql(DatabaseKind::Postgres));
}

#[test]
fn on_mariadb_acknowledged_writes_outlive_the_server() {
    story(Site::in_sql(DatabaseKind::MariaDb));
}

#[test]
fn on_sqlite_and_azure_acknowledged_writes_outlive_the_server() {
    story(Site::in_azure(DatabaseKind::Sqlite));
}

#[test]
fn on_postgres_and_azure_acknowledged_writes_outlive_the_server() {
    story(Site::in_azure(DatabaseKind::Postgres));
}

#[test]
fn on_mariadb_and_azure_acknowledged_writes_outlive_the_server() {
    story(Site::in_azure(DatabaseKind::MariaDb));
}
