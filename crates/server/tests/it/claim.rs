//! The first administrator.

use crate::room::{PASSWORD, Room};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

fn claim(code: &str, username: &str) -> Value {
    json!({"code": code, "username": username, "password": PASSWORD})
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_58_nobody_claims_a_server_without_the_code() {
    let room = Room::open().await;
    let code = room.engine.first_administrator().await.unwrap().unwrap();
    let code = code.expose_secret();
    room.post("claim", "", json!({"username": "eve", "password": PASSWORD})).await.is(422);
    room.post("claim", "", claim("", "eve")).await.is(401);
    for (code, body) in [("AAAA-BBBB-CCCC-DDDD", 401), (&code[1..], 401), (&code.to_lowercase(), 401)] {
        let reply = room.post("claim", "", claim(code, "eve")).await;
        assert_eq!(reply.is(body).detail().1, "Authentication error: the code is wrong or was used");
    }
    // a short password does not use the code up
    room.post("claim", "", json!({"code": code, "username": "ann", "password": "short"})).await.is(400);
    assert_eq!(room.post("claim", "", claim(code, "ann")).await.is(200).text, "null");
    let token = room.login("ann", PASSWORD).await.good()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(room.get("current-user", &token).await.good()["body"]["is_admin"], true);
    room.post("claim", "", claim(code, "eve")).await.is(401);
    room.login("eve", PASSWORD).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_cannot_be_guessed() {
    let room = Room::open().await;
    let code = room.engine.first_administrator().await.unwrap().unwrap();
    for _ in 0..10 {
        room.post("claim", "", claim("AAAA-AAAA-AAAA-AAAA", "eve")).await.is(401);
    }
    let reply = room.post("claim", "", claim(code.expose_secret(), "eve")).await;
    assert_eq!(reply.is(429).header("retry-after"), "60");
}
