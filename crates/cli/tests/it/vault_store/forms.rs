//! Items in the form of ZenML 0.44, which tell name and owner: what is in them, what that costs, and what it refuses.

use super::house::{House, new, patch, replace, values};
use std::sync::Arc;
use strongroom_api::python_time;
use strongroom_core::central::{CentralSecret, SecretChange, Secrets, Visibility};
use strongroom_core::{Item, Kind, StoreForm, Tags};
use strongroom_engine::{Acting, Engine};
use strongroom_testkit::{Fault, Operation};

const V0_44: StoreForm = StoreForm::V0_44;

fn rename(name: &str) -> SecretChange {
    SecretChange { name: Some(name.parse().unwrap()), ..SecretChange::default() }
}

fn show_to(visibility: Visibility) -> SecretChange {
    SecretChange { visibility: Some(visibility), ..SecretChange::default() }
}

async fn item(house: &House, secret: &CentralSecret) -> Item {
    let name = format!("zenml-{}", secret.id).parse().unwrap();
    house.backend(&[]).get(&name, None).await.unwrap().unwrap()
}

/// The tags say what the row says, in ZenML's order.
async fn agrees(house: &House, engine: &Arc<Engine>, secrets: &Acting, id: uuid::Uuid) -> CentralSecret {
    let secret = secrets.get(id, None).await.unwrap();
    let scope = if secret.visibility == Visibility::Public { "workspace" } else { "user" };
    let pairs = [
        ("zenml", engine.server_id().to_string()),
        ("zenml_secret_id", id.to_string()),
        ("zenml_secret_name", secret.name.to_string()),
        ("zenml_secret_scope", scope.to_owned()),
        ("zenml_secret_workspace", secret.project.id.to_string()),
        ("zenml_secret_user", secret.owner.id.to_string()),
        ("zenml_secret_created", python_time(secret.created)),
        ("zenml_secret_updated", python_time(secret.updated)),
    ];
    let mut tags = item(house, &secret).await.tags;
    assert!(tags.shift_remove("strongroom-write").is_some());
    assert_eq!(tags, pairs.into_iter().map(|(tag, value)| (tag.to_owned(), value)).collect::<Tags>());
    secret
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tags_of_0_44_say_what_the_row_says_and_cost_one_write_where_they_change() {
    let house = House::new().await;
    let (engine, secrets) = house.open_for(&[], V0_44).await;
    let id = secrets.create(new("a", &[("k", "1")])).await.unwrap().id;
    let cost = |what: &str, sets: usize| {
        assert_eq!((house.faults().calls(), house.faults().count(Operation::Set)), (sets, sets), "{what}");
        house.faults().clear();
    };
    let check = async |name: &str, revision: u32| {
        let secret = agrees(&house, &engine, &secrets, id).await;
        assert_eq!((secret.name.as_str(), secret.revision), (name, revision));
        house.faults().clear();
    };
    cost("create", 1);
    check("a", 1).await;
    secrets.update(id, patch("k", "2")).await.unwrap();
    cost("update", 1);
    check("a", 2).await;
    secrets.update(id, rename("b")).await.unwrap();
    cost("rename", 1);
    check("b", 2).await;
    secrets.update(id, show_to(Visibility::Private)).await.unwrap();
    cost("visibility", 1);
    check("b", 2).await;
    secrets.update(id, SecretChange { name: Some("c".parse().unwrap()), ..replace(&[("k", "3")]) }).await.unwrap();
    cost("values and name", 1);
    check("c", 3).await;
    secrets.update(id, SecretChange { visibility: Some(Visibility::Private), ..rename("c") }).await.unwrap();
    cost("the same name and visibility", 0);
    check("c", 3).await;
    // a rename keeps no revision of its own, and those there are can be read
    for (number, text) in [(1, "1"), (2, "2"), (3, "3")] {
        assert_eq!(secrets.get(id, Some(number)).await.unwrap().values, Some(values(&[("k", text)])));
    }
    assert_eq!(secrets.history(id).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_costs_no_write_in_the_form_of_0_98_and_either_reads_what_the_other_wrote() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let made = secrets.create(new("any name", &[("k", "1")])).await.unwrap();
    house.faults().clear();
    secrets.update(made.id, rename("another name")).await.unwrap();
    secrets.update(made.id, show_to(Visibility::Private)).await.unwrap();
    assert_eq!(house.faults().calls(), 0);
    assert_eq!(item(&house, &made).await.tags.len(), 3);

    let (engine, secrets) = house.open_for(&[], V0_44).await;
    assert_eq!(secrets.get(made.id, None).await.unwrap().values, made.values);
    secrets.update(made.id, rename("a-name")).await.unwrap();
    agrees(&house, &engine, &secrets, made.id).await;
    let (_engine, secrets) = house.open().await;
    assert_eq!(secrets.get(made.id, None).await.unwrap().values, made.values);
    secrets.update(made.id, patch("k", "2")).await.unwrap();
    assert_eq!(item(&house, &made).await.tags.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_0_44_cannot_have_are_refused_before_anything_is_written() {
    let house = House::new().await;
    let (_engine, secrets) = house.open().await;
    let old = secrets.create(new("an old name", &[("k", "1")])).await.unwrap();
    let (engine, secrets) = house.open_for(&[], V0_44).await;
    let made = secrets.create(new("a", &[("k", "1")])).await.unwrap();
    house.faults().clear();
    for refused in [
        secrets.create(new("a b", &[("k", "1")])).await,
        secrets.update(made.id, rename("a_b")).await,
        secrets.update(old.id, replace(&[("k", "2")])).await,
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{error}");
        let causes = error.causes().join(": ");
        assert!(causes.contains("is no name for ZenML 0.44 in Azure Key Vault: invalid secret name `a"), "{causes}");
        assert!(error.hint().unwrap().contains("`format=0.98`"), "{error:?}");
    }
    assert_eq!((house.faults().count(Operation::Set), engine.pending_changes().await.unwrap()), (0, 0));
    assert_eq!(secrets.get(made.id, None).await.unwrap().name.as_str(), "a");
    secrets.delete(old.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_whose_write_fails_leaves_the_old_name_in_both() {
    let house = House::new().await;
    let (engine, secrets) = house.open_for(&[("timeout", "1")], V0_44).await;
    let id = secrets.create(new("a", &[("k", "1")])).await.unwrap().id;
    house.faults().add(Operation::Set, 100, Fault::Status(403, None));
    let error = secrets.update(id, rename("b")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    house.faults().clear();
    assert_eq!(engine.pending_changes().await.unwrap(), 0);
    assert_eq!(agrees(&house, &engine, &secrets, id).await.name.as_str(), "a");
}

#[tokio::test(flavor = "multi_thread")]
async fn renames_at_once_end_with_row_and_item_agreeing() {
    let house = House::new().await;
    let (engine, secrets) = house.open_for(&[], V0_44).await;
    let (_other_process, others) = house.open_for(&[], V0_44).await;
    let id = secrets.create(new("a", &[])).await.unwrap().id;
    let tasks: Vec<_> = (0..6)
        .map(|n| {
            let secrets = if n % 2 == 0 { secrets.clone() } else { others.clone() };
            let change = match n {
                0 => show_to(Visibility::Private),
                1 => patch("k", "1"),
                n => rename(&format!("n{n}")),
            };
            tokio::spawn(async move { secrets.update(id, change).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let secret = agrees(&house, &engine, &secrets, id).await;
    // no change was made of what another had changed
    assert_eq!((secret.visibility, secret.values), (Visibility::Private, Some(values(&[("k", "1")]))));
    assert_ne!(secret.name.as_str(), "a");
}
