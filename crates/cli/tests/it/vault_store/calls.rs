//! What each operation costs the vault, and what the items are.

use super::house::{House, new, patch, replace, values};
use secrecy::ExposeSecret;
use strongroom_core::Kind;
use strongroom_core::central::{Secrets, Visibility};
use strongroom_core::query::Query;
use strongroom_testkit::Operation;

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_costs_what_was_promised() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let count = || {
        let calls = house.faults().calls();
        house.faults().clear();
        calls
    };
    let made = secrets.create(new("a", &[("k", "1"), ("l", "2")])).await.unwrap();
    assert_eq!(count(), 1, "create");
    assert_eq!(secrets.get(made.id, None).await.unwrap().values, made.values);
    assert_eq!(count(), 0, "what was just written is remembered");

    // another process knows nothing yet
    let (_engine, secrets) = house.open().await;
    assert_eq!(secrets.get(made.id, None).await.unwrap().values, made.values);
    assert_eq!(count(), 1, "get");
    let (_engine, secrets) = house.open().await;
    secrets.update(made.id, patch("k", "3")).await.unwrap();
    assert_eq!(count(), 2, "update: what is there, and what shall be");
    secrets.update(made.id, replace(&[("k", "4")])).await.unwrap();
    assert_eq!(count(), 1, "update of what is remembered");
    secrets.update(made.id, replace(&[("k", "4")])).await.unwrap();
    assert_eq!(count(), 0, "the same values");
    let (_engine, secrets) = house.open().await;
    assert_eq!(secrets.rollback(made.id, 1).await.unwrap().values, made.values);
    assert_eq!(count(), 3, "rollback: what it shall be, what is there, and the write");
    secrets.list(&Query::all()).await.unwrap();
    secrets.history(made.id).await.unwrap();
    assert_eq!(count(), 0, "names and history are the catalogue's");
    secrets.delete(made.id).await.unwrap();
    assert_eq!(count(), 2, "delete: whose it is, and the delete");
    assert_eq!(secrets.get(made.id, None).await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_item_is_in_the_form_of_zenml() {
    let house = House::new().await;
    let (engine, secrets) = house.open().await;
    let made = secrets.create(new("a name with ü", &[("b", "é"), ("a", "1")])).await.unwrap();
    let name = format!("zenml-{}", made.id).parse().unwrap();
    let item = house.backend(&[]).get(&name, None).await.unwrap().unwrap();
    assert_eq!(item.value.expose_secret(), r#"{"b": "\u00e9", "a": "1"}"#);
    assert_eq!(item.content_type.as_deref(), Some("application/json"));
    assert_eq!(item.tags["zenml"], engine.server_id().to_string());
    assert_eq!(item.tags["zenml_secret_id"], made.id.to_string());
    assert_eq!(item.tags.len(), 3, "{:?}", item.tags.keys());
    assert!(item.tags.contains_key("strongroom-write"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_revision_is_a_version_of_the_vault() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    for n in 2..=12 {
        let text = n.to_string();
        assert_eq!(secrets.update(made.id, replace(&[("k", &text)])).await.unwrap().revision, n);
    }
    let (_engine, secrets) = house.open().await;
    for n in 3..=12 {
        let text = n.to_string();
        assert_eq!(secrets.get(made.id, Some(n)).await.unwrap().values, Some(values(&[("k", &text)])));
    }
    assert_eq!(secrets.get(made.id, Some(2)).await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_before_the_vault_is_asked() {
    let house = House::new().await;
    let (engine, secrets) = house.open().await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    let other = secrets.create(new("b", &[("k", "1")])).await.unwrap();
    house.faults().clear();
    assert_eq!(secrets.create(new("a", &[("k", "2")])).await.unwrap_err().kind(), Kind::AlreadyExists);
    let mut clash = replace(&[("k", "2")]);
    clash.name = Some("b".parse().unwrap());
    assert_eq!(secrets.update(made.id, clash).await.unwrap_err().kind(), Kind::AlreadyExists);
    let mut again = new("c", &[("k", "2")]);
    again.id = Some(made.id);
    assert_eq!(secrets.create(again).await.unwrap_err().kind(), Kind::AlreadyExists);
    // 25,600 bytes, of which the map takes nine
    let (fits, large) = ("x".repeat(25_591), "x".repeat(25_592));
    for refused in
        [secrets.create(new("d", &[("k", &large)])).await, secrets.update(made.id, replace(&[("k", &large)])).await]
    {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        let cause = error.causes().join(": ");
        assert!(cause.ends_with("too large for Azure Key Vault: 25601 of 25600 bytes"), "{error}: {cause}");
    }
    assert_eq!(house.faults().calls(), 0);
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
    secrets.update(made.id, replace(&[("k", &fits)])).await.unwrap();
    // names are the catalogue's: any will do, and a private one may have that of a public one
    let mut private = new("a", &[("k", "3")]);
    private.visibility = Visibility::Private;
    secrets.create(private).await.unwrap();
    assert_eq!(secrets.get(other.id, None).await.unwrap().values, Some(values(&[("k", "1")])));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_at_once_are_all_kept() {
    let house = House::new().await;
    let (engine, secrets) = house.open().await;
    let (_other_process, others) = house.open().await;
    let made = secrets.create(new("a", &[])).await.unwrap();
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let secrets = if n % 2 == 0 { secrets.clone() } else { others.clone() };
            tokio::spawn(async move { secrets.update(made.id, patch(&format!("k{n}"), "v")).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(secrets.get(made.id, None).await.unwrap().values.unwrap().len(), 6);
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
    assert_eq!(house.faults().count(Operation::Set), 7, "no write was in vain");
}
