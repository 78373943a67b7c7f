//! What a failure looks like on the wire: the shapes of ZenML's server, which its clients read.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use strongroom_core::{Error, Kind};

/// A request that was refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
    retry_after: Option<u64>,
}

pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// A status, with the name and message of an exception of ZenML.
    pub(crate) fn new(status: StatusCode, name: &str, message: impl Into<String>) -> Self {
        Self { status, body: json!({ "detail": [name, message.into()] }), retry_after: None }
    }

    /// A request that cannot be understood: 422, and a bare list. `message` must not quote what was sent.
    pub(crate) fn not_understood(message: impl Into<String>) -> Self {
        let body = json!(["ValueError", message.into()]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body, retry_after: None }
    }

    /// What the framework of ZenML's server says by itself.
    pub(crate) fn plain(status: StatusCode, detail: &str) -> Self {
        Self { status, body: json!({ "detail": detail }), retry_after: None }
    }

    /// What OAuth 2 says of a device.
    pub(crate) fn device(error: &str, description: &str) -> Self {
        let body = json!({ "error": error, "error_description": description, "error_uri": null });
        Self { status: StatusCode::BAD_REQUEST, body, retry_after: None }
    }

    /// A sign-in, or the approval of one, that failed.
    pub(crate) fn sign_in(error: Error) -> Self {
        match error.kind() {
            Kind::Unauthenticated => error.within("Authentication error").into(),
            _ => error.into(),
        }
    }
}

/// The message of an error with its causes.
fn said(error: &Error) -> String {
    let causes = error.causes();
    if causes.is_empty() { error.to_string() } else { format!("{error}: {}", causes.join(": ")) }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (status, name) = match error.kind() {
            Kind::NotFound => (StatusCode::NOT_FOUND, "KeyError"),
            Kind::AlreadyExists => (StatusCode::CONFLICT, "EntityExistsError"),
            Kind::Conflict => (StatusCode::CONFLICT, "RevisionConflictError"),
            Kind::Invalid => (StatusCode::BAD_REQUEST, "ValueError"),
            Kind::Unsupported => (StatusCode::NOT_IMPLEMENTED, "NotImplementedError"),
            Kind::Unauthenticated => (StatusCode::UNAUTHORIZED, "CredentialsNotValid"),
            Kind::Forbidden => (StatusCode::FORBIDDEN, "IllegalOperationError"),
            Kind::Unavailable if error.wait().is_some() => (StatusCode::TOO_MANY_REQUESTS, "RateLimitError"),
            Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "RuntimeError"),
            Kind::Corrupt | Kind::Failed => (StatusCode::INTERNAL_SERVER_ERROR, "RuntimeError"),
        };
        if status.is_server_error() {
            tracing::error!(kind = %error.kind(), causes = ?error.causes(), "{error}");
        }
        let message = match status {
            // how the inside is built is for the log, not for callers
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::INTERNAL_SERVER_ERROR => error.to_string(),
            _ => said(&error),
        };
        let busy = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        let retry_after = error.wait().map(|wait| wait.as_secs()).or(busy);
        Self { retry_after, ..Self::new(status, name, message) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.status == StatusCode::UNAUTHORIZED {
            // without it stock clients never sign in
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn sign_in(error: Error) -> (u16, String, Option<u64>) {
        let Refusal { status, body, retry_after } = Refusal::sign_in(error);
        (status.as_u16(), body.to_string(), retry_after)
    }

    #[test]
    fn who_asked_too_often_waits_and_a_database_that_is_gone_is_no_fault_of_theirs() {
        let often = Error::too_often("too many failed sign-ins", Duration::from_secs(60));
        let body = r#"{"detail":["RateLimitError","too many failed sign-ins"]}"#;
        assert_eq!(sign_in(often), (429, body.to_owned(), Some(60)));
        let gone = Error::new(Kind::Unavailable, "there is no safe connection to the database");
        let gone =
            gone.with_hint("`sslrootcert` names the certificate of its authority").with_source("10.0.0.1 refused");
        let body = r#"{"detail":["RuntimeError","there is no safe connection to the database"]}"#;
        assert_eq!(sign_in(gone), (503, body.to_owned(), Some(1)));
    }
}
