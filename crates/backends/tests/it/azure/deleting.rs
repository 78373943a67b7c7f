//! Soft delete: names of deleted secrets, slow deletes and recovers, and a crash between recover and write.

use super::{Bench, secret};
use std::time::Duration;
use strongroom_core::{Kind, SecretName};
use strongroom_testkit::keyvault::{Options, Timing};
use strongroom_testkit::{Fault, Operation, TestVault};

fn name() -> SecretName {
    "s".parse().unwrap()
}

#[tokio::test]
async fn a_deleted_name_can_be_registered_again() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    manager.register(&secret("s", &[("a", "old")])).await.unwrap();
    assert!(manager.delete(&name()).await.unwrap());
    assert!(manager.get(&name()).await.unwrap().is_none());
    manager.register(&secret("s", &[("a", "new")])).await.unwrap();
    assert_eq!(manager.require(&name()).await.unwrap(), secret("s", &[("a", "new")]));
    assert_eq!(bench.vault.faults().count(Operation::Recover), 1);
}

#[tokio::test]
async fn slow_deletes_and_recovers_are_waited_for() {
    let slow = Timing {
        delete: Duration::from_millis(900),
        recover: Duration::from_millis(900),
        purge: Duration::from_millis(900),
    };
    let vault = TestVault::start_with(Options { timing: slow, ..Options::default() }).await;
    let bench = Bench { vault, home: tempfile::tempdir().unwrap() };
    for more in [&[][..], &[("on_soft_deleted", "purge")]] {
        let manager = bench.manager(1, more);
        for round in ["1", "2"] {
            manager.register(&secret("s", &[("a", round)])).await.unwrap();
            assert_eq!(manager.require(&name()).await.unwrap(), secret("s", &[("a", round)]));
            assert!(manager.delete(&name()).await.unwrap());
        }
    }
}

#[tokio::test]
async fn refusing_deleted_names_is_a_setting() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[("on_soft_deleted", "fail")]);
    manager.register(&secret("s", &[("a", "old")])).await.unwrap();
    manager.delete(&name()).await.unwrap();
    let error = manager.register(&secret("s", &[("a", "new")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    assert_eq!(bench.vault.faults().count(Operation::Recover), 0);
}

#[tokio::test]
async fn a_deleted_secret_of_someone_else_is_not_brought_back() {
    let bench = Bench::new().await;
    // `a`/`b-c` and `a-b`/`c` fall on one name
    let theirs = bench.manager(1, &[("scope", "namespace"), ("namespace", "a")]);
    theirs.register(&secret("b-c", &[("k", "v")])).await.unwrap();
    theirs.delete(&"b-c".parse().unwrap()).await.unwrap();
    let ours = bench.manager(2, &[("scope", "namespace"), ("namespace", "a-b")]);
    let error = ours.register(&secret("c", &[("k", "v")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
    assert_eq!(bench.vault.faults().count(Operation::Recover), 0);
}

/// A vault in which a register over a deleted secret died after the recover.
async fn crashed_register() -> Bench {
    let bench = Bench::new().await;
    bench.manager(1, &[]).register(&secret("s", &[("a", "old")])).await.unwrap();
    bench.manager(1, &[]).delete(&name()).await.unwrap();
    // the second PUT, after the recover, never arrives
    bench.vault.faults().add_any(4, 1, Fault::HoldBefore);
    let (manager, written) = (bench.manager(1, &[]), secret("s", &[("a", "new")]));
    tokio::select! {
        outcome = manager.register(&written) => panic!("registered in spite of the fault: {outcome:?}"),
        () = bench.vault.faults().held() => {}
    }
    assert_eq!(bench.vault.faults().count(Operation::Recover), 1, "{:?}", bench.vault.faults().counts());
    drop(manager);
    bench
}

#[tokio::test]
async fn a_crash_between_recover_and_write_brings_nothing_back() {
    let bench = crashed_register().await;
    let after = bench.manager(1, &[]);
    assert!(after.get(&name()).await.unwrap().is_none(), "a deleted value came back to life");
    assert!(after.list().await.unwrap().is_empty());
    let written = secret("s", &[("a", "new")]);
    after.register(&written).await.unwrap();
    assert_eq!(after.require(&name()).await.unwrap(), written);
}

#[tokio::test]
async fn a_delete_after_such_a_crash_ends_it_for_all_machines() {
    let bench = crashed_register().await;
    assert!(!bench.manager(1, &[]).delete(&name()).await.unwrap(), "it counts as absent");
    let elsewhere = Bench { vault: bench.vault, home: tempfile::tempdir().unwrap() };
    assert!(elsewhere.manager(1, &[]).get(&name()).await.unwrap().is_none());
}

#[tokio::test]
async fn purge_protection_is_named() {
    let vault = TestVault::start_with(Options { purge_protection: true, ..Options::default() }).await;
    let bench = Bench { vault, home: tempfile::tempdir().unwrap() };
    let manager = bench.manager(1, &[("on_soft_deleted", "purge")]);
    manager.register(&secret("s", &[("a", "old")])).await.unwrap();
    manager.delete(&name()).await.unwrap();
    let error = manager.register(&secret("s", &[("a", "new")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    assert!(error.hint().unwrap().contains("purge protection"), "{error:?}");
}

#[tokio::test]
async fn a_delete_whose_answer_is_lost_was_a_delete() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    bench.vault.faults().add(Operation::Delete, 1, Fault::Reset);
    assert!(manager.delete(&name()).await.unwrap());
    assert_eq!(bench.vault.faults().count(Operation::Delete), 2);
    assert!(manager.get(&name()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_name_the_vault_is_at_work_on_is_waited_for() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    bench.vault.faults().add(Operation::Set, 2, Fault::Refused(409, "ObjectIsBeingDeleted"));
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    bench.vault.faults().add(Operation::Delete, 1, Fault::Refused(409, "ObjectIsBeingRecovered"));
    assert!(manager.delete(&name()).await.unwrap());
    // without end, it is told in time
    bench.vault.faults().add(Operation::Set, 1000, Fault::Refused(409, "ObjectIsBeingDeleted"));
    let error = bench.manager(1, &[("timeout", "1")]).register(&secret("s", &[("a", "1")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict, "{error:?}");
}

#[tokio::test]
async fn who_may_not_look_at_deleted_secrets_may_still_delete() {
    let bench = Bench::new().await;
    let manager = bench.manager(1, &[]);
    manager.register(&secret("s", &[("a", "1")])).await.unwrap();
    bench.vault.faults().add(Operation::GetDeleted, 1000, Fault::Refused(403, "ForbiddenByRbac"));
    assert!(manager.delete(&name()).await.unwrap());
    // but to register the name again it takes a look at whose it was
    let error = manager.register(&secret("s", &[("a", "2")])).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden, "{error:?}");
    assert!(error.hint().unwrap().contains("Key Vault Secrets Officer"), "{error:?}");
}
