//! The central server as the target: in this process, with fault switches in front of its routes.

use super::{in_manager, in_store, migrate, report, row, secret};
use crate::room::Room;
use secrecy::ExposeSecret;
use serde_json::json;
use std::sync::Arc;
use strongroom_core::Value;
use strongroom_core::central::{AccountKind, Accounts, NewAccount, NewSecret, Role, Secrets, Visibility};
use strongroom_core::seal::Key;
use strongroom_engine::{Acting, DatabaseUrl, Engine, EngineOptions, Origin};
use strongroom_testkit::{Fault, Faults, Operation, serve};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A server, and the runtime that serves it.
pub(super) struct Central {
    url: String,
    key: String,
    faults: Faults,
    acting: Acting,
    _folder: TempDir,
    /// Serves on threads of its own.
    pub(super) runtime: Runtime,
}

impl Central {
    /// Starts it, with one service account that may change secrets.
    pub(super) fn start() -> Self {
        let (runtime, folder, faults) = (Runtime::new().unwrap(), TempDir::new().unwrap(), Faults::default());
        let database = DatabaseUrl::sqlite(&folder.path().join("store.db"));
        let options = EngineOptions::new(database, Arc::new(Key::generate().unwrap()));
        let (url, key, acting) = runtime.block_on(async {
            let engine = Engine::open(options).await.unwrap();
            let acting = engine.acting(engine.local_caller(Origin::default()).await.unwrap());
            let key = api_key(&acting).await;
            (serve(strongroom_server::app(&engine, false), &faults).await, key, acting)
        });
        Self { url, key, faults, acting, _folder: folder, runtime }
    }

    /// The switches in front of its routes.
    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// `room`, signed in there.
    pub(super) fn room(&self, room: Room) -> Room {
        room.with("STRONGROOM_URL", &self.url).with("STRONGROOM_API_KEY", &self.key)
    }
}

async fn api_key(acting: &Acting) -> String {
    let account = NewAccount {
        kind: AccountKind::Service,
        name: "mover".into(),
        full_name: String::new(),
        email: None,
        description: String::new(),
        role: Role::Editor,
        password: None,
        active: true,
    };
    let account = acting.create_account(account).await.unwrap();
    let key = acting.create_api_key(account.id, "default", "").await.unwrap();
    key.key.unwrap().expose_secret().to_owned()
}

fn filled(central: &Central) -> Room {
    let room = central.room(Room::with_local_manager());
    for name in ["a", "b", "c"] {
        room.succeeds(secret(&["register", name, "-s", "basic_auth", "--username=me", "--password=1"]));
    }
    room
}

#[test]
fn a_server_gets_schema_and_values_and_gives_them_back() {
    let central = Central::start();
    let room = filled(&central);
    room.succeeds(["secret", "create", "b", "--old=1"]);
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(0), "{document}");
    assert!(!room.home().join("store.db").exists(), "the store of this machine has nothing to do with it");
    let b = in_store(&room, "b").unwrap();
    assert_eq!((&b["schema"], &b["revision"]), (&json!("basic_auth"), &json!(2)));
    assert_eq!(b["values"], json!({"username": "me", "password": "1"}));
    room.succeeds(migrate(&["--rollback", "--non-interactive"]));
    assert_eq!(in_store(&room, "b").unwrap()["values"], json!({"old": "1"}));
    assert_eq!(in_store(&room, "b").unwrap().get("schema"), None);
    assert!(in_store(&room, "a").is_none() && in_manager(&room, "a").is_some());
}

#[test]
fn a_private_secret_of_somebody_else_is_not_looked_at() {
    let central = Central::start();
    let room = filled(&central);
    let values = [("k".to_owned(), Value::text("theirs"))].into_iter().collect();
    let theirs = NewSecret { visibility: Visibility::Private, ..NewSecret::new("a".parse().unwrap(), values) };
    let theirs = central.runtime.block_on(central.acting.create(theirs)).unwrap();
    let (code, document) = report(&room, &["a", "--non-interactive", "--scope", "user"]);
    assert_eq!((code, &row(&document, "a")["action"]), (Some(0), &json!("created")));
    let left = central.runtime.block_on(central.acting.get(theirs.id, None)).unwrap();
    assert_eq!(left.revision, 1);
}

/// Scenario 53: the target answers 409 to one secret, because another process made it meanwhile.
#[test]
fn scenario_53_a_conflict_in_the_target_fails_one_secret_and_resume_does_it() {
    let central = Central::start();
    let room = filled(&central);
    central.faults().clear();
    central.faults().add(Operation::Backup, 1, Fault::Status(409, None));
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(1));
    let failed: Vec<_> =
        ["a", "b", "c"].into_iter().filter(|name| row(&document, name)["action"] == "failed").collect();
    let [name] = failed[..] else { panic!("{document}") };
    let kind = row(&document, name)["error"]["kind"].as_str().unwrap();
    assert!(["conflict", "already_exists"].contains(&kind), "{document}");
    assert!(in_manager(&room, name).is_some(), "nothing is deleted that is not verified");
    assert_eq!(room.json(secret(&["list"])).as_array().unwrap().len(), 1, "the others are done");
    let (code, document) = report(&room, &["--resume"]);
    assert_eq!(code, Some(0), "{document}");
    assert_eq!(row(&document, name)["deleted"], true);
    assert_eq!(room.json(secret(&["list"])), json!([]));
}

/// Scenario 53: what the target gives back is not what it was given.
#[test]
fn scenario_53_nothing_is_deleted_when_the_copy_cannot_be_read_back() {
    let central = Central::start();
    let room = filled(&central);
    central.faults().clear();
    // the list comes first, and then each secret is read back once
    central.faults().add(Operation::Get, 3, Fault::Status(404, None));
    let (code, document) = report(&room, &["--non-interactive", "--delete"]);
    assert_eq!(code, Some(1));
    for name in ["a", "b", "c"] {
        assert_eq!(row(&document, name)["error"]["kind"], "not_found", "{document}");
        assert!(in_manager(&room, name).is_some());
    }
    let (code, document) = report(&room, &["--resume"]);
    assert_eq!(code, Some(0), "{document}");
    assert_eq!(row(&document, "a")["action"], "created", "it was made by the run that is resumed");
    assert_eq!(room.json(secret(&["list"])), json!([]));
}
