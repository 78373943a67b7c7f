//! Reading of JSON bodies that may hold values.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;

/// The JSON body of a request. The content type is not looked at, as the service does not, and a failure says where,
/// never what.
pub(crate) struct Payload<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Payload<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Refusal::unreadable_body(rejection.into_response().status()))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| Refusal::malformed_body(&error))
    }
}
