//! What a request says: who calls, in which dialect, with which parameters and body.

mod body;
mod caller;
mod parameters;
mod rest;

pub(crate) use body::{Form, Json};
pub(crate) use caller::{Bearer, IDEMPOTENCY_KEY, Origin, RequestId, Signed, origin, sign};
pub(crate) use parameters::{Parameters, page};
pub(crate) use rest::Rest;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use std::convert::Infallible;
use strongroom_core::Error;
use uuid::Uuid;

use crate::refusal::{Answer, Refusal};

/// Which version of ZenML's API the caller speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// 0.98, and everything that is no ZenML client.
    V98,
    /// 0.44: its requests name their source and, unlike those of 0.98, not ZenML.
    V44,
}

impl Dialect {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let is_old = agent.starts_with("python-requests/") && headers.contains_key("source-context");
        if is_old { Self::V44 } else { Self::V98 }
    }
}

impl<S: Sync> FromRequestParts<S> for Dialect {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// An id in a path.
pub(crate) fn id(text: &str) -> Answer<Uuid> {
    Uuid::parse_str(text).map_err(|_| Refusal::not_understood("the id in the path is no UUID"))
}

/// Refuses a name that no column holds.
pub(crate) fn check_length(name: &str) -> Answer<()> {
    match name.chars().count() <= 255 {
        true => Ok(()),
        false => Err(Refusal::not_understood("the name has more than 255 characters")),
    }
}

/// What is wrong with a request's own words is 422; what is wrong with what it asks for is another status.
pub(crate) fn unclear(error: Error) -> Refusal {
    Refusal::not_understood(error.to_string())
}
