//! What an operator looks at: health, readiness, figures.

use crate::room::Room;
use serde_json::json;
use strongroom_core::central::Role;
use strongroom_server::ServerOptions;

#[tokio::test(flavor = "multi_thread")]
async fn it_is_not_ready_when_its_database_is_gone() {
    let room = Room::open().await;
    let (file, aside) = (room.folder.path().join("store.db"), room.folder.path().join("aside.db"));
    assert_eq!(room.send("GET", "/ready", &[], "").await.good(), "ready");
    std::fs::rename(&file, &aside).unwrap();
    let reply = room.send("GET", "/ready", &[], "").await;
    assert_eq!(reply.is(503).detail().1, "the database cannot be used");
    assert_eq!(reply.header("retry-after"), "1");
    assert!(!reply.text.contains("store.db"), "{reply:?}");
    // another file in its place is no better
    std::fs::copy(&aside, &file).unwrap();
    room.send("GET", "/ready", &[], "").await.is(503);
    assert_eq!(room.send("GET", "/health", &[], "").await.good(), "ok", "the process runs");
    std::fs::rename(&aside, &file).unwrap();
    room.send("GET", "/ready", &[], "").await.is(200);
}

/// The sum of the samples that begin so.
fn sum(figures: &str, beginning: &str) -> f64 {
    let samples = figures.lines().filter(|line| line.starts_with(beginning));
    samples.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_have_a_listener_of_their_own_and_name_nobody() {
    let address = "127.0.0.1:0".parse().unwrap();
    let room = Room::open_with(ServerOptions { metrics_listen: Some(address), ..ServerOptions::new(address) }).await;
    let ann = room.person("ann-in-no-label", Role::Editor).await;
    let metrics = reqwest::Url::parse(room.running.metrics_url.as_ref().unwrap()).unwrap();
    let figures = async || reqwest::get(metrics.clone()).await.unwrap().text().await.unwrap();
    room.send("GET", "/metrics", &[], "").await.is(404);
    room.get("info", &ann).await.good();
    let before = figures().await;
    let gets = "strongroom_http_requests_total{method=\"GET\",status=\"2xx\"}";
    let path = format!("secrets/{}", room.secret(&ann, "name-in-no-label", false).await);
    for _ in 0..5 {
        room.get(&path, &ann).await.good();
    }
    room.get("secrets?name=query-in-no-label", &ann).await.good();
    room.get("path-in-no-label", &ann).await.is(404);
    room.send("METHOD-IN-NO-LABEL", "info", &[("x-request-id", "id-in-no-label")], "").await.is(405);
    room.post("secrets", &ann, json!({"name": "name-in-no-label"})).await.is(409);
    let after = figures().await;
    assert!(sum(&after, gets) >= sum(&before, gets) + 6.0, "{after}");
    for sample in [
        "strongroom_http_requests_total{method=\"POST\",status=\"409\"}",
        "strongroom_http_requests_total{method=\"GET\",status=\"404\"}",
        "strongroom_http_requests_total{method=\"other\",status=\"4xx\"}",
        "strongroom_http_request_seconds_count{method=\"GET\"}",
    ] {
        assert!(sum(&after, sample) >= 1.0, "{sample}: {after}");
    }
    let lower = after.to_lowercase();
    assert!(!lower.contains("no-label") && !after.contains("value of") && !after.contains(&path[8..]), "{after}");
}
