//! The routes, one file for each kind of thing.

pub(crate) mod about;
pub(crate) mod accounts;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod claim;
pub(crate) mod devices;
pub(crate) mod places;
pub(crate) mod roles;
pub(crate) mod secrets;
pub(crate) mod service_accounts;
pub(crate) mod sign_in;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::Serialize;

/// An answer in JSON.
fn json(answer: &impl Serialize) -> Response {
    in_json(text(answer).into())
}

fn text(answer: &impl Serialize) -> Vec<u8> {
    let mut text = Vec::with_capacity(1024);
    serde_json::to_writer(&mut text, answer).expect("answers are written to memory");
    text
}

fn in_json(text: Body) -> Response {
    let mut response = Response::new(text);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The answer of what has nothing to say: clients of ZenML read JSON from every success.
fn null() -> Response {
    json(&())
}
