//! Two engines on one database, as two servers are: one trail, one truth, whoever writes.

use crate::accounts::{open, open_with, person};
use std::collections::BTreeSet;
use std::sync::Arc;
use strongroom_core::central::{Accounts, NewSecret, Role, SecretChange, SecretId, Secrets, ValuesChange};
use strongroom_core::query::Query;
use strongroom_core::seal::Key;
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::{Acting, Engine, EngineOptions};
use strongroom_testkit::{TestDatabase, databases};

fn values(text: &str) -> Values {
    Values::from_iter([("k".to_owned(), Value::text(text))])
}

#[tokio::test(flavor = "multi_thread")]
async fn many_that_open_a_new_database_at_once_find_one_store() {
    for database in databases() {
        let key = Arc::new(Key::generate().unwrap());
        let opening: Vec<_> = (0..8)
            .map(|_| {
                let options = EngineOptions::new(database.url().parse().unwrap(), Arc::clone(&key));
                tokio::spawn(Engine::open(options))
            })
            .collect();
        let mut ids = BTreeSet::new();
        for engine in opening {
            ids.insert(engine.await.unwrap().unwrap().server_id());
        }
        assert_eq!(ids.len(), 1, "{:?}", database.kind());
    }
}

/// Adds one to the number in a secret as often as asked, each time only if nobody else did meanwhile.
async fn count(secrets: Acting, id: SecretId, times: u32) {
    for _ in 0..times {
        loop {
            let read = secrets.get(id, None).await.unwrap();
            let number: u32 = read.values.unwrap().get("k").unwrap().expose().parse().unwrap();
            let change = SecretChange {
                values: Some(ValuesChange::Replace(values(&(number + 1).to_string()))),
                if_revision: Some(read.revision),
                ..Default::default()
            };
            match secrets.update(id, change).await {
                Ok(_) => break,
                Err(error) => assert_eq!(error.kind(), Kind::Conflict, "{error}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_on_two_replicas_lose_nothing_and_write_one_trail() {
    const EACH: u32 = 10;
    for database in databases() {
        let (here, admin, key) = open(&database).await;
        let (_there, other, _) = open_with(&database, key).await;
        let counter = admin.create(NewSecret::new("counter".parse().unwrap(), values("0"))).await.unwrap();
        let mut tasks = Vec::new();
        for replica in [&admin, &other] {
            for n in 0..2 {
                tasks.push(tokio::spawn(count(replica.clone(), counter.id, EACH)));
                let replica = replica.clone();
                tasks.push(tokio::spawn(async move {
                    for m in 0..EACH {
                        // the same names from both: one of each is made
                        let new = NewSecret::new(format!("s-{n}-{m}").parse().unwrap(), values("v"));
                        match replica.create(new).await {
                            Ok(made) => assert_eq!(replica.get(made.id, None).await.unwrap().values, Some(values("v"))),
                            Err(error) => assert_eq!(error.kind(), Kind::AlreadyExists, "{error}"),
                        }
                    }
                }));
            }
        }
        for task in tasks {
            task.await.unwrap();
        }
        for replica in [&admin, &other] {
            let read = replica.get(counter.id, None).await.unwrap();
            assert_eq!((read.values, read.revision), (Some(values(&(4 * EACH).to_string())), 4 * EACH + 1));
            assert_eq!(replica.list(&Query::all()).await.unwrap().total, 2 * EACH as usize + 1);
            assert_eq!(replica.verify_audit().await.unwrap().broken_at, None);
        }
        here.sign_audit().await.unwrap();
        assert_eq!(other.verify_audit().await.unwrap().checkpoints, 1);
    }
}

/// Readers and writers while every connection is broken again and again.
#[tokio::test(flavor = "multi_thread")]
async fn broken_connections_lose_nothing_that_was_acknowledged() {
    for database in databases().into_iter().filter(|database| database.file().is_none()) {
        let (_engine, admin, _) = open(&database).await;
        let made = admin.create(NewSecret::new("read".parse().unwrap(), values("v"))).await.unwrap();
        let mut writers = Vec::new();
        for n in 0..4 {
            let admin = admin.clone();
            writers.push(tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for m in 0..30 {
                    let name = format!("s-{n}-{m}");
                    match admin.create(NewSecret::new(name.parse().unwrap(), values(&name))).await {
                        Ok(made) => acknowledged.push((made.id, name)),
                        // begun and not known to be done; what is written twice is refused
                        Err(error) => assert_eq!(error.kind(), Kind::Unavailable, "{error}"),
                    }
                    if let Err(error) = admin.get(made.id, None).await {
                        assert_eq!(error.kind(), Kind::Unavailable, "{error}");
                    }
                }
                acknowledged
            }));
        }
        while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
            cut(&database).await;
        }
        let mut acknowledged = Vec::new();
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
        assert!(acknowledged.len() > 50, "{}", acknowledged.len());
        for (id, name) in acknowledged {
            assert_eq!(admin.get(id, None).await.unwrap().values, Some(values(&name)));
        }
        assert_eq!(admin.verify_audit().await.unwrap().broken_at, None);
        admin.create_account(person("ann", Role::Reader)).await.unwrap();
    }
}

async fn cut(database: &TestDatabase) {
    tokio::task::block_in_place(|| database.cut());
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
}
