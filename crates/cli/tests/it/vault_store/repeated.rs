//! A change that a kill interrupted, and that is asked for again: it was finished, and is not made twice.

use super::house::new;
use super::server::Server;
use crate::vault::Faulty;
use serde_json::json;
use std::sync::Arc;
use strongroom_core::central::Secrets;
use strongroom_testkit::Fault;

#[test]
fn a_change_that_was_finished_after_a_kill_is_known_when_it_is_asked_for_again() {
    let vault = Faulty::start();
    let room = vault.server_room();
    let (server, key) = vault.runtime.block_on(Server::found(&room));
    let made = vault.runtime.block_on(server.client(&key).create(new("a", &[("k", "old")]))).unwrap();
    let path = format!("/secrets/{}?if_version=1", made.id);
    let body = json!({ "values": { "k": "new" }, "schema": "aws" });

    // the vault has the new values, and nobody is told
    vault.faults().clear();
    vault.faults().add_any(0, 1, Fault::HoldAfter);
    let server = Arc::new(server);
    let asked = {
        let (server, key, path, body) = (Arc::clone(&server), key.clone(), path.clone(), body.clone());
        vault.runtime.spawn(async move { server.put(&key, &path, "once", &body).await })
    };
    vault.runtime.block_on(vault.faults().held());
    asked.abort();
    let _ = vault.runtime.block_on(asked);
    Arc::into_inner(server).unwrap().kill();
    vault.faults().clear();

    let server = Server::start(&room, &[]);
    vault.runtime.block_on(async {
        let (status, answer) = server.put(&key, &path, "once", &body).await;
        assert_eq!((status, &answer["body"]["revision"]), (200, &json!(2)), "{answer}");
        assert_eq!(answer["body"]["values"], body["values"]);
        let client = server.client(&key);
        let found = client.get(made.id, None).await.unwrap();
        assert_eq!((found.revision, found.schema.as_deref()), (2, Some("aws")));
        assert_eq!(client.history(made.id).await.unwrap().len(), 2);
        // another request is another change
        let (status, answer) = server.put(&key, &path, "twice", &body).await;
        assert_eq!(status, 409, "{answer}");
    });
}
