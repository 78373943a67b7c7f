//! One story on every database: SQLite always, Postgres and MariaDB where one is named.

use std::sync::Arc;
use strongroom_core::central::{CentralSecret, Lookup, NewSecret, SecretChange, Secrets, ValuesChange, Visibility};
use strongroom_core::query::Query;
use strongroom_core::seal::Key;
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::{Acting, DatabaseUrl, Engine, EngineOptions, Origin};
use strongroom_testkit::databases;

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), Value::text(*value))).collect()
}

fn new(name: &str, pairs: &[(&str, &str)]) -> NewSecret {
    NewSecret::new(name.parse().unwrap(), values(pairs))
}

async fn open(url: &DatabaseUrl, key: &Arc<Key>) -> (Arc<Engine>, Acting) {
    let engine = Engine::open(EngineOptions::new(url.clone(), Arc::clone(key))).await.unwrap();
    let caller = engine.local_caller(Origin::default()).await.unwrap();
    let acting = engine.acting(caller);
    (engine, acting)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_lives_and_dies() {
    for database in databases() {
        let url = database.url().parse().unwrap();
        let key = Arc::new(Key::generate().unwrap());
        let (_engine, secrets) = open(&url, &key).await;
        story(&secrets).await;
    }
}

async fn story(secrets: &Acting) {
    let name = format!("db-{}", uuid::Uuid::new_v4());
    let made = secrets.create(new(&name, &[("user", "ann"), ("password", "é\n\u{1F511}")])).await.unwrap();
    assert_eq!((made.revision, made.visibility), (1, Visibility::Public));
    let again = secrets.create(new(&name, &[])).await.unwrap_err();
    assert_eq!(again.kind(), Kind::AlreadyExists);
    assert_eq!(again.to_string(), format!("a public secret `{name}` already exists"));

    // a private one may have the same name; the public one is found first
    let private = NewSecret { visibility: Visibility::Private, ..new(&name, &[("a", "1")]) };
    let private = secrets.create(private).await.unwrap();
    assert_eq!(secrets.find(&name, None, Lookup::Partial).await.unwrap().id, made.id);
    assert_eq!(secrets.find(&name, Some(Visibility::Private), Lookup::Exact).await.unwrap().id, private.id);
    assert_eq!(secrets.find(&made.id.to_string()[..18], None, Lookup::Exact).await.unwrap().id, made.id);
    secrets.delete(private.id).await.unwrap();
    assert_eq!(secrets.get(private.id, None).await.unwrap_err().kind(), Kind::NotFound);

    let read = secrets.get(made.id, None).await.unwrap();
    assert_eq!(read, made);

    // equal values make no new revision
    let same = SecretChange { values: Some(ValuesChange::Replace(made.values.clone().unwrap())), ..Default::default() };
    assert_eq!(secrets.update(made.id, same).await.unwrap().revision, 1);
    let patch = ValuesChange::Patch(vec![("user".to_owned(), None), ("b".to_owned(), Some(Value::text("2")))]);
    let change = SecretChange { values: Some(patch), if_revision: Some(1), ..Default::default() };
    let changed = secrets.update(made.id, change.clone()).await.unwrap();
    assert_eq!(changed.values, Some(values(&[("password", "é\n\u{1F511}"), ("b", "2")])));
    assert_eq!(secrets.update(made.id, change).await.unwrap_err().kind(), Kind::Conflict);
    assert_eq!(secrets.get(made.id, Some(1)).await.unwrap().values, made.values);

    let back = secrets.rollback(made.id, 1).await.unwrap();
    assert_eq!((back.revision, &back.values), (3, &made.values));
    let history = secrets.history(made.id).await.unwrap();
    assert_eq!(history.iter().map(|entry| entry.number).collect::<Vec<_>>(), [3, 2, 1]);

    // a name that is taken is refused, and nothing else of the change is made
    let other = secrets.create(new(&format!("{name}-2"), &[])).await.unwrap();
    let clash = SecretChange {
        name: Some(name.parse().unwrap()),
        values: Some(ValuesChange::Replace(values(&[("x", "y")]))),
        ..Default::default()
    };
    assert_eq!(secrets.update(other.id, clash).await.unwrap_err().kind(), Kind::AlreadyExists);
    assert_eq!(secrets.get(other.id, None).await.unwrap().values, Some(Values::new()));

    let mut query = Query::<CentralSecret>::all();
    query.filter("name", &format!("startswith:{name}")).unwrap();
    let page = secrets.list(&query).await.unwrap();
    assert_eq!(page.total, 2);
    assert!(page.items.iter().all(|secret| secret.values.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_last_ten_revisions_are_kept() {
    for database in databases() {
        let url: DatabaseUrl = database.url().parse().unwrap();
        let (_engine, secrets) = open(&url, &Arc::new(Key::generate().unwrap())).await;
        let made = secrets.create(new("a", &[("n", "1")])).await.unwrap();
        for n in 2..=12 {
            let values = Some(ValuesChange::Replace(values(&[("n", &n.to_string())])));
            secrets.update(made.id, SecretChange { values, ..Default::default() }).await.unwrap();
        }
        let numbers: Vec<_> = secrets.history(made.id).await.unwrap().iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, (3..=12).rev().collect::<Vec<_>>());
        assert_eq!(secrets.get(made.id, Some(2)).await.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_changes_of_different_keys_are_all_kept() {
    for database in databases() {
        let url = database.url().parse().unwrap();
        let key = Arc::new(Key::generate().unwrap());
        let (_engine, secrets) = open(&url, &key).await;
        let made = secrets.create(new(&uuid::Uuid::new_v4().to_string(), &[])).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|n: u32| {
                let (secrets, id) = (secrets.clone(), made.id);
                tokio::spawn(async move {
                    let patch = ValuesChange::Patch(vec![(format!("k{n}"), Some(Value::text("v")))]);
                    secrets.update(id, SecretChange { values: Some(patch), ..Default::default() }).await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(secrets.get(made.id, None).await.unwrap().values.unwrap().len(), 8);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_is_not_lost_to_a_change_of_values() {
    for database in databases() {
        let url = database.url().parse().unwrap();
        let (_engine, secrets) = open(&url, &Arc::new(Key::generate().unwrap())).await;
        let made = secrets.create(new("a", &[("k", "0")])).await.unwrap();
        for n in 1..=20 {
            let schema = format!("schema-{n}");
            let named = SecretChange { schema: Some(schema.clone()), ..Default::default() };
            let patch = vec![("k".to_owned(), Some(Value::text(n.to_string())))];
            let changed = SecretChange { values: Some(ValuesChange::Patch(patch)), ..Default::default() };
            let (named, changed) = tokio::join!(secrets.update(made.id, named), secrets.update(made.id, changed));
            named.unwrap();
            changed.unwrap();
            let found = secrets.get(made.id, None).await.unwrap();
            assert_eq!((found.schema, found.values), (Some(schema), Some(values(&[("k", &n.to_string())]))));
        }
        let long = SecretChange { schema: Some("s".repeat(256)), ..Default::default() };
        assert_eq!(secrets.update(made.id, long).await.unwrap_err().kind(), Kind::Invalid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_opens_nothing_and_changes_nothing() {
    for database in databases() {
        let url: DatabaseUrl = database.url().parse().unwrap();
        let key = Arc::new(Key::generate().unwrap());
        let (_engine, secrets) = open(&url, &key).await;
        let made = secrets.create(new("a", &[("n", "canary")])).await.unwrap();
        let other = EngineOptions::new(url, Arc::new(Key::generate().unwrap()));
        let error = Engine::open(other).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (Kind::Corrupt, "the key does not open the store".to_owned()));
        assert!(!format!("{error:?}").contains("canary"));
        assert_eq!(secrets.get(made.id, None).await.unwrap().values, made.values);
    }
}
