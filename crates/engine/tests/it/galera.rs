//! Engines on the nodes of a Galera cluster, where transactions meet only when they commit.
//!
//! `STRONGROOM_TEST_GALERA_URLS` names the nodes; `cargo xtask servers up galera` starts three.

use crate::accounts::{open_at, person, sign_in};
use std::io::Write;
use std::sync::Arc;
use strongroom_core::central::{Accounts, NewSecret, Role, SecretChange, Secrets, ValuesChange};
use strongroom_core::seal::Key;
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::Origin;
use strongroom_testkit::TestDatabase;

fn values(text: &str) -> Values {
    Values::from_iter([("k".to_owned(), Value::text(text))])
}

fn replace(text: &str, if_revision: Option<u32>) -> SecretChange {
    SecretChange { values: Some(ValuesChange::Replace(values(text))), if_revision, ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_acknowledged_every_node_knows() {
    #[allow(clippy::disallowed_methods)] // a test reads its own switches
    let Ok(urls) = std::env::var("STRONGROOM_TEST_GALERA_URLS") else {
        // not by `println!`, which the test harness hides
        writeln!(std::io::stderr(), "LEFT OUT: a Galera cluster; STRONGROOM_TEST_GALERA_URLS names none").unwrap();
        return;
    };
    let database = TestDatabase::on_mariadb(urls.split(',').next().unwrap());
    let key = Arc::new(Key::generate().unwrap());
    let mut nodes = Vec::new();
    for url in urls.split(',') {
        nodes.push(open_at(&database.url_at(url), &key).await);
    }

    // written on one, read on another at once, by the way that remembers and by the one that does not
    let (_, first) = &nodes[0];
    first.create_account(person("ann", Role::Reader)).await.unwrap();
    let made = first.create(NewSecret::new("turns".parse().unwrap(), values("0"))).await.unwrap();
    let token = sign_in(&nodes[1].0, "ann", crate::accounts::PASSWORD).await.unwrap();
    for n in 1..=30_usize {
        let (writer, (reader, other)) = (&nodes[n % nodes.len()].1, &nodes[(n + 1) % nodes.len()]);
        writer.update(made.id, replace(&n.to_string(), None)).await.unwrap();
        let seen = reader.read(&token, Origin::default(), made.id).await.unwrap();
        assert_eq!(seen.values, Some(values(&n.to_string())));
        assert_eq!(other.get(made.id, None).await.unwrap().values, Some(values(&n.to_string())));
    }

    // all nodes change the same secret, each time for the revision they read
    const EACH: u32 = 10;
    let counter = first.create(NewSecret::new("counter".parse().unwrap(), values("0"))).await.unwrap().id;
    let mut counting = Vec::new();
    for (_, secrets) in &nodes {
        let secrets = secrets.clone();
        counting.push(tokio::spawn(async move {
            for _ in 0..EACH {
                loop {
                    let read = secrets.get(counter, None).await.unwrap();
                    let number: u32 = read.values.unwrap().get("k").unwrap().expose().parse().unwrap();
                    match secrets.update(counter, replace(&(number + 1).to_string(), Some(read.revision))).await {
                        Ok(_) => break,
                        Err(error) => assert_eq!(error.kind(), Kind::Conflict, "{error}"),
                    }
                }
            }
        }));
    }
    for task in counting {
        task.await.unwrap();
    }
    let total = EACH * u32::try_from(nodes.len()).unwrap();
    for (_, secrets) in &nodes {
        let read = secrets.get(counter, None).await.unwrap();
        assert_eq!((read.values, read.revision), (Some(values(&total.to_string())), total + 1));
        assert_eq!(secrets.verify_audit().await.unwrap().broken_at, None);
    }
}
