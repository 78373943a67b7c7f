//! A thousand clients that want the same few secrets at once, of a vault that throttles.

use super::house::new;
use super::server::Server;
use crate::vault::Faulty;
use std::sync::Arc;
use std::time::{Duration, Instant};
use strongroom_core::central::Secrets;
use strongroom_testkit::{Fault, Operation};

const CLIENTS: usize = 1000;
const SECRETS: usize = 5;

#[test]
fn as_many_calls_as_secrets_however_many_want_them() {
    let vault = Faulty::start();
    let room = vault.server_room();
    let (server, key) = vault.runtime.block_on(Server::found(&room));
    let client = server.client(&key);
    let made: Vec<_> = (0..SECRETS)
        .map(|n| vault.runtime.block_on(client.create(new(&format!("s{n}"), &[("k", "v")]))).unwrap())
        .collect();
    server.kill();
    // a server that remembers nothing, and a vault that takes this many calls and no more for a while
    let server = Server::start(&room, &[]);
    let client = server.client(&key);
    vault.runtime.block_on(client.find("s0", None, strongroom_core::central::Lookup::Exact)).unwrap();
    vault.faults().clear();
    vault.faults().add_any(SECRETS, usize::MAX, Fault::Status(429, Some("30")));
    let begun = Instant::now();
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let (client, wanted) = (Arc::clone(&client), made[n % SECRETS].clone());
            vault.runtime.spawn(async move { (client.get(wanted.id, None).await, wanted) })
        })
        .collect();
    for task in tasks {
        let (found, wanted) = vault.runtime.block_on(task).unwrap();
        assert_eq!(found.unwrap().values, wanted.values);
    }
    let took = begun.elapsed();
    // what is promised is a second, of a build for use; this one is not optimised, and neither is the clients' half
    let promised = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
    assert!(took < promised, "{took:?}");
    assert_eq!((vault.faults().count(Operation::Get), vault.faults().calls()), (SECRETS, SECRETS));
}
