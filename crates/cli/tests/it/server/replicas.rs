//! Two servers on one database: what one has answered is what the other answers from then on.

use super::{Client, Server, path, runtime, values};
use crate::room::Room;
use reqwest::Method;
use serde_json::{Value, json};
use strongroom_testkit::databases;

const ANN: (&str, &str) = ("ann", "password-of-ann-4711");

#[test]
fn two_replicas_are_one_store() {
    for database in databases() {
        let room = Room::new();
        let here = Server::start(&room, &database.url());
        let there = Server::start(&room, &database.url());
        runtime().block_on(async {
            let admin = here.admin().await;
            let other = admin.at(&there);
            nothing_is_stale(&admin, &other).await;
            no_update_is_lost(&admin, &other).await;
            what_is_asked_of_two_is_made_once(&admin, &other).await;
            who_signed_out_is_nobody_everywhere(&admin, &here, &there).await;
            what_is_revoked_is_revoked_everywhere(&here, &there, &admin, &other).await;
            failures_are_counted(&there).await;
            // one trail, whoever writes it
            assert_eq!(admin.verified().await["records"], other.verified().await["records"]);
        });
    }
}

/// Written through one and read through the other at once, in both directions, values and rights.
async fn nothing_is_stale(admin: &Client, other: &Client) {
    let made = admin.create("turns", json!({ "n": "0" })).await;
    let secret = path(&made);
    for n in 1..=20 {
        let (writer, reader) = if n % 2 == 0 { (admin, other) } else { (other, admin) };
        // what both remember is out of date from the next line on
        for client in [writer, reader, reader] {
            assert_eq!(values(&client.get(&secret).await)["n"], json!((n - 1).to_string()));
        }
        let change = json!({ "values": { "n": n.to_string() } });
        writer.done(Method::PUT, &secret, Some(&change)).await;
        let read = reader.get(&secret).await;
        assert_eq!((&values(&read)["n"], &read["body"]["revision"]), (&json!(n.to_string()), &json!(n + 1)));
    }
    admin.done(Method::DELETE, &secret, None).await;
    assert_eq!(other.ask(Method::GET, &secret, None).await.0, 404);
    let again = other.create("turns", json!({ "n": "x" })).await;
    assert_eq!(admin.get(&path(&again)).await, again);
}

async fn no_update_is_lost(admin: &Client, other: &Client) {
    const EACH: u64 = 15;
    let made = admin.create("counter", json!({ "n": "0" })).await;
    let counting: Vec<_> = [admin, other, admin, other]
        .map(|client| {
            let (client, secret) = (client.clone(), path(&made));
            tokio::spawn(async move {
                for _ in 0..EACH {
                    loop {
                        let read = client.get(&secret).await;
                        let n: u64 = values(&read)["n"].as_str().unwrap().parse().unwrap();
                        let change = json!({ "values": { "n": (n + 1).to_string() } });
                        let for_this = format!("{secret}?if_version={}", read["body"]["revision"]);
                        match client.ask(Method::PUT, &for_this, Some(&change)).await {
                            (200, _) => break,
                            (status, answer) => assert_eq!(status, 409, "{answer}"),
                        }
                    }
                }
            })
        })
        .into_iter()
        .collect();
    for task in counting {
        task.await.unwrap();
    }
    for client in [admin, other] {
        let read = client.get(&path(&made)).await;
        assert_eq!(
            (&values(&read)["n"], &read["body"]["revision"]),
            (&json!((4 * EACH).to_string()), &json!(4 * EACH + 1))
        );
    }
}

/// One request that arrives at both at once.
async fn what_is_asked_of_two_is_made_once(admin: &Client, other: &Client) {
    let ask = async |client: &Client, path: &str, body: &Value| {
        let request = client.http.post(format!("{}{path}", client.base)).bearer_auth(&client.token);
        let request = request.header("content-type", "application/json").header("idempotency-key", "one");
        let answer = request.body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap())
    };
    let both = async |path: &str, body: Value| {
        let (one, two) = futures::join!(ask(admin, path, &body), ask(other, path, &body));
        if one.0 <= two.0 { (one, two) } else { (two, one) }
    };
    for path in ["/users", "/projects"] {
        let (one, two) = both(path, json!({ "name": "once" })).await;
        assert_eq!((one.0, &one), (200, &two), "{path}");
    }
    let robot = admin.done(Method::POST, "/service_accounts", Some(&json!({ "name": "shown once" }))).await;
    let keys = format!("/service_accounts/{}/api_keys", robot["id"].as_str().unwrap());
    let (made, refused) = both(&keys, json!({ "name": "ci" })).await;
    assert_eq!((made.0, refused.0), (200, 409), "{refused:?}");
    assert_eq!(admin.get(&keys).await["total"], 1);
}

