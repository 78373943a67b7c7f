//! Signing in, as OAuth 2 and ZenML's forms have it.

use super::{json, null};
use crate::app::TheApp;
use crate::refusal::{Answer, Refusal};
use crate::request::{Bearer, Form, Parameters, RequestId, Signed, origin};
use axum::extract::{Extension, Request, State};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use strongroom_api::v98::{LoginForm, TokenBody};
use strongroom_engine::{AccessToken, DeviceAnswer, SignIn};
use uuid::Uuid;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A token, for a password, an API key or an approved device.
#[utoipa::path(
    post, path = "/login",
    request_body(content = LoginForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenBody), (status = 400), (status = 401), (status = 429))
)]
pub(crate) async fn login(State(app): TheApp, request: Request) -> Answer<Response> {
    let (mut parts, body) = request.into_parts();
    let _ = Extension::<RequestId>::from_request_parts(&mut parts, &app).await;
    let origin = origin(&app, &parts.headers, &parts.extensions);
    let form = match Form::from_request(Request::from_parts(parts, body), &app).await {
        Ok(form) => form,
        Err(refused) => return Ok(refused),
    };
    let (name, password) = (form.get("username"), form.get("password"));
    let with = match (form.get("grant_type").map(ExposeSecret::expose_secret), name, password) {
        (Some(DEVICE), ..) => return device(&app, &form).await,
        (Some("zenml-api-key"), _, Some(key)) | (None, None, Some(key)) => SignIn::ApiKey(key.clone()),
        (Some("password") | None, Some(name), password) => {
            SignIn::Password { name: name.expose_secret().to_owned(), password: password.cloned().unwrap_or_default() }
        }
        (Some("password" | "zenml-api-key") | None, ..) => {
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "ValueError",
                "invalid request: nothing to sign in with",
            ));
        }
        (Some(_), ..) => return Err(Refusal::plain(StatusCode::BAD_REQUEST, "Unsupported grant type")),
    };
    let token = app.engine.sign_in(with, &origin).await.map_err(Refusal::sign_in)?;
    Ok(granted(&token))
}

async fn device(app: &crate::app::App, form: &Form) -> Answer<Response> {
    let client = form.get("client_id").and_then(|id| Uuid::parse_str(id.expose_secret()).ok());
    let (Some(client), Some(code)) = (client, form.get("device_code")) else {
        return Err(Refusal::device("invalid_request", "client_id and device_code are needed"));
    };
    match app.engine.ask_device(client, code).await? {
        DeviceAnswer::Approved(token) => Ok(granted(&token)),
        DeviceAnswer::TooSoon => Err(Refusal::device("slow_down", "ask less often")),
        DeviceAnswer::Denied => Err(Refusal::device("access_denied", "a person refused it")),
        DeviceAnswer::Pending => Err(Refusal::device("authorization_pending", "nobody has approved it yet")),
        DeviceAnswer::Expired => Err(Refusal::device("expired_token", "the code is unknown, used or too old")),
    }
}

fn granted(token: &AccessToken) -> Response {
    json(&TokenBody::new(token.token.expose_secret(), token.expires_in))
}

/// Ends the token that the caller shows, and no other one.
#[utoipa::path(post, path = "/logout", responses((status = 200)), security(("bearer" = [])))]
pub(crate) async fn logout(State(app): TheApp, signed: Signed) -> Answer<Response> {
    app.engine.sign_out(&signed.recognized).await?;
    Ok(null())
}

/// Ends the token that the caller shows, and no other one: ZenML's way.
#[utoipa::path(get, path = "/logout", responses((status = 200)), security(("bearer" = [])))]
pub(crate) async fn logout_by_get(app: TheApp, signed: Signed) -> Answer<Response> {
    logout(app, signed).await
}

/// Another token of the same right, for `expires_in` seconds.
#[utoipa::path(
    get, path = "/api_token",
    params(("token_type" = Option<String>, Query), ("expires_in" = Option<u64>, Query)),
    responses((status = 200, body = String, content_type = "application/json"), (status = 400), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn api_token(State(app): TheApp, parameters: Parameters, Bearer(bearer): Bearer) -> Answer<Response> {
    if parameters.get("token_type").is_some_and(|kind| kind != "generic") {
        return Err(Refusal::not_understood("`token_type` is `generic`"));
    }
    let lifetime = parameters.number("expires_in")?.unwrap_or(3600);
    let token: SecretString = app.engine.api_token(&bearer, lifetime)?.token;
    Ok(json(&token.expose_secret()).into_response())
}
