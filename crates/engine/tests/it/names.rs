//! What users write, odd as it may be, is the same on every database: found as it was written, or refused with a reason.

use crate::accounts::{open, person, secret, sign_in};
use strongroom_core::central::{AccountChange, AccountKind, Accounts, Lookup, NewSecret, Role, Secrets, Visibility};
use strongroom_core::query::Query;
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::{Origin, SignIn};
use strongroom_testkit::databases;

fn values(text: &str) -> Values {
    Values::from_iter([(format!("key of {text}"), Value::text(text))])
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_look_alike_are_different_secrets() {
    let long = |c: char| c.to_string().repeat(255);
    let names = [
        "name".to_owned(),
        "Name".to_owned(),
        "name ".to_owned(),
        " name".to_owned(),
        "na%me".to_owned(),
        "na_me".to_owned(),
        "n?me $1 'x' \"y\" \\ ; --".to_owned(),
        // é in one character and in two, ß and ss, Turkish ı
        "caf\u{e9}".to_owned(),
        "cafe\u{301}".to_owned(),
        "cafe".to_owned(),
        "stra\u{df}e".to_owned(),
        "strasse".to_owned(),
        "\u{131}d".to_owned(),
        "id".to_owned(),
        "\u{1F511}".to_owned(),
        "\u{1F512}".to_owned(),
        long('x'),
        long('\u{1F511}'),
    ];
    for database in databases() {
        let (_engine, admin, _) = open(&database).await;
        let mut made = Vec::new();
        for name in &names {
            let new = NewSecret { schema: Some(name.clone()), ..NewSecret::new(name.parse().unwrap(), values(name)) };
            made.push(admin.create(new).await.unwrap());
        }
        for (name, made) in names.iter().zip(&made) {
            let found = admin.find(name, Some(Visibility::Public), Lookup::Exact).await.unwrap();
            assert_eq!((found.id, found.name.as_str(), found.schema.as_ref()), (made.id, &**name, Some(name)));
            let read = admin.get(made.id, None).await.unwrap();
            assert_eq!((&read.values, read.created, read.updated), (&Some(values(name)), made.created, made.updated));
            let again = admin.create(NewSecret::new(name.parse().unwrap(), Values::new())).await.unwrap_err();
            assert_eq!(again.kind(), Kind::AlreadyExists, "{name}");
        }
        assert_eq!(admin.list(&Query::all()).await.unwrap().total, names.len());
        for name in &names {
            admin.create_account(person(name, Role::Reader)).await.unwrap();
        }
        for name in &names {
            assert_eq!(admin.account(AccountKind::User, name).await.unwrap().name, *name);
        }
        let records = admin.audit_after(0).await.unwrap();
        let created: Vec<_> =
            records.into_iter().filter(|record| record.action == "secret.create" && record.outcome == "done").collect();
        assert!(created.iter().map(|record| &record.target).eq(&names));
        assert_eq!(admin.verify_audit().await.unwrap().broken_at, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_database_keeps_is_refused_by_all_and_harms_nothing() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        admin.create_account(person("ann", Role::Reader)).await.unwrap();
        let made = admin.create(NewSecret::new("a".parse().unwrap(), values("a\0b"))).await.unwrap();

        // whoever signs in by an odd name is nobody, and the attempt is on record all the same
        for name in ["a\0nn".to_owned(), "ann ".to_owned(), "ANN".to_owned(), "\u{1F511}".repeat(1000)] {
            let error = sign_in(&engine, &name, crate::accounts::PASSWORD).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Unauthenticated, "{name:?}");
        }
        let origin = Origin { request_id: "r\0".repeat(500), ..Origin::default() };
        let with = SignIn::Password { name: "ann".to_owned(), password: secret("wrong-password") };
        assert_eq!(engine.sign_in(with, &origin).await.unwrap_err().kind(), Kind::Unauthenticated);
        let records = admin.audit_after(0).await.unwrap();
        assert_eq!(records.iter().filter(|record| record.outcome == "unauthenticated").count(), 5);

        assert_eq!(admin.find("a\0", None, Lookup::Exact).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(admin.account(AccountKind::User, "ann\0").await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(admin.project("default\0").await.unwrap_err().kind(), Kind::NotFound);
        let wide = "\u{1F511}".repeat(256);
        let changes = [
            AccountChange { description: Some("a\0".to_owned()), ..Default::default() },
            AccountChange { full_name: Some(wide.clone()), ..Default::default() },
            AccountChange { email: Some(wide.clone()), ..Default::default() },
        ];
        for change in changes {
            let error = admin.update_account(AccountKind::User, "ann", change).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Invalid, "{error}");
        }
        for (name, display_name) in [(&*wide, "x"), ("x", &*wide), ("x\0", "x"), ("x", "x\0")] {
            assert_eq!(admin.create_project(name, display_name, "").await.unwrap_err().kind(), Kind::Invalid);
        }
        let new = NewSecret { schema: Some(wide), ..NewSecret::new("b".parse().unwrap(), Values::new()) };
        assert_eq!(admin.create(new).await.unwrap_err().kind(), Kind::Invalid);

        assert_eq!(admin.get(made.id, None).await.unwrap().values, Some(values("a\0b")));
        assert_eq!(admin.account(AccountKind::User, "ann").await.unwrap().description, "");
        assert_eq!(admin.verify_audit().await.unwrap().broken_at, None);
    }
}
