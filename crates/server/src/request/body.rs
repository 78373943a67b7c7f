//! Bodies: JSON whatever its media type (ZenML 0.44 sends none), and forms. No message quotes what was sent.

use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use zeroize::Zeroize;

/// The largest body.
const LARGEST: usize = 1 << 20;

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bytes = read(request, state).await?;
        let read = serde_json::from_slice(&bytes);
        wipe(bytes);
        read.map(Self).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let message = match error.classify() {
                serde_json::error::Category::Data => "the body does not have the fields or types that are expected",
                _ => "the body is no JSON",
            };
            Refusal::not_understood(format!("{message} (line {line}, column {column})")).into_response()
        })
    }
}

/// The fields of a form.
#[derive(Debug, Default)]
pub(crate) struct Form(HashMap<String, SecretString>);

impl Form {
    /// A field, if it is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&SecretString> {
        use secrecy::ExposeSecret;
        self.0.get(name).filter(|value| !value.expose_secret().is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let bytes = read(request, state).await?;
        let pairs = url::form_urlencoded::parse(&bytes);
        let fields = pairs.map(|(name, value)| (name.into_owned(), SecretString::from(value.into_owned()))).collect();
        wipe(bytes);
        Ok(Self(fields))
    }
}

async fn read<S: Send + Sync>(mut request: Request, state: &S) -> Result<Bytes, Response> {
    DefaultBodyLimit::max(LARGEST).apply(&mut request);
    Bytes::from_request(request, state).await.map_err(|refusal| match refusal.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB").into_response()
        }
        _ => Refusal::plain(StatusCode::BAD_REQUEST, "the body did not arrive whole").into_response(),
    })
}

/// Leaves nothing of a body behind, where nobody else holds it.
fn wipe(bytes: Bytes) {
    if let Ok(mut bytes) = bytes.try_into_mut() {
        bytes.zeroize();
    }
}
