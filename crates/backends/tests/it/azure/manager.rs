//! Secrets managers on one vault: scopes, collisions, certificates, disabled and expired secrets, torn writes.

use super::{Bench, secret};
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::{Item, Kind, PutMode, Tags, Updated, Validity, Value, Values};
use strongroom_testkit::{Fault, Operation};

const SCOPES: [&[(&str, &str)]; 4] =
    [&[], &[("scope", "global")], &[("scope", "namespace"), ("namespace", "team")], &[("scope", "none")]];

fn set(key: &'static str, value: &'static str) -> impl Fn(Values) -> strongroom_core::Result<Values> + Sync {
    move |mut values| {
        values.insert(key, Value::text(value));
        Ok(values)
    }
}

#[tokio::test]
async fn every_scope_keeps_its_own_secrets() {
    let bench = Bench::new().await;
    let written = |scope: usize| secret("s", &[("k", ["component", "global", "namespace", "none"][scope])]);
    for (index, scope) in SCOPES.iter().enumerate() {
        bench.manager(1, scope).register(&written(index)).await.unwrap();
    }
    for (index, scope) in SCOPES.iter().enumerate() {
        let manager = bench.manager(1, scope);
        assert_eq!(manager.require(&"s".parse().unwrap()).await.unwrap(), written(index), "{scope:?}");
        assert_eq!(manager.list().await.unwrap().len(), 1);
        let error = manager.register(&written(index)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::AlreadyExists);
        assert_eq!(manager.update(&"s".parse().unwrap(), &set("x", "1")).await.unwrap(), Updated::Written);
        assert_eq!(manager.update(&"s".parse().unwrap(), &set("x", "1")).await.unwrap(), Updated::Unchanged);
        let other = bench.manager(2, scope);
        let shared = usize::from(!scope.is_empty());
        assert_eq!(other.list().await.unwrap().len(), shared, "{scope:?}");
        assert_eq!(manager.delete_each(&manager.list().await.unwrap()).await.unwrap(), 1);
        assert!(!manager.delete(&"s".parse().unwrap()).await.unwrap());
    }
}

