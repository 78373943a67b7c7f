//! Layers put before all routes, as fault switches are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use strongroom_keyvault::{Options, start_with};

use crate::client::{API, Answer, Room};

#[tokio::test]
async fn a_layer_sees_every_request_to_vaults_and_authority() {
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = seen.clone();
    let vaults = vec!["one".parse().unwrap(), "two".parse().unwrap()];
    let running = start_with(Options { vaults, ..Options::default() }, move |router| {
        let seen = counter.clone();
        router.layer(from_fn(move |request: Request, next: Next| {
            let seen = seen.clone();
            async move { fault(&seen, request, next).await }
        }))
    });
    let room = Room::of(running.await.unwrap());
    room.put("s", "v").await;
    assert_eq!(room.call("GET", "/secrets/throttled").await.status, 429, "the layer answers in the vault's place");
    let two = format!("{}/secrets?{API}", room.running.vaults()[1].url);
    Answer::of(room.http.get(two).bearer_auth(&room.token)).await.ok();
    let keys = format!("{}/{}/discovery/v2.0/keys", room.running.authority(), room.running.tenant_id());
    Answer::of(room.http.get(keys)).await.ok();
    Answer::of(room.http.get(format!("{}/nowhere", room.url()))).await;
    assert_eq!(seen.load(Ordering::Relaxed), 5);
}

async fn fault(seen: &AtomicUsize, request: Request, next: Next) -> Response {
    seen.fetch_add(1, Ordering::Relaxed);
    if request.uri().path().ends_with("/throttled") {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    next.run(request).await
}
