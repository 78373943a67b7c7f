//! What the client does when the server is busy, gone, or refuses.

use crate::script::{Answer, Script};
use std::time::{Duration, Instant};
use strongroom_api::{Client, ClientOptions, SignIn};
use strongroom_core::central::{Accounts, Lookup, NewSecret, Secrets};
use strongroom_core::query::Query;
use strongroom_core::{Error, Kind, Value, Values};
use uuid::Uuid;

const ID: &str = "00000000-0000-4000-8000-000000000001";
const OTHER: &str = "00000000-0000-4000-8000-000000000002";

fn says(status: u16, body: impl Into<String>) -> Answer {
    Answer::Says(status, "", body.into())
}

fn token(text: &str) -> Answer {
    says(200, format!(r#"{{"access_token":"{text}","token_type":"bearer"}}"#))
}

fn secret(id: &str, name: &str, private: bool) -> String {
    format!(
        r#"{{"id":"{id}","name":"{name}","body":{{"created":"2026-01-02T03:04:05","updated":"2026-01-02T03:04:05",
        "private":{private},"values":{{"a":"1"}}}},"metadata":{{}},"resources":{{}}}}"#
    )
}

fn page(items: &[String]) -> Answer {
    let (total, items) = (items.len(), items.join(","));
    says(200, format!(r#"{{"index":1,"max_size":20,"total_pages":1,"total":{total},"items":[{items}]}}"#))
}

fn client(script: &Script) -> Client {
    Client::new(&ClientOptions::new(script.url.clone()), SignIn::ApiKey("canary-key".into())).unwrap()
}

fn new() -> NewSecret {
    NewSecret::new("db".parse().unwrap(), Values::from_iter([("a".to_owned(), Value::text("canary-value"))]))
}

fn shows_nothing(error: &Error) {
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn a_busy_server_is_asked_again_with_the_same_key() {
    let busy = Answer::Says(503, "retry-after: 1\r\n", "busy".into());
    let script = Script::start(vec![token("t"), busy, says(200, secret(ID, "db", false))]).await;
    let begin = Instant::now();
    let made = client(&script).create(new()).await.unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(1), "Retry-After was not honoured");
    assert_eq!(made.id.to_string(), ID);
    let asked = script.asked();
    assert_eq!(asked[0].body, "grant_type=zenml-api-key&password=canary-key");
    assert_eq!(asked[1].line, "POST /api/v1/secrets HTTP/1.1");
    assert_eq!(asked[1].header("authorization"), Some("Bearer t"));
    assert_eq!(asked[1].body, r#"{"name":"db","private":false,"values":{"a":"canary-value"}}"#);
    assert_eq!(asked[1].header("idempotency-key"), asked[2].header("idempotency-key"));
    assert_eq!(asked[1].body, asked[2].body);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let refused = || says(401, r#"{"detail":["CredentialsNotValid","canary"]}"#);
    let answers = vec![token("old"), refused(), token("new"), says(200, secret(ID, "db", false))];
    let script = Script::start(answers).await;
    client(&script).get(Uuid::parse_str(ID).unwrap(), None).await.unwrap();
    assert_eq!(script.asked()[3].header("authorization"), Some("Bearer new"));

    let script = Script::start(vec![token("old"), refused(), token("new"), refused()]).await;
    let error = client(&script).get(Uuid::parse_str(ID).unwrap(), None).await.unwrap_err();
    assert_eq!((error.kind(), script.asked().len()), (Kind::Unauthenticated, 4));
    shows_nothing(&error);
}

#[tokio::test]
async fn refused_credentials_are_not_tried_again() {
    let script = Script::start(vec![says(401, r#"{"detail":"canary"}"#)]).await;
    let error = client(&script).create(new()).await.unwrap_err();
    assert_eq!((error.kind(), script.asked().len()), (Kind::Unauthenticated, 1));
    shows_nothing(&error);
}

#[tokio::test]
async fn a_delete_whose_answer_was_lost_is_done() {
    let gone = || says(404, r#"{"detail":["KeyError","gone"]}"#);
    let script = Script::start(vec![token("t"), Answer::HangsUp, gone()]).await;
    client(&script).delete(Uuid::parse_str(ID).unwrap()).await.unwrap();

    let script = Script::start(vec![token("t"), gone()]).await;
    let error = client(&script).delete(Uuid::parse_str(ID).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
}

#[tokio::test]
async fn a_server_that_stays_busy_is_given_up_at_the_deadline() {
    let busy = || Answer::Says(429, "retry-after: 60\r\n", "canary".into());
    let script = Script::start(vec![token("t"), busy()]).await;
    let error = client(&script).create(new()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    shows_nothing(&error);
}

#[tokio::test]
async fn a_server_that_failed_is_not_asked_again_and_names_the_line_in_its_log() {
    let failed = |header| Answer::Says(500, header, r#"{"detail":["RuntimeError","canary"]}"#.into());
    for (header, said) in [
        ("x-request-id: 0f-11\r\n", "the server failed (500 RuntimeError, request 0f-11)"),
        ("x-request-id: canary <b>\r\n", "the server failed (500 RuntimeError)"),
    ] {
        let script = Script::start(vec![token("t"), failed(header)]).await;
        let error = client(&script).create(new()).await.unwrap_err();
        assert_eq!((error.kind(), &*error.to_string(), script.asked().len()), (Kind::Failed, said, 2));
        shows_nothing(&error);
    }
}

#[tokio::test]
async fn a_key_whose_answer_was_lost_is_told_of() {
    let refused = || says(409, r#"{"detail":["EntityExistsError","canary"]}"#);
    let account = Uuid::parse_str(ID).unwrap();
    let script = Script::start(vec![token("t"), Answer::HangsUp, refused(), Answer::HangsUp, refused()]).await;
    let client = client(&script);
    let error = client.create_api_key(account, "ci", "").await.unwrap_err();
    assert_eq!((error.kind(), &*error.to_string()), (Kind::AlreadyExists, "API key `ci` already exists"));
    assert_eq!(error.hint(), Some("`rotate` replaces it, and shows the new one"));
    shows_nothing(&error);
    let error = client.rotate_api_key(account, "ci", 60).await.unwrap_err();
    let said = "API key `ci` was rotated, and the answer that showed it was lost";
    assert_eq!((error.kind(), &*error.to_string()), (Kind::Conflict, said));
    let asked = script.asked();
    assert_eq!(asked[3].header("idempotency-key"), asked[4].header("idempotency-key"));
}

#[tokio::test]
async fn signing_out_ends_the_token_that_is_held_once() {
    let script = Script::start(vec![token("t"), page(&[]), says(200, "null")]).await;
    let client = client(&script);
    client.sign_out().await.unwrap();
    client.list(&Query::default()).await.unwrap();
    for _ in 0..2 {
        client.sign_out().await.unwrap();
    }
    let asked = script.asked();
    assert_eq!((asked.len(), &*asked[2].line), (3, "GET /api/v1/logout HTTP/1.1"));
    assert_eq!(asked[2].header("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn answers_and_refusals_show_nothing() {
    for answer in [says(422, r#"["ValueError","canary-value"]"#), says(200, r#"{"id":"canary-value"}"#)] {
        let script = Script::start(vec![token("t"), answer]).await;
        shows_nothing(&client(&script).create(new()).await.unwrap_err());
    }
}

#[tokio::test]
async fn exact_names_come_before_parts_and_public_before_private() {
    let both = [secret(ID, "db", true), secret(OTHER, "db", false), secret(ID, "DB", false)];
    let script = Script::start(vec![token("t"), page(&both)]).await;
    let found = client(&script).find("db", None, Lookup::Partial).await.unwrap();
    assert_eq!(found.id.to_string(), OTHER);
    assert!(found.values.is_none());
    assert!(script.asked()[1].line.contains("name=equals%3Adb"), "{}", script.asked()[1].line);

    // `db` is no hexadecimal beginning of an id but for its letters; both are asked, then parts of names
    let parts = [secret(ID, "prod-db", false), secret(OTHER, "db-test", true)];
    let script = Script::start(vec![token("t"), page(&[]), page(&[]), page(&parts)]).await;
    let error = client(&script).find("db", None, Lookup::Partial).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.to_string().contains("`prod-db`"), "{error}");

    let script = Script::start(vec![token("t"), page(&[]), page(&[])]).await;
    let error = client(&script).find("db", None, Lookup::Exact).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotFound);
}

#[tokio::test]
async fn an_address_with_a_password_in_it_is_never_shown() {
    let options = ClientOptions::new("http://me:canary@127.0.0.1:9/?token=canary".parse().unwrap());
    let client = Client::new(&options, SignIn::ApiKey("k".into())).unwrap();
    assert_eq!(client.url().as_str(), "http://127.0.0.1:9/");
    assert!(!format!("{client:?}").contains("canary"));
}
