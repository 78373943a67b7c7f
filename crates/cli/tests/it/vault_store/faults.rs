//! A vault that refuses, fails, or was changed behind the store's back: a clear answer, and nothing lost.

use super::house::{House, new, patch, replace, service, values};
use secrecy::SecretString;
use strongroom_core::central::Secrets;
use strongroom_core::{DeleteMode, Error, Item, Kind, PutMode, Tags};
use strongroom_engine::ValuesAt;
use strongroom_testkit::{Fault, Operation};

fn all(error: &Error) -> String {
    format!("{error}: {}", error.causes().join(": "))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_leaves_the_old_value() {
    let house = House::new().await;
    let (engine, secrets) = house.open_with(&[("timeout", "2")]).await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    for fault in [Fault::Status(403, None), Fault::Status(500, None), Fault::Status(401, None)] {
        house.faults().add(Operation::Set, 1000, fault);
        let mut change = replace(&[("k", "2")]);
        change.name = Some("renamed".parse().unwrap());
        let error = secrets.update(made.id, change).await.unwrap_err();
        // whatever the vault says of the server is no answer to who asks the server
        assert_eq!(error.kind(), Kind::Unavailable, "{}", all(&error));
        assert_eq!(error.to_string(), "cannot keep the values of secret `a`".replace("`a`", "`renamed`"));
        assert_eq!(secrets.create(new("b", &[("k", "1")])).await.unwrap_err().kind(), Kind::Unavailable);
        house.faults().clear();
        assert_eq!(secrets.get(made.id, None).await.unwrap(), made);
        assert_eq!(engine.pending_changes().await.unwrap(), 0);
    }
    // answered after all, and the answer was lost: the write is found, and is whole
    house.faults().add(Operation::Set, 1000, Fault::Reset);
    secrets.update(made.id, replace(&[("k", "3")])).await.unwrap_err();
    house.faults().clear();
    let found = secrets.get(made.id, None).await.unwrap();
    assert_eq!((found.revision, found.values), (2, Some(values(&[("k", "3")]))));
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delete_that_fails_can_be_repeated() {
    let house = House::new().await;
    let (engine, secrets) = house.open_with(&[("timeout", "2")]).await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    house.faults().add(Operation::Delete, 1000, Fault::Status(403, None));
    assert_eq!(secrets.delete(made.id).await.unwrap_err().kind(), Kind::Unavailable);
    house.faults().clear();
    assert_eq!(secrets.get(made.id, None).await.unwrap(), made);
    secrets.delete(made.id).await.unwrap();
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_away_is_unavailable_and_comes_back() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    // nobody listens there; opening asks nobody
    let away = house.backend(&[("vault_url", "https://localhost:9"), ("timeout", "2")]);
    let engine = house.open_at(service("kv", away)).await.unwrap();
    let caller = engine.local_caller(strongroom_engine::Origin::default()).await.unwrap();
    let there = engine.acting(caller);
    let error = there.get(made.id, None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{}", all(&error));
    assert_eq!(there.list(&strongroom_core::query::Query::all()).await.unwrap().total, 1, "names need no vault");
    assert_eq!(there.create(new("b", &[("k", "1")])).await.unwrap_err().kind(), Kind::Unavailable);
    // what was begun cannot be undone now; it waits, and nobody sees it
    assert_eq!(engine.pending_changes().await.unwrap(), 1);
    let records = there.audit_after(0).await.unwrap();
    assert!(records.iter().any(|record| record.action == "secret.read" && record.outcome == "unavailable"));
    drop((there, engine));
    let (engine, secrets) = house.open().await;
    assert_eq!(secrets.list(&strongroom_core::query::Query::all()).await.unwrap().total, 1);
    assert_eq!(engine.pending_changes().await.unwrap(), 1, "its process may still be at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_went_behind_our_back_are_named_so_and_can_be_mended() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1"), ("l", "2")])).await.unwrap();
    let name = format!("zenml-{}", made.id).parse().unwrap();
    house.backend(&[]).delete(&name, DeleteMode::Recoverable).await.unwrap();
    let (engine, secrets) = house.open().await;
    for error in
        [secrets.get(made.id, None).await.unwrap_err(), secrets.update(made.id, patch("k", "3")).await.unwrap_err()]
    {
        assert_eq!(error.kind(), Kind::Corrupt);
        assert_eq!(error.to_string(), "the values of secret `a` are not in the store `azure`");
        assert!(error.hint().unwrap().contains("update the secret with all its values"));
    }
    // the vault holds the name for as long as the deleted item can be recovered: it is written over
    secrets.update(made.id, replace(&[("k", "3")])).await.unwrap();
    assert_eq!(secrets.get(made.id, None).await.unwrap().values, Some(values(&[("k", "3")])));
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
    house.backend(&[]).delete(&name, DeleteMode::Purge).await.unwrap();
    secrets.delete(made.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_item_is_said_to_be_disabled_and_is_mended_by_all_its_values() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    let (engine, secrets) = house.open().await;
    house.faults().add(Operation::Get, 2, Fault::Refused(403, "SecretDisabled"));
    for error in
        [secrets.get(made.id, None).await.unwrap_err(), secrets.update(made.id, patch("k", "3")).await.unwrap_err()]
    {
        assert_eq!(error.kind(), Kind::Corrupt, "{}", all(&error));
        assert!(all(&error).contains("the values are disabled in the place where they are"), "{}", all(&error));
        assert!(error.hint().unwrap().contains("--enabled true"), "{:?}", error.hint());
    }
    // what else is forbidden is the server's own matter
    house.faults().clear();
    house.faults().add(Operation::Get, 1, Fault::Refused(403, "ForbiddenByRbac"));
    assert_eq!(secrets.get(made.id, None).await.unwrap_err().kind(), Kind::Unavailable);
    house.faults().add(Operation::Get, 1, Fault::Refused(403, "SecretDisabled"));
    secrets.update(made.id, replace(&[("k", "3")])).await.unwrap();
    assert_eq!(secrets.get(made.id, None).await.unwrap().values, Some(values(&[("k", "3")])));
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_another_store_is_neither_read_nor_deleted() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    let name: strongroom_core::ItemName = format!("zenml-{}", made.id).parse().unwrap();
    let backend = house.backend(&[]);
    for (tags, value, kind, said) in [
        (&[("zenml", "other"), ("zenml_secret_id", "x")][..], "{}", Kind::Corrupt, "belongs to another central store"),
        (&[], "{}", Kind::Corrupt, "has no tags of a central store"),
    ] {
        let tags: Tags = tags.iter().map(|(tag, value)| ((*tag).to_owned(), (*value).to_owned())).collect();
        backend.delete(&name, DeleteMode::Purge).await.unwrap();
        backend.put(&Item::new(name.clone(), SecretString::from(value), tags), PutMode::Upsert).await.unwrap();
        // the row names a version that is gone; an earlier store had none on record, so look at the latest one, too
        let (_engine, secrets) = house.open().await;
        let error = secrets.get(made.id, None).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{}", all(&error));
        let layout = strongroom_core::StoreLayout::new(backend.rules(), _engine.server_id(), Default::default());
        let item = backend.get(&name, None).await.unwrap().unwrap();
        let error = layout.decode(made.id, &item).unwrap_err();
        assert!(error.to_string().ends_with(said), "{error}");
    }
    secrets.delete(made.id).await.unwrap();
    assert!(backend.get(&name, None).await.unwrap().is_some(), "another's item stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_whose_values_are_elsewhere_is_not_opened() {
    let house = House::new().await;
    // as long as there is no secret, either will do
    house.open_at(ValuesAt::Rows).await.unwrap();
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    let error = house.open_at(ValuesAt::Rows).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    assert_eq!(error.to_string(), "the values of this store are kept in `azure` (`kv`), not in `sql`");
    let error = house.open_at(service("other", house.backend(&[]))).await.unwrap_err();
    assert_eq!(error.to_string(), "the values of this store are kept in `azure` (`kv`), not in `azure` (`other`)");
    // and where none are kept at all, nothing but secrets is refused
    let off = house.open_at(ValuesAt::Nowhere).await.unwrap();
    let caller = off.local_caller(strongroom_engine::Origin::default()).await.unwrap();
    let error = off.acting(caller).get(made.id, None).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.to_string().starts_with("No secrets store is configured."));

    let rows = House::new().await;
    let sql = rows.open_at(ValuesAt::Rows).await.unwrap();
    let late = rows.open_at(service("kv", rows.backend(&[]))).await.unwrap();
    let caller = sql.local_caller(strongroom_engine::Origin::default()).await.unwrap();
    sql.acting(caller.clone()).create(new("a", &[("k", "1")])).await.unwrap();
    // opened before the first secret, and now too late
    let error = late.acting(caller).create(new("b", &[("k", "1")])).await.unwrap_err();
    assert_eq!(error.to_string(), "the values of this store are kept in `sql`, not in `azure` (`kv`)");
    assert_eq!(rows.faults().count(Operation::Set), 0);
}
