//! The first administrator, for who has the one-time code that the server showed when it started.

use super::null;
use crate::app::TheApp;
use crate::refusal::{Answer, Refusal};
use crate::request::{Json, Origin, check_length};
use axum::extract::State;
use axum::response::Response;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// Who becomes the administrator.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Claim {
    /// The code.
    #[schema(value_type = String)]
    code: SecretString,
    /// What the account is called.
    #[schema(max_length = 255)]
    username: String,
    /// Its password.
    #[schema(value_type = String, min_length = 8)]
    password: SecretString,
}

/// Makes the first administrator.
#[utoipa::path(
    post, path = "/claim", request_body = Claim,
    responses((status = 200), (status = 400), (status = 401), (status = 409), (status = 422), (status = 429))
)]
pub(crate) async fn claim(State(app): TheApp, Origin(origin): Origin, Json(claim): Json<Claim>) -> Answer<Response> {
    let Claim { code, username, password } = claim;
    check_length(&username)?;
    app.engine.claim(&code, &username, password, origin).await.map_err(Refusal::sign_in)?;
    Ok(null())
}
