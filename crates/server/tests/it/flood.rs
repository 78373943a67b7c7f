//! Ten thousand sign-ins at once.

use crate::room::Room;
use axum::body::Body;
use axum::http::Request;
use futures::future::join_all;
use std::time::{Duration, Instant};
use strongroom_core::central::Role;
use tower::ServiceExt;

/// The most memory that this process ever had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_58_ten_thousand_sign_ins_starve_nobody() {
    let room = Room::open().await;
    let ann = room.person("ann", Role::Reader).await;
    let editor = room.person("editor", Role::Editor).await;
    let path = format!("secrets/{}", room.secret(&editor, "read", false).await);
    let router = strongroom_server::app(&room.engine, false);
    let before = peak();
    let sign_in = |at: usize| {
        let body = format!("grant_type=password&username=name-{at}&password=wrong-password");
        let request = Request::post("/api/v1/login").body(Body::from(body)).unwrap();
        let router = router.clone();
        async move {
            let response = router.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            assert!(status == 401 || response.headers().contains_key("retry-after"), "{response:?}");
            status
        }
    };
    let flood = tokio::spawn(join_all((0..10_000).map(sign_in)));
    let (mut reads, mut longest) = (0, Duration::ZERO);
    while !flood.is_finished() {
        let begun = Instant::now();
        room.get(&path, &ann).await.good();
        longest = longest.max(begun.elapsed());
        reads += 1;
    }
    let statuses = flood.await.unwrap();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    let tried = statuses.iter().filter(|status| **status == 401).count();
    assert_eq!(refused + tried, 10_000);
    assert!((1..=200).contains(&tried), "{tried} passwords were hashed");
    assert!(reads >= 3 && longest < Duration::from_secs(5), "{reads} reads, the longest took {longest:?}");
    // the requests themselves, and what other tests do meanwhile; unbounded, hashing alone would take 190 GiB
    let grown = peak() - before;
    assert!(grown < 1500, "{grown} MiB more");
}