#[tokio::test]
async fn names_that_fall_on_anothers_item_are_refused() {
    let bench = Bench::new().await;
    let first = bench.manager(1, &[("scope", "namespace"), ("namespace", "a")]);
    first.register(&secret("b-c", &[("k", "theirs")])).await.unwrap();
    let second = bench.manager(2, &[("scope", "namespace"), ("namespace", "a-b")]);
    for (manager, name) in [(&second, "c"), (&first, "B-c")] {
        let error = manager.register(&secret(name, &[("k", "ours")])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict, "{name}: {error:?}");
        assert!(manager.get(&name.parse().unwrap()).await.unwrap().is_none());
        assert!(!manager.delete(&name.parse().unwrap()).await.unwrap());
    }
    assert_eq!(first.require(&"b-c".parse().unwrap()).await.unwrap(), secret("b-c", &[("k", "theirs")]));
    // unscoped names join secret and key in the same way
    let unscoped = bench.manager(1, &[("scope", "none")]);
    unscoped.register(&secret("a", &[("b-c", "theirs")])).await.unwrap();
    let error = unscoped.register(&secret("a-b", &[("c", "ours")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
}

#[tokio::test]
async fn foreign_disabled_expired_and_managed_secrets_are_told_apart() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[("scope", "global")]);
    let backend = bench.open(&[]);
    let untagged = Item::new("zenml-global-untagged".parse().unwrap(), SecretString::from("{}"), Tags::new());
    backend.put(&untagged, PutMode::Upsert).await.unwrap();
    bench.vault.running().add_certificate_secret("strongroom", "zenml-global-cert", SecretString::from("pem")).unwrap();
    assert!(manager.list().await.unwrap().is_empty());
    for name in ["untagged", "cert"] {
        assert!(manager.get(&name.parse().unwrap()).await.unwrap().is_none());
        assert!(!manager.delete(&name.parse().unwrap()).await.unwrap());
        let error = manager.register(&secret(name, &[("a", "1")])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
    }
    manager.register(&secret("timed", &[("a", "1")])).await.unwrap();
    let mut timed = backend.get(&"zenml-global-timed".parse().unwrap(), None).await.unwrap().unwrap();
    for (validity, word) in [
        (Validity { from: None, until: Some(time::OffsetDateTime::UNIX_EPOCH) }, "expired"),
        (
            Validity { from: Some(time::OffsetDateTime::now_utc() + time::Duration::days(9)), until: None },
            "not valid yet",
        ),
    ] {
        timed.validity = validity;
        backend.put(&timed, PutMode::Upsert).await.unwrap();
        let error = manager.get(&"timed".parse().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Forbidden);
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn what_others_added_to_a_secret_stays() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    let backend = bench.open(&[]);
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    let name = format!("zenml-component-{}-s", uuid::Uuid::from_u128(1)).parse().unwrap();
    let mut item = backend.get(&name, None).await.unwrap().unwrap();
    item.tags.insert("team".into(), "ml".into());
    item.content_type = Some("application/json".into());
    item.validity.until = Some(time::OffsetDateTime::from_unix_timestamp(4_000_000_000).unwrap());
    backend.put(&item, PutMode::Upsert).await.unwrap();
    manager.update(&"s".parse().unwrap(), &set("b", "2")).await.unwrap();
    let after = backend.get(&name, None).await.unwrap().unwrap();
    assert_eq!(after.tags, item.tags);
    assert_eq!((after.content_type, after.validity), (item.content_type, item.validity));
    assert_eq!(after.value.expose_secret(), r#"{"a": "1", "b": "2", "zenml_schema_name": "arbitrary"}"#);
}

#[tokio::test]
async fn a_torn_unscoped_write_is_found_and_mended() {
    let bench = Bench::new().await;
    let name = "s".parse().unwrap();
    let full = secret("s", &[("a", "1"), ("b", "2"), ("c", "3")]);
    for held in 0..3 {
        let manager = bench.manager(1, &[("scope", "none")]);
        bench.vault.faults().clear();
        bench.vault.faults().add_any(1 + held, 3, Fault::HoldBefore);
        tokio::select! {
            outcome = manager.register(&full) => panic!("registered in spite of the fault: {outcome:?}"),
            () = bench.vault.faults().held() => {}
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        bench.vault.faults().clear();
        let after = bench.manager(1, &[("scope", "none")]);
        match after.get(&name).await {
            Ok(found) => assert!(found.is_none(), "a torn secret was shown as whole"),
            Err(error) => assert_eq!(error.kind(), Kind::Corrupt, "{error:?}"),
        }
        after.register(&full).await.unwrap();
        assert_eq!(after.require(&name).await.unwrap().values.len(), 3);
        after.delete(&name).await.unwrap();
    }
}

#[tokio::test]
async fn entries_that_zenml_wrote_are_never_half_replaced() {
    let bench = Bench::new().await;
    let backend = bench.open(&[]);
    let name = "s".parse().unwrap();
    // as ZenML writes them: three tags, none of ours
    let zenml = |key: &str, value: &str| {
        let tags = [("zenml-group-key", "s"), ("zenml-key-name", key), ("zenml-schema-name", "arbitrary")];
        let tags: Tags = tags.iter().map(|(tag, value)| ((*tag).to_owned(), (*value).to_owned())).collect();
        let item = strongroom_core::unscoped_item_name(&"s".parse().unwrap(), key, 127).unwrap();
        Item { identity: tags.clone(), ..Item::new(item, SecretString::from(value), tags) }
    };
    let change = |values: Values| Ok(values.into_iter().map(|(key, _)| (key, Value::text("new"))).collect());
    for held in 0..8 {
        for key in ["a", "b"] {
            backend.put(&zenml(key, "old"), PutMode::Upsert).await.unwrap();
        }
        let manager = bench.manager(1, &[("scope", "none")]);
        assert_eq!(manager.require(&name).await.unwrap().values.len(), 2);
        bench.vault.faults().clear();
        bench.vault.faults().add_any(held, 100, Fault::HoldBefore);
        let finished = tokio::select! {
            outcome = manager.update(&name, &change) => outcome.is_ok(),
            () = bench.vault.faults().held() => false,
        };
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        bench.vault.faults().clear();
        let after = bench.manager(1, &[("scope", "none")]);
        match after.get(&name).await {
            Ok(Some(found)) => {
                let values: Vec<_> = found.values.iter().map(|(_, value)| value.expose().to_owned()).collect();
                assert!(
                    values == ["old", "old"] && !finished || values == ["new", "new"],
                    "held at {held}: a mix was shown as whole"
                );
            }
            Ok(None) => panic!("held at {held}: the secret is gone"),
            Err(error) => assert_eq!(error.kind(), Kind::Corrupt, "held at {held}: {error:?}"),
        }
        after.update(&name, &change).await.unwrap();
        assert_eq!(after.require(&name).await.unwrap().values.get("a").unwrap().expose(), "new");
        assert!(bench.vault.faults().count(Operation::Set) <= 3);
    }
}