/// A token that was ended at one is good at none, whatever they remember.
async fn who_signed_out_is_nobody_everywhere(admin: &Client, here: &Server, there: &Server) {
    let secret = path(&admin.create("read", json!({ "k": "v" })).await);
    for (ender, other) in [(here, there), (there, here)] {
        let one = ender.admin().await;
        let places = [one.at(ender), one.at(other)];
        for place in [&places[1], &places[1], &places[0]] {
            place.get(&secret).await;
        }
        places[0].done(Method::POST, "/logout", None).await;
        for place in &places {
            for path in ["/current-user", &secret] {
                assert_eq!(place.ask(Method::GET, path, None).await.0, 401, "{path}");
            }
        }
    }
    admin.get(&secret).await;
}

async fn what_is_revoked_is_revoked_everywhere(here: &Server, there: &Server, admin: &Client, other: &Client) {
    let user = json!({ "name": ANN.0, "password": ANN.1, "active": true, "is_admin": false });
    let user = admin.done(Method::POST, "/users", Some(&user)).await;
    let secret = path(&admin.create("hers", json!({ "k": "v" })).await);
    let ann = here.sign_in(ANN.0, ANN.1).await;
    let places = [ann.at(here), ann.at(there)];
    let seen = async |expected: u16| {
        for place in &places {
            for path in ["/current-user", &secret] {
                assert_eq!(place.ask(Method::GET, path, None).await.0, expected, "{path}");
            }
        }
    };
    seen(200).await;
    let account = format!("/users/{}", user["id"].as_str().unwrap());
    for is_active in [false, true] {
        let change = json!({ "active": is_active });
        other.done(Method::PUT, &account, Some(&change)).await;
        seen(if is_active { 200 } else { 401 }).await;
    }
    admin.done(Method::PUT, &account, Some(&json!({ "password": "another-password" }))).await;
    seen(401).await;
    assert_eq!(Client::nobody(&there.url).log_in(ANN.0, ANN.1).await.0, 401);

    // an API key, made here, used there, rotated here
    let robot = json!({ "name": "robot", "active": true });
    let robot = admin.done(Method::POST, "/service_accounts", Some(&robot)).await;
    let keys = format!("/service_accounts/{}/api_keys", robot["id"].as_str().unwrap());
    let key = admin.done(Method::POST, &keys, Some(&json!({ "name": "ci" }))).await;
    let token = by_key(there, &key).await.unwrap();
    let places = [here, there].map(|server| Client { token: token.clone(), ..Client::nobody(&server.url) });
    for place in &places {
        assert_eq!(place.ask(Method::GET, &secret, None).await.0, 200);
    }
    let rotated = admin.done(Method::PUT, &format!("{keys}/ci/rotate"), Some(&json!({}))).await;
    for place in &places {
        assert_eq!(place.ask(Method::GET, &secret, None).await.0, 401);
    }
    assert!(by_key(there, &key).await.is_none());
    assert!(by_key(there, &rotated).await.is_some());
}

async fn by_key(server: &Server, key: &Value) -> Option<String> {
    let key = key["body"]["key"].as_str().unwrap();
    let form = reqwest::Url::parse_with_params("x:/", [("grant_type", "zenml-api-key"), ("password", key)]).unwrap();
    let nobody = Client::nobody(&server.url);
    let request = nobody.http.post(format!("{}/login", nobody.base)).body(form.query().unwrap().to_owned());
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    answer["access_token"].as_str().map(str::to_owned)
}

/// Each replica counts what it sees itself.
async fn failures_are_counted(server: &Server) {
    let nobody = Client::nobody(&server.url);
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(nobody.log_in("eve", "wrong-password").await.0);
    }
    assert_eq!(statuses, [[401; 10].as_slice(), &[429; 2]].concat());
}
