//! One token per process and tenant, and none that crosses over.

use super::Bench;
use strongroom_testkit::Operation;

#[tokio::test]
async fn fifty_at_once_need_one_token() {
    let bench = Bench::new().await;
    let backend = bench.open(&[]);
    let name = "absent".parse().unwrap();
    let all = futures::future::join_all((0..50).map(|_| backend.get(&name, None))).await;
    assert!(all.into_iter().all(|found| found.unwrap().is_none()));
    let faults = bench.vault.faults();
    assert_eq!((faults.count(Operation::Token), faults.calls()), (1, 50), "{:?}", faults.counts());
}

#[tokio::test]
async fn two_vaults_of_two_tenants_in_one_process() {
    let benches = [Bench::new().await, Bench::new().await];
    let backends = [benches[0].open(&[]), benches[1].open(&[])];
    let name = "absent".parse().unwrap();
    for _ in 0..3 {
        let (first, second) = tokio::join!(backends[0].get(&name, None), backends[1].get(&name, None));
        assert!(first.unwrap().is_none() && second.unwrap().is_none());
    }
    for bench in &benches {
        // a token of the other tenant would have been refused, and another call made
        let faults = bench.vault.faults();
        assert_eq!((faults.count(Operation::Token), faults.calls()), (1, 3), "{:?}", faults.counts());
    }
}
