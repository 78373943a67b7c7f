//! The sealing key: rotated, interrupted, missing, wrong, and records that were touched or moved.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use strongroom_core::central::{NewSecret, SecretChange, SecretId, Secrets, ValuesChange};
use strongroom_core::seal::{Key, Keys};
use strongroom_core::{Kind, Value, Values};
use strongroom_engine::{Acting, Engine, EngineOptions, KeySource, Origin};
use strongroom_testkit::{DatabaseKind, TestDatabase, databases};
use tempfile::TempDir;

/// Key files beside a database.
struct Store {
    database: TestDatabase,
    folder: TempDir,
}

impl Store {
    fn new(database: TestDatabase) -> Self {
        let store = Self { database, folder: tempfile::tempdir().unwrap() };
        store.put("a.key", &Keys::from(Arc::new(Key::generate().unwrap())));
        store
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// As `key rotate` writes it: another file in its place.
    fn put(&self, file: &str, keys: &Keys) {
        let other = self.path("new");
        std::fs::write(&other, keys.to_text().as_bytes()).unwrap();
        std::fs::rename(other, self.path(file)).unwrap();
    }

    fn keys(&self, file: &str) -> Keys {
        KeySource::file(&self.path(file)).unwrap().unwrap().keys()
    }

    /// A newer key in the file, beside those that are there.
    fn prepare(&self, file: &str) {
        self.put(file, &self.keys(file).with_newer(Arc::new(Key::generate().unwrap())));
    }

    async fn open(&self, file: &str) -> strongroom_core::Result<Acting> {
        open(&self.database, &self.path(file)).await
    }
}

async fn open(database: &TestDatabase, file: &Path) -> strongroom_core::Result<Acting> {
    let keys = KeySource::file(file)?.unwrap();
    let engine = Engine::open(EngineOptions::new(database.url().parse()?, keys)).await?;
    let caller = engine.local_caller(Origin::default()).await?;
    Ok(engine.acting(caller))
}

async fn rotate(secrets: &Acting) -> strongroom_engine::Rotated {
    let engine = secrets.engine();
    let caller = engine.local_caller(Origin::default()).await.unwrap();
    engine.rotate_key(&caller, |_| ()).await.unwrap()
}

fn values(text: &str) -> Values {
    Values::from_iter([("k".to_owned(), Value::text(text))])
}

async fn fill(secrets: &Acting, count: usize) -> Vec<SecretId> {
    let mut ids = vec![];
    for n in 0..count {
        let name = format!("s{n}").parse().unwrap();
        let made = secrets.create(NewSecret::new(name, values(&format!("v{n}")))).await.unwrap();
        let change = Some(ValuesChange::Replace(values(&format!("w{n}"))));
        secrets.update(made.id, SecretChange { values: change, ..Default::default() }).await.unwrap();
        ids.push(made.id);
    }
    ids
}

async fn is_whole(secrets: &Acting, ids: &[SecretId]) {
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(secrets.get(*id, None).await.unwrap().values, Some(values(&format!("w{n}"))));
        assert_eq!(secrets.get(*id, Some(1)).await.unwrap().values, Some(values(&format!("v{n}"))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_leaves_nothing_to_the_old_key_on_every_database() {
    for database in databases() {
        let store = Store::new(database);
        let secrets = store.open("a.key").await.unwrap();
        let ids = fill(&secrets, 5).await;
        let old = store.keys("a.key").newest().id();
        store.prepare("a.key");
        let done = rotate(&secrets).await;
        let new = store.keys("a.key").newest().id();
        assert_eq!((done.resealed, done.already, done.verified, &done.key), (11, 0, 11, &new));
        assert_eq!(done.unread, []);
        let status = secrets.engine().key_status().await.unwrap();
        assert_eq!((status.in_force, status.records[&new], status.records[&old]), (new.clone(), 11, 0));
        // the old key alone opens nothing, the new one everything
        let only_new = Keys::from(Arc::clone(store.keys("a.key").newest()));
        let only_old = Keys::from(Arc::clone(store.keys("a.key").get(&old).unwrap()));
        store.put("new.key", &only_new);
        store.put("old.key", &only_old);
        is_whole(&store.open("new.key").await.unwrap(), &ids).await;
        let error = store.open("old.key").await.unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (Kind::Corrupt, "the key does not open the store".to_owned()));
        assert_eq!(error.causes(), [format!("sealed with key `{new}`; this is key `{old}`")]);
        // the trail says who did it, and a second run has nothing to do
        let records = secrets.audit_after(0).await.unwrap();
        assert!(records.iter().any(|record| record.action == "key.rotate" && record.target == new));
        let again = rotate(&secrets).await;
        assert_eq!((again.resealed, again.already, again.verified), (0, 11, 11));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_with_both_keys_go_on_while_the_key_is_rotated() {
    for database in databases() {
        let store = Store::new(database);
        store.put("b.key", &store.keys("a.key"));
        let (here, there) = (store.open("a.key").await.unwrap(), store.open("b.key").await.unwrap());
        let ids = fill(&there, 3).await;
        store.prepare("a.key");
        store.put("b.key", &store.keys("a.key"));
        let writer = tokio::spawn({
            let there = there.clone();
            async move {
                for n in 0..40 {
                    let name = format!("busy-{n}").parse().unwrap();
                    there.create(NewSecret::new(name, values("x"))).await.unwrap();
                }
            }
        });
        rotate(&here).await;
        writer.await.unwrap();
        // what was written meanwhile was sealed with the new key, or refused and sealed again
        let status = here.engine().key_status().await.unwrap();
        assert_eq!(status.records.values().filter(|count| **count > 0).count(), 1, "{status:?}");
        store.put("a.key", &Keys::from(Arc::clone(store.keys("a.key").newest())));
        is_whole(&store.open("a.key").await.unwrap(), &ids).await;
        is_whole(&there, &ids).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_the_new_key_writes_nothing_that_would_be_lost() {
    let store = Store::new(TestDatabase::new(DatabaseKind::Sqlite).unwrap());
    store.put("b.key", &store.keys("a.key"));
    let (here, there) = (store.open("a.key").await.unwrap(), store.open("b.key").await.unwrap());
    let ids = fill(&here, 1).await;
    store.prepare("a.key");
    rotate(&here).await;
    let error = there.create(NewSecret::new("late".parse().unwrap(), values("x"))).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Corrupt);
    assert!(error.to_string().starts_with("the store is sealed with key `"), "{error}");
    assert_eq!(there.get(ids[0], Some(1)).await.unwrap_err().kind(), Kind::Corrupt);
    // as soon as it has the file, it goes on by itself
    store.put("b.key", &store.keys("a.key"));
    there.create(NewSecret::new("late".parse().unwrap(), values("x"))).await.unwrap();
    is_whole(&there, &ids).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_of_another_machine_is_not_overtaken() {
    let store = Store::new(TestDatabase::new(DatabaseKind::Sqlite).unwrap());
    store.put("b.key", &store.keys("a.key"));
    let here = store.open("a.key").await.unwrap();
    fill(&here, 1).await;
    store.prepare("a.key");
    rotate(&here).await;
    // both files have the old key, only one of them the one in force
    store.prepare("b.key");
    assert_eq!(store.open("b.key").await.unwrap_err().to_string(), "the key does not open the store");
}

/// Scenario 51: one flipped byte anywhere in a record, and records that changed places.
#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_byte_and_records_that_changed_places_are_corrupt() {
    let store = Store::new(TestDatabase::new(DatabaseKind::Sqlite).unwrap());
    let secrets = store.open("a.key").await.unwrap();
    let ids = fill(&secrets, 2).await;
    let file = rusqlite::Connection::open(store.database.file().unwrap()).unwrap();
    let read = |id: SecretId, number: u32| -> Vec<u8> {
        let sql = "SELECT receipt FROM revision WHERE secret_id = ? AND number = ?";
        file.query_row(sql, rusqlite::params![id.to_string(), number], |row| row.get(0)).unwrap()
    };
    let write = |id: SecretId, number: u32, record: &[u8]| {
        let sql = "UPDATE revision SET receipt = ? WHERE secret_id = ? AND number = ?";
        file.execute(sql, rusqlite::params![record, id.to_string(), number]).unwrap();
    };
    let whole = read(ids[0], 1);
    // magic, format, key id, salt, wrapped key and place, nonce, body, tag: see core::seal
    for at in [0, 15, 16, 24, 40, 80, 119, 120, 132, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        write(ids[0], 1, &changed);
        let error = secrets.get(ids[0], Some(1)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Corrupt, "byte {at}");
        assert!(!format!("{error:?}").contains("v0"), "{error:?}");
    }
    for (id, number) in [(ids[0], 2), (ids[1], 1)] {
        write(ids[0], 1, &read(id, number));
        let error = secrets.get(ids[0], Some(1)).await.unwrap_err();
        assert_eq!(error.causes(), ["the sealed record belongs to another place"]);
    }
    // a rotation tells of it, changes nothing of it, and seals the rest
    store.prepare("a.key");
    let done = rotate(&secrets).await;
    let unread: Vec<_> = done.unread.iter().map(|one| (one.secret, one.revision)).collect();
    assert_eq!((done.resealed, done.verified, unread), (4, 4, vec![(Some(ids[0]), 1)]));
    assert_eq!(read(ids[0], 1)[16..24], whole[16..24], "still of the old key");
    write(ids[0], 1, &whole);
    let done = rotate(&secrets).await;
    assert_eq!((done.resealed, done.verified, done.unread.len()), (1, 5, 0));
    is_whole(&secrets, &ids).await;
}

/// Scenario 50: a file that is damaged while a server runs changes nothing for it, and stops the next start.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_file_that_is_damaged_stops_no_server_and_lets_none_start() {
    let store = Store::new(TestDatabase::new(DatabaseKind::Sqlite).unwrap());
    let secrets = store.open("a.key").await.unwrap();
    let ids = fill(&secrets, 1).await;
    let text = std::fs::read(store.path("a.key")).unwrap();
    for broken in [&b""[..], &text[..text.len() / 2], b"strongroom-key-1:AAAA\n", b"\xff\xfe"] {
        std::fs::write(store.path("a.key"), broken).unwrap();
        is_whole(&secrets, &ids).await;
        let error = KeySource::file(&store.path("a.key")).unwrap_err();
        assert_eq!(error.kind(), Kind::Corrupt);
        assert!(error.to_string().ends_with("a.key` is damaged"), "{error}");
        assert_eq!(std::fs::read(store.path("a.key")).unwrap(), broken, "the file is left as it is");
    }
    std::fs::remove_file(store.path("a.key")).unwrap();
    is_whole(&secrets, &ids).await;
    assert!(KeySource::file(&store.path("a.key")).unwrap().is_none());
}
