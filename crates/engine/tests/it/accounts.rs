//! Accounts, signing in, and the audit trail.

use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use strongroom_core::central::{
    AccountChange, AccountKind, Accounts, ApiKeyChange, NewAccount, NewSecret, Role, Secrets, Visibility,
};
use strongroom_core::query::Query;
use strongroom_core::seal::Key;
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::{Acting, DeviceAnswer, Engine, EngineOptions, Origin, SignIn};
use strongroom_testkit::{DatabaseKind, TestDatabase, databases};

pub(crate) const PASSWORD: &str = "canary-password-4711";

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(crate) async fn open(database: &TestDatabase) -> (Arc<Engine>, Acting, Arc<Key>) {
    open_with(database, Arc::new(Key::generate().unwrap())).await
}

pub(crate) async fn open_with(database: &TestDatabase, key: Arc<Key>) -> (Arc<Engine>, Acting, Arc<Key>) {
    let (engine, admin) = open_at(&database.url(), &key).await;
    (engine, admin, key)
}

pub(crate) async fn open_at(url: &str, key: &Arc<Key>) -> (Arc<Engine>, Acting) {
    let options = EngineOptions::new(url.parse().unwrap(), Arc::clone(key));
    let engine = Engine::open(options).await.unwrap();
    let caller = engine.local_caller(Origin::default()).await.unwrap();
    let admin = engine.acting(caller);
    (engine, admin)
}

pub(crate) fn person(name: &str, role: Role) -> NewAccount {
    NewAccount {
        kind: AccountKind::User,
        name: name.to_owned(),
        full_name: String::new(),
        email: None,
        description: String::new(),
        role,
        password: Some(secret(PASSWORD)),
        active: true,
    }
}

pub(crate) async fn as_person(engine: &Arc<Engine>, name: &str) -> Acting {
    let token = sign_in(engine, name, PASSWORD).await.unwrap();
    engine.acting(engine.authenticate(&token, Origin::default()).await.unwrap().caller)
}

pub(crate) async fn sign_in(engine: &Arc<Engine>, name: &str, password: &str) -> strongroom_core::Result<String> {
    let with = SignIn::Password { name: name.to_owned(), password: secret(password) };
    let token = engine.sign_in(with, &Origin::default()).await?;
    Ok(token.token.expose_secret().to_owned())
}

