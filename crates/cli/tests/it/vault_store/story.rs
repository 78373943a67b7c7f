//! One story on every database, by two servers that share it and the vault.

use super::house::{backend, new, patch, replace, service, values};
use futures::TryStreamExt;
use std::sync::Arc;
use strongroom_core::central::Secrets;
use strongroom_core::seal::Key;
use strongroom_core::{Filter, Kind};
use strongroom_engine::{Acting, Engine, EngineOptions, Origin};
use strongroom_testkit::{TestDatabase, TestVault, databases};

/// A server of its own, but for the network.
async fn replica(database: &TestDatabase, key: &Arc<Key>, vault: &TestVault) -> (Arc<Engine>, Acting) {
    let folder = tempfile::tempdir().unwrap();
    let values = service("kv", backend(vault, folder.path(), &[]));
    let options = EngineOptions { values, ..EngineOptions::new(database.url().parse().unwrap(), Arc::clone(key)) };
    let engine = Engine::open(options).await.unwrap();
    let caller = engine.local_caller(Origin::default()).await.unwrap();
    let acting = engine.acting(caller);
    (engine, acting)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_tell_one_story_on_every_database() {
    for database in databases() {
        let (vault, key) = (TestVault::start().await, Arc::new(Key::generate().unwrap()));
        let (engine, here) = replica(&database, &key, &vault).await;
        let (_engine, there) = replica(&database, &key, &vault).await;
        let made = here.create(new("a", &[("k", "1"), ("ü", "é")])).await.unwrap();
        assert_eq!(there.get(made.id, None).await.unwrap(), made);
        assert_eq!(there.create(new("a", &[])).await.unwrap_err().kind(), Kind::AlreadyExists);
        let mut change = replace(&[("k", "2")]);
        (change.name, change.if_revision) = (Some("b".parse().unwrap()), Some(1));
        let changed = there.update(made.id, change.clone()).await.unwrap();
        assert_eq!(here.get(made.id, None).await.unwrap(), changed);
        assert_eq!(here.update(made.id, change).await.unwrap_err().kind(), Kind::Conflict);
        assert_eq!(here.rollback(made.id, 1).await.unwrap().values, made.values);
        assert_eq!(there.get(made.id, None).await.unwrap().values, made.values);
        assert_eq!(there.get(made.id, Some(2)).await.unwrap().values, Some(values(&[("k", "2")])));
        let tasks: Vec<_> = (0..6)
            .map(|n| {
                let secrets = if n % 2 == 0 { here.clone() } else { there.clone() };
                tokio::spawn(async move { secrets.update(made.id, patch(&format!("k{n}"), "v")).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let all = here.get(made.id, None).await.unwrap();
        assert_eq!((all.revision, all.values.unwrap().len()), (9, 8), "{:?}", database.kind());
        there.delete(made.id).await.unwrap();
        assert_eq!(here.get(made.id, None).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(engine.pending_changes().await.unwrap(), 0);
        let folder = tempfile::tempdir().unwrap();
        let left: Vec<_> = backend(&vault, folder.path(), &[]).list(Filter::default()).try_collect().await.unwrap();
        assert!(left.is_empty(), "{:?}: {left:?}", database.kind());
    }
}
