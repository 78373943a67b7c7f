//! What is remembered is never older than the database, whoever changes it.

use crate::accounts::{as_person, open, person, secret, sign_in};
use strongroom_core::central::{
    AccountChange, AccountKind, Accounts, NewSecret, Role, SecretChange, Secrets, ValuesChange, Visibility,
};
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::Origin;
use strongroom_testkit::databases;

fn values(text: &str) -> Values {
    Values::from_iter([("k".to_owned(), Value::text(text))])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_another_process_is_seen_at_once() {
    for database in databases() {
        let (here, _, key) = open(&database).await;
        let (_there, admin, _) = crate::accounts::open_with(&database, key).await;
        admin.create_account(person("ann", Role::Editor)).await.unwrap();
        let token = sign_in(&here, "ann", crate::accounts::PASSWORD).await.unwrap();
        let made = admin.create(NewSecret::new("a".parse().unwrap(), values("1"))).await.unwrap();
        let read = || here.read(&token, Origin::default(), made.id);
        for n in 2..20 {
            for _ in 0..2 {
                let seen = read().await.unwrap();
                assert_eq!((seen.revision, &seen.values), (n - 1, &Some(values(&(n - 1).to_string()))));
            }
            let change = Some(ValuesChange::Replace(values(&n.to_string())));
            admin.update(made.id, SecretChange { values: change, ..Default::default() }).await.unwrap();
        }
        let lesser = AccountChange { role: Some(Role::Lister), ..Default::default() };
        read().await.unwrap();
        admin.update_account(AccountKind::User, "ann", lesser).await.unwrap();
        assert!(read().await.unwrap().values.is_none());
        let back = AccountChange { role: Some(Role::Reader), ..Default::default() };
        admin.update_account(AccountKind::User, "ann", back).await.unwrap();
        assert!(read().await.unwrap().values.is_some());
        let hide = SecretChange { visibility: Some(Visibility::Private), ..Default::default() };
        admin.update(made.id, hide).await.unwrap();
        assert_eq!(read().await.unwrap_err().kind(), Kind::NotFound);
        let show = SecretChange { visibility: Some(Visibility::Public), ..Default::default() };
        admin.update(made.id, show).await.unwrap();
        read().await.unwrap();
        let change = AccountChange { password: Some(secret("another-password")), ..Default::default() };
        admin.update_account(AccountKind::User, "ann", change).await.unwrap();
        assert_eq!(read().await.unwrap_err().kind(), Kind::Unauthenticated);
        admin.delete(made.id).await.unwrap();
        let token = sign_in(&here, "ann", "another-password").await.unwrap();
        assert_eq!(here.read(&token, Origin::default(), made.id).await.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_read_from_memory_has_its_record() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        admin.create_account(person("ann", Role::Reader)).await.unwrap();
        let token = sign_in(&engine, "ann", crate::accounts::PASSWORD).await.unwrap();
        let made = admin.create(NewSecret::new("a".parse().unwrap(), values("1"))).await.unwrap();
        for n in 0..50 {
            let origin = Origin { request_id: format!("read-{n}"), ..Origin::default() };
            engine.read(&token, origin, made.id).await.unwrap();
        }
        let records = admin.audit_after(0).await.unwrap();
        let reads: Vec<_> = records.iter().filter(|record| record.action == "secret.read").collect();
        assert_eq!(reads.len(), 50);
        assert!(
            reads
                .iter()
                .enumerate()
                .all(|(n, record)| record.request_id == format!("read-{n}") && record.actor == "ann")
        );
        assert!(as_person(&engine, "ann").await.audit_after(0).await.is_err());
        assert_eq!(admin.verify_audit().await.unwrap().broken_at, None);
    }
}
