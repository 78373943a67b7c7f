//! The audit trail under somebody's hands: whatever is done to it, or to what was signed, is found.

use crate::accounts::open;
use rusqlite::Connection;
use strongroom_core::central::{NewSecret, Secrets};
use strongroom_core::{Value, Values};
use strongroom_engine::Acting;
use strongroom_testkit::{DatabaseKind, TestDatabase};

/// A trail of ten records at least, the sixth and the last signed; and its file.
async fn trail() -> (TestDatabase, Acting, Connection) {
    let database = TestDatabase::new(DatabaseKind::Sqlite).unwrap();
    let (engine, admin, _) = open(&database).await;
    let values = Values::from_iter([("k".to_owned(), Value::text("canary"))]);
    let made = admin.create(NewSecret::new("a".parse().unwrap(), values)).await.unwrap();
    for round in 0..8 {
        admin.get(made.id, None).await.unwrap();
        if round == 3 {
            engine.sign_audit().await.unwrap();
        }
    }
    engine.sign_audit().await.unwrap();
    let verdict = admin.verify_audit().await.unwrap();
    assert_eq!((verdict.records, verdict.checkpoints, verdict.broken_at), (10, 2, None));
    let file = Connection::open(database.file().unwrap()).unwrap();
    (database, admin, file)
}

/// Makes all hashes from `seq` on anew, as somebody would who knows how and has no key.
async fn rehash(file: &Connection, admin: &Acting, seq: i64) {
    let mut previous = [0; 32];
    for record in admin.audit_after(0).await.unwrap() {
        if record.seq >= seq {
            previous = record.link(&previous);
            let hash: &[u8] = &previous;
            file.execute("UPDATE audit SET hash = ? WHERE seq = ?", rusqlite::params![hash, record.seq]).unwrap();
        } else {
            previous = record.hash;
        }
    }
    let hash: &[u8] = &previous;
    file.execute("UPDATE audit_head SET hash = ?, seq = (SELECT MAX(seq) FROM audit)", [hash]).unwrap();
}

async fn found(change: &str, again: bool, at: i64, problem: &str) {
    let (_database, admin, file) = trail().await;
    file.execute_batch(change).unwrap();
    if again {
        rehash(&file, &admin, 1).await;
    }
    let verdict = admin.verify_audit().await.unwrap();
    assert_eq!(verdict.broken_at, Some(at), "{change}: {verdict:?}");
    assert!(verdict.problem.as_deref().unwrap().contains(problem), "{change}: {verdict:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_record_is_guarded() {
    for field in [
        "at = at + 1",
        "actor_id = '00000000-0000-0000-0000-000000000000'",
        "actor = 'eve'",
        "action = 'secret.list'",
        "target_id = NULL",
        "target = 'b'",
        "revision = 2",
        "address = '10.0.0.1'",
        "request_id = 'x'",
        "outcome = 'forbidden'",
        "hash = zeroblob(32)",
    ] {
        let (_database, admin, file) = trail().await;
        file.execute_batch(&format!("UPDATE audit SET {field} WHERE seq = 4")).unwrap();
        let verdict = admin.verify_audit().await.unwrap();
        assert_eq!(verdict.broken_at, Some(4), "{field}");
        assert!(verdict.problem.unwrap().contains("was changed"), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_inserted_and_reordered_records_are_found() {
    found("DELETE FROM audit WHERE seq = 4", false, 4, "record 4 is missing").await;
    let columns = "at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, hash";
    let insert = format!(
        "UPDATE audit SET seq = seq + 100 WHERE seq > 4; UPDATE audit SET seq = seq - 99 WHERE seq > 100;
         INSERT INTO audit SELECT 5, {columns} FROM audit WHERE seq = 4; UPDATE audit_head SET seq = seq + 1"
    );
    found(&insert, false, 5, "was changed, or put in").await;
    let swap = "UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;
         UPDATE audit SET seq = 4 WHERE seq = 99";
    found(swap, false, 3, "was changed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_makes_the_hashes_anew_is_found_at_the_first_checkpoint_after() {
    found("UPDATE audit SET actor = 'eve' WHERE seq = 4", true, 6, "written anew").await;
    found("UPDATE audit SET actor = 'eve' WHERE seq = 9", true, 10, "written anew").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_that_is_cut_off_is_found_up_to_the_last_checkpoint() {
    found("DELETE FROM audit WHERE seq > 7", false, 8, "record 8 is missing").await;
    // the end is made to fit as well
    found("DELETE FROM audit WHERE seq > 7", true, 8, "record 10 was signed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_checkpoint_is_found() {
    let forged = "UPDATE audit SET actor = 'eve' WHERE seq = 4;
         UPDATE checkpoint SET hash = (SELECT hash FROM audit WHERE seq = checkpoint.seq)";
    found(forged, false, 4, "was changed").await;
    for field in ["signature = zeroblob(64)", "signature = x'00'", "at = at + 1", "seq = 5"] {
        let at = if field == "seq = 5" { 5 } else { 6 };
        found(&format!("UPDATE checkpoint SET {field} WHERE seq = 6"), false, at, "not signed by this store").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_store_says_of_its_end_is_signed() {
    let (_database, admin, _file) = trail().await;
    let state = admin.audit_state().await.unwrap();
    let checker = strongroom_core::central::Checker::new(state.store, &state.public_key, vec![]);
    assert!(checker.is_signed_end(&state.end));
    let mut other = state.end.clone();
    other.seq -= 1;
    assert!(!checker.is_signed_end(&other));
    // a checkpoint is no end
    assert!(!checker.is_signed_end(&state.checkpoints[1]));
    assert_eq!(state.checkpoints[1].hash, state.end.hash);
}
