//! Error answers of the authority, in Entra ID's shape (recorded and reported texts).

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use time::format_description::BorrowedFormatItem;
use time::{OffsetDateTime, macros::format_description};
use uuid::Uuid;

use crate::wire;

/// A request the authority refuses.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    error: &'static str,
    number: u32,
    text: Cow<'static, str>,
}

/// How the authority writes a time.
pub(super) const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");

impl Fault {
    fn new(status: StatusCode, error: &'static str, number: u32, text: impl Into<Cow<'static, str>>) -> Self {
        Self { status, error, number, text: text.into() }
    }

    /// `error` differs by place: discovery says `invalid_tenant`, the token endpoint `invalid_request`.
    pub(super) fn unknown_tenant(error: &'static str, tenant: &str) -> Self {
        let text = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the \
             correct cloud. Check with your subscription administrator, this may happen if there are no active \
             subscriptions for the tenant."
        );
        Self::new(StatusCode::BAD_REQUEST, error, 90002, text)
    }

    pub(super) fn unknown_client(client: &str, tenant: Uuid) -> Self {
        let text = format!(
            "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the \
             application has not been installed by the administrator of the tenant or consented to by any user in the \
             tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::new(StatusCode::BAD_REQUEST, "unauthorized_client", 700_016, text)
    }

    pub(super) fn wrong_secret(client: Uuid) -> Self {
        let text = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
             not the client secret ID, for a secret added to app '{client}'."
        );
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215, text)
    }

    pub(super) fn no_credential() -> Self {
        let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", 7_000_218, text)
    }

    pub(super) fn missing(parameter: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{parameter}'.");
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", 900_144, text)
    }

    pub(super) fn unreadable() -> Self {
        let text = "The request body is not a form the endpoint can read.";
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", 900_144, text)
    }

    pub(super) fn unsupported_grant(grant: &str) -> Self {
        let text = format!("The app requested an unsupported grant type '{grant}'.");
        Self::new(StatusCode::BAD_REQUEST, "unsupported_grant_type", 70_003, text)
    }

    pub(super) fn unknown_resource(resource: &str, tenant: Uuid) -> Self {
        let text = format!(
            "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if \
             the application has not been installed by the administrator of the tenant or consented to by any user in \
             the tenant. You might have sent your authentication request to the wrong tenant."
        );
        Self::new(StatusCode::BAD_REQUEST, "invalid_resource", 500_011, text)
    }

    pub(super) fn invalid_scope(scope: &str) -> Self {
        let text = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with \
             /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new(StatusCode::BAD_REQUEST, "invalid_scope", 1_002_012, text)
    }

    pub(super) fn assertion_expired(from: &str, until: &str) -> Self {
        let text = format!(
            "Client assertion is not within its valid time range. Current time: {}, assertion valid from {from}, \
             expiry time of assertion {until}.",
            now()
        );
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", 700_024, text)
    }

    pub(super) fn assertion_unsigned() -> Self {
        let text = "Client assertion contains an invalid signature. [Reason - The key was not found.]";
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", 700_027, text)
    }

    /// `part` is `issuer`, `subject` or `audience`, with Entra ID's number for it.
    pub(super) fn assertion_mismatch(number: u32, part: &str, found: &str) -> Self {
        let text = format!("No matching federated identity record found for presented assertion {part} '{found}'.");
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", number, text)
    }
}

fn now() -> String {
    OffsetDateTime::now_utc().format(TIMESTAMP).expect("the format names only parts that every time has")
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let Self { status, error, number, text } = self;
        let (trace, correlation, timestamp) = (Uuid::new_v4(), Uuid::new_v4(), now());
        wire::json(
            status,
            &json!({
                "error": error,
                "error_description": format!(
                    "AADSTS{number}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"
                ),
                "error_codes": [number],
                "timestamp": timestamp,
                "trace_id": trace.to_string(),
                "correlation_id": correlation.to_string(),
                "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
            }),
        )
    }
}
