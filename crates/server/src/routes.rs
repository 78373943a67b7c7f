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
use zeroize::Zeroizing;

/// An answer in JSON.
fn json(answer: &impl Serialize) -> Response {
    let mut text = Vec::with_capacity(1024);
    serde_json::to_writer(&mut text, answer).expect("answers are written to memory");
    in_json(text.into())
}

/// The text of an answer, to be wiped: it never moves while it is written, which would leave a copy behind.
fn wiped(answer: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, answer).expect("answers can be counted");
    let mut text = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *text, answer).expect("answers are written to memory");
    text
}

/// Counts what is written.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0 += text.len();
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
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
