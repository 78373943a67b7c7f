//! Those who write much, or badly, never keep others from reading.

use super::{Client, Server, new, path, runtime, values};
use crate::room::Room;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use strongroom_testkit::databases;

const CREATORS: usize = 32;
/// Those of them whose creates are good.
const GOOD_CREATORS: usize = CREATORS / 8;
const READS: usize = 25;

#[test]
fn creates_that_fail_and_creates_that_do_not_never_block_a_reader() {
    for database in databases() {
        let room = Room::new();
        let server = Server::start(&room, &database.url());
        runtime().block_on(async {
            let admin = server.admin().await;
            let made = admin.create("taken", json!({ "k": "v" })).await;
            open_connections(&admin).await;
            let (is_over, made_count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
            let creating: Vec<_> = (0..CREATORS)
                .map(|creator| {
                    let (client, is_over, made_count) = (admin.clone(), Arc::clone(&is_over), Arc::clone(&made_count));
                    tokio::spawn(async move {
                        let mut own = 0;
                        while !is_over.load(Ordering::SeqCst) || own == 0 {
                            let (body, expected) = body(creator, own);
                            let (status, answer) = client.ask(Method::POST, "/secrets", Some(&body)).await;
                            assert!(expected.contains(&status), "{status} {answer}");
                            made_count.fetch_add(usize::from(status == 200), Ordering::SeqCst);
                            own += 1;
                        }
                    })
                })
                .collect();
            let mut made_between = 0;
            for _ in 0..READS {
                let before = made_count.load(Ordering::SeqCst);
                assert_eq!(values(&admin.get(&path(&made)).await), &json!({ "k": "v" }));
                made_between += made_count.load(Ordering::SeqCst) - before;
            }
            is_over.store(true, Ordering::SeqCst);
            for task in creating {
                task.await.unwrap();
            }
            // they went on all the while, and no read had to wait until many rounds of them were through
            assert!(made_between > 0, "nobody wrote");
            assert!(made_between < READS * GOOD_CREATORS * 10, "{made_between} creates for {READS} reads");
            admin.verified().await;
        });
    }
}

/// Has the server open all its connections to the database: without optimisation each takes a while for its password alone.
async fn open_connections(admin: &Client) {
    let all = || (0..2 * CREATORS).map(|_| admin.ask(Method::GET, "/secrets", None));
    while futures::future::join_all(all()).await.iter().any(|(status, _)| *status != 200) {}
}

/// What one creator sends, and what may come of it.
fn body(creator: usize, n: usize) -> (Value, &'static [u16]) {
    match creator % 8 {
        0 => (new(&format!("s-{creator}-{n}"), json!({ "k": "v" })), &[200]),
        1..=3 => (new("taken", json!({ "k": "v" })), &[409]),
        4 | 5 => (new(&"x".repeat(300), json!({ "k": "v" })), &[400, 422]),
        _ => (json!({ "name": format!("s-{creator}-{n}"), "values": "none" }), &[400, 422]),
    }
}