async fn is_good(engine: &Arc<Engine>, token: &str) -> bool {
    match engine.authenticate(token, Origin::default()).await {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), Kind::Unauthenticated);
            false
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tightened_ends_the_tokens_that_were_given() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        admin.create_account(person("ann", Role::Reader)).await.unwrap();
        for (name, password) in [("ann", "wrong-password"), ("nobody", PASSWORD)] {
            let error = sign_in(&engine, name, password).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.to_string()),
                (Kind::Unauthenticated, "invalid username or password".to_owned())
            );
        }
        let token = sign_in(&engine, "ann", PASSWORD).await.unwrap();
        assert!(is_good(&engine, &token).await);
        let mut forged = token.clone();
        forged.replace_range(token.len() - 6..token.len() - 4, "zz");
        assert!(!is_good(&engine, &forged).await);

        let change = AccountChange { password: Some(secret("another-password")), ..Default::default() };
        admin.update_account(AccountKind::User, "ann", change).await.unwrap();
        assert!(!is_good(&engine, &token).await);
        let token = sign_in(&engine, "ann", "another-password").await.unwrap();
        let change = AccountChange { active: Some(false), ..Default::default() };
        admin.update_account(AccountKind::User, "ann", change).await.unwrap();
        assert!(!is_good(&engine, &token).await);
        assert_eq!(sign_in(&engine, "ann", "another-password").await.unwrap_err().kind(), Kind::Unauthenticated);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_shown_once_and_ends_when_it_is_rotated() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        let robot = NewAccount { kind: AccountKind::Service, password: None, ..person("robot", Role::Editor) };
        let robot = admin.create_account(robot).await.unwrap();
        let key = admin.create_api_key(robot.id, "ci", "for jobs").await.unwrap();
        let text = key.key.unwrap();
        assert!(text.expose_secret().starts_with("ZENKEY_"));
        assert!(admin.api_key(robot.id, "ci").await.unwrap().key.is_none());

        let origin = Origin::default();
        let by = |key: SecretString| engine.sign_in(SignIn::ApiKey(key), &origin);
        let token = by(text.clone()).await.unwrap().token.expose_secret().to_owned();
        let seen = engine.authenticate(&token, Origin::default()).await.unwrap();
        assert_eq!((seen.caller.id, seen.caller.role), (robot.id, Role::Editor));
        assert!(admin.api_key(robot.id, "ci").await.unwrap().last_login.is_some());

        // kept for a while, then not
        let next = admin.rotate_api_key(robot.id, "ci", 5).await.unwrap().key.unwrap();
        assert!(is_good(&engine, &token).await);
        assert!(by(text.clone()).await.is_ok() && by(next.clone()).await.is_ok());
        let last = admin.rotate_api_key(robot.id, "ci", 0).await.unwrap().key.unwrap();
        assert!(!is_good(&engine, &token).await);
        for old in [text, next] {
            assert_eq!(by(old).await.unwrap_err().kind(), Kind::Unauthenticated);
        }
        let token = by(last.clone()).await.unwrap().token.expose_secret().to_owned();
        let change = ApiKeyChange { active: Some(false), ..Default::default() };
        admin.update_api_key(robot.id, "ci", change).await.unwrap();
        assert!(!is_good(&engine, &token).await);
        assert_eq!(by(secret("ZENKEY_canary")).await.unwrap_err().to_string(), "error decoding API key");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_hold_and_private_secrets_are_absent_to_others() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        for role in [Role::Editor, Role::Reader, Role::Lister] {
            admin.create_account(person(role.as_str(), role)).await.unwrap();
        }
        let values = || Values::from_iter([("k".to_owned(), Value::text("v"))]);
        let public = admin.create(NewSecret::new("open".parse().unwrap(), values())).await.unwrap();
        let hidden =
            NewSecret { visibility: Visibility::Private, ..NewSecret::new("hidden".parse().unwrap(), values()) };
        let hidden = admin.create(hidden).await.unwrap();
        for role in [Role::Editor, Role::Reader, Role::Lister] {
            let someone = as_person(&engine, role.as_str()).await;
            assert_eq!(someone.get(public.id, None).await.unwrap().values.is_some(), role <= Role::Reader, "{role}");
            assert_eq!(someone.delete(hidden.id).await.unwrap_err().kind(), Kind::NotFound, "{role}");
            assert_eq!(someone.get(hidden.id, None).await.unwrap_err().kind(), Kind::NotFound, "{role}");
            assert_eq!(someone.history(hidden.id).await.unwrap_err().kind(), Kind::NotFound, "{role}");
            let lookup = strongroom_core::central::Lookup::Partial;
            for text in ["hidden", "hid", &hidden.id.to_string(), &hidden.id.to_string()[..8]] {
                let error = someone.find(text, None, lookup).await.unwrap_err();
                let absent =
                    someone.find(&text.replace(|c: char| c.is_alphanumeric(), "q"), None, lookup).await.unwrap_err();
                assert_eq!((error.kind(), error.causes()), (absent.kind(), absent.causes()), "{text}");
            }
            assert_eq!(someone.list(&Query::all()).await.unwrap().total, 1, "{role}");
            let made = someone.create(NewSecret::new(format!("of-{role}").parse().unwrap(), values())).await;
            assert_eq!(made.is_ok(), role == Role::Editor, "{role}");
            assert_eq!(someone.create_account(person("x", Role::Admin)).await.unwrap_err().kind(), Kind::Forbidden);
            if let Ok(made) = made {
                someone.delete(made.id).await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays_and_owners_are_not_removed() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        let demoted = AccountChange { role: Some(Role::Reader), ..Default::default() };
        let error = admin.update_account(AccountKind::User, "default", demoted.clone()).await.unwrap_err();
        assert_eq!(error.to_string(), "this is the last administrator");
        admin.create_account(person("ann", Role::Admin)).await.unwrap();
        let ann = as_person(&engine, "ann").await;
        ann.create(NewSecret::new("mine".parse().unwrap(), Values::new())).await.unwrap();
        let error = admin.delete_account(AccountKind::User, "ann").await.unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (Kind::Forbidden, "user `ann` owns secrets".to_owned()));
        admin.update_account(AccountKind::User, "default", demoted).await.unwrap();
        let own = AccountChange { password: Some(secret("another-one")), ..Default::default() };
        assert_eq!(
            ann.update_account(AccountKind::User, "ann", own.clone()).await.unwrap_err().kind(),
            Kind::Forbidden
        );
        let own = AccountChange { old_password: Some(secret(PASSWORD)), ..own };
        ann.update_account(AccountKind::User, "ann", own).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_has_the_one_time_code() {
    for database in databases() {
        let (engine, ..) = open(&database).await;
        let void = engine.first_administrator().await.unwrap().unwrap();
        let code = engine.first_administrator().await.unwrap().unwrap();
        let origin = Origin::default();
        for wrong in [void, secret("AAAA-BBBB-CCCC-DDDD")] {
            let refused = engine.claim(&wrong, "ann", secret(PASSWORD), origin.clone()).await.unwrap_err();
            assert_eq!(refused.kind(), Kind::Unauthenticated);
        }
        engine.claim(&code, "ann", secret(PASSWORD), origin.clone()).await.unwrap();
        assert_eq!(as_person(&engine, "ann").await.current().await.unwrap().role, Role::Admin);
        assert!(engine.first_administrator().await.unwrap().is_none());
        assert!(engine.claim(&code, "eve", secret(PASSWORD), origin).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_waits_until_a_person_approves_it() {
    for database in databases() {
        let (engine, admin, key) = open(&database).await;
        let (replica, _, _) = open_with(&database, key).await;
        admin.create_account(person("ann", Role::Editor)).await.unwrap();
        let ann =
            engine.authenticate(&sign_in(&engine, "ann", PASSWORD).await.unwrap(), Origin::default()).await.unwrap();
        let client = uuid::Uuid::new_v4();
        let codes = engine.authorize_device(client, &Origin::default()).await.unwrap();
        let ask = || engine.ask_device(client, &codes.device_code);
        assert!(matches!(ask().await.unwrap(), DeviceAnswer::Pending));
        // whoever was asked before, this is too soon
        let there = replica.ask_device(client, &codes.device_code).await.unwrap();
        assert!(matches!(there, DeviceAnswer::TooSoon), "{there:?}");
        assert!(engine.approve_device(codes.id, &secret("AAAA-AAAA"), &ann.caller).await.is_err());
        engine.approve_device(codes.id, &codes.user_code, &ann.caller).await.unwrap();
        let DeviceAnswer::Approved(token) = ask().await.unwrap() else { panic!("not approved") };
        let seen = engine.authenticate(token.token.expose_secret(), Origin::default()).await.unwrap();
        assert_eq!(seen.caller.id, ann.caller.id);
        assert!(matches!(ask().await.unwrap(), DeviceAnswer::Expired));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_ended_is_good_nowhere_any_more() {
    for database in databases() {
        let (engine, admin, key) = open(&database).await;
        let (replica, _, _) = open_with(&database, key).await;
        admin.create_account(person("ann", Role::Editor)).await.unwrap();
        let made = admin.create(NewSecret::new("a".parse().unwrap(), Values::default())).await.unwrap();
        let (token, other) =
            (sign_in(&engine, "ann", PASSWORD).await.unwrap(), sign_in(&replica, "ann", PASSWORD).await);
        for _ in 0..2 {
            // remembered from here on
            replica.read(&token, Origin::default(), made.id).await.unwrap();
        }
        let seen = engine.authenticate(&token, Origin::default()).await.unwrap();
        // its answer was lost
        for end in [engine.sign_out(&seen), replica.sign_out(&seen)] {
            end.await.unwrap();
        }
        for engine in [&engine, &replica] {
            assert_eq!(
                engine.read(&token, Origin::default(), made.id).await.unwrap_err().kind(),
                Kind::Unauthenticated
            );
            engine.authenticate(&token, Origin::default()).await.unwrap_err();
            engine.authenticate(other.as_ref().unwrap(), Origin::default()).await.unwrap();
            engine.forget_ended_tokens().await.unwrap();
        }
        let records = admin.audit_after(0).await.unwrap();
        let ends: Vec<_> = records.iter().filter(|record| record.action == "sign-out").collect();
        assert_eq!(ends.iter().map(|record| (&*record.actor, &*record.target)).collect::<Vec<_>>(), [("ann", "ann")]);
        // it is remembered until it would have expired, and no longer
        engine.authenticate(&token, Origin::default()).await.unwrap_err();
        tamper(&database, "UPDATE ended_token SET until = 1");
        replica.forget_ended_tokens().await.unwrap();
        engine.authenticate(&token, Origin::default()).await.unwrap();
    }
}

/// Changes the database past the engine.
fn tamper(database: &TestDatabase, sql: &str) {
    match database.file() {
        Some(path) => {
            rusqlite::Connection::open(path).unwrap().execute(sql, []).unwrap();
        }
        None => {
            database.sql(sql);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_limited_and_successes_are_not() {
    let database = TestDatabase::new(DatabaseKind::Sqlite).unwrap();
    let (engine, admin, _) = open(&database).await;
    admin.create_account(person("ann", Role::Editor)).await.unwrap();
    for _ in 0..12 {
        sign_in(&engine, "ann", PASSWORD).await.unwrap();
    }
    for _ in 0..10 {
        assert_eq!(sign_in(&engine, "ann", "wrong-password").await.unwrap_err().kind(), Kind::Unauthenticated);
    }
    assert_eq!(sign_in(&engine, "ann", PASSWORD).await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_trail_is_found_out_and_no_secret_is_in_it() {
    for database in databases() {
        let (engine, admin, _) = open(&database).await;
        admin.create_account(person("ann", Role::Editor)).await.unwrap();
        let values = Values::from_iter([("k".to_owned(), Value::text("canary-value-4711"))]);
        let made = admin.create(NewSecret::new("a".parse().unwrap(), values)).await.unwrap();
        for _ in 0..5 {
            admin.get(made.id, None).await.unwrap();
        }
        engine.sign_audit().await.unwrap();
        admin.delete(made.id).await.unwrap();
        let verdict = admin.verify_audit().await.unwrap();
        assert_eq!((verdict.broken_at, verdict.checkpoints), (None, 1));
        let actions: Vec<_> = admin.audit_after(0).await.unwrap().into_iter().map(|record| record.action).collect();
        assert_eq!(
            actions[2..],
            [
                "secret.create",
                "secret.read",
                "secret.read",
                "secret.read",
                "secret.read",
                "secret.read",
                "secret.delete"
            ]
        );

        if let Some(path) = database.file() {
            let file = rusqlite::Connection::open(&path).unwrap();
            file.pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
            for file in [path.clone(), path.with_extension("db-wal")] {
                let bytes = std::fs::read(&file).unwrap_or_default();
                assert!(!bytes.windows(6).any(|window| window == b"canary"), "{}", file.display());
            }
        }
        // each change alone is found, and undone
        for (change, undo, at) in [
            ("UPDATE audit SET actor = 'eve' WHERE seq = 4", "UPDATE audit SET actor = 'default' WHERE seq = 4", 4),
            ("UPDATE audit SET seq = 100 WHERE seq = 5", "UPDATE audit SET seq = 5 WHERE seq = 100", 5),
            ("UPDATE audit_head SET seq = seq - 1", "UPDATE audit_head SET seq = seq + 1", verdict.records - 1),
        ] {
            tamper(&database, change);
            assert_eq!(admin.verify_audit().await.unwrap().broken_at, Some(at), "{change}");
            tamper(&database, undo);
            assert_eq!(admin.verify_audit().await.unwrap(), verdict);
        }
    }
}
