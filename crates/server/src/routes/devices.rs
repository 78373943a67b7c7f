//! The device flow: a program shows a code, a person approves it on a page or by a client that is signed in.

use super::{json, null};
use crate::app::TheApp;
use crate::refusal::{Answer, Refusal};
use crate::request::{Form, Json, Origin, Signed, id, origin};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use strongroom_api::v98::{DeviceCodesBody, DeviceForm, VerifyForm};
use strongroom_engine::SignIn;
use utoipa::ToSchema;
use uuid::Uuid;

/// Codes for a program that wants to be approved.
#[utoipa::path(
    post, path = "/device_authorization",
    request_body(content = DeviceForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = DeviceCodesBody), (status = 400), (status = 429))
)]
pub(crate) async fn authorize(State(app): TheApp, origin: Origin, form: Form) -> Answer<Response> {
    let client = form.get("client_id").and_then(|id| Uuid::parse_str(id.expose_secret()).ok());
    let client = client.ok_or_else(|| Refusal::device("invalid_request", "client_id is needed, a UUID"))?;
    let codes = app.engine.authorize_device(client, &origin.0).await.map_err(Refusal::sign_in)?;
    let (device, user) = (codes.device_code.expose_secret(), codes.user_code.expose_secret());
    Ok(json(&DeviceCodesBody {
        device_code: device,
        user_code: user,
        expires_in: codes.expires_in,
        interval: codes.interval,
        verification_uri: "/devices/verify",
        verification_uri_complete: format!("/devices/verify?device_id={}&user_code={user}", codes.id),
    }))
}

/// What a person approves a program with.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Approval {
    /// What the program shows.
    #[schema(value_type = String)]
    user_code: SecretString,
}

/// Approves a program, for a caller who is signed in.
#[utoipa::path(
    put, path = "/devices/{device_id}/verify", params(("device_id" = Uuid, Path)), request_body = Approval,
    responses((status = 200), (status = 404), (status = 422), (status = 429)), security(("bearer" = []))
)]
pub(crate) async fn approve(
    State(app): TheApp,
    Path(device): Path<String>,
    signed: Signed,
    Json(approval): Json<Approval>,
) -> Answer<Response> {
    let (device, code) = (id(&device)?, &approval.user_code);
    app.engine.approve_device(device, code, &signed.recognized.caller).await.map_err(Refusal::sign_in)?;
    Ok(null())
}

/// The page on which a person signs in and approves a program.
pub(crate) async fn page() -> Response {
    let headers = [(
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
         form-action 'self'; frame-ancestors 'none'",
    )];
    (headers, Html(include_str!("device.html"))).into_response()
}

/// What the page sends.
#[utoipa::path(
    post, path = "/devices/verify",
    request_body(content = VerifyForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = String, content_type = "text/html"), (status = 400), (status = 401), (status = 403),
        (status = 404), (status = 429))
)]
pub(crate) async fn verify(State(app): TheApp, request: Request) -> Answer<Response> {
    let origin = origin(&app, request.headers(), request.extensions());
    // browsers say which page a form comes from: others' pages are none of ours
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| !matches!(site, b"same-origin" | b"none")) {
        return Err(Refusal::plain(StatusCode::FORBIDDEN, "the form of another site"));
    }
    let form = match Form::from_request(request, &app).await {
        Ok(form) => form,
        Err(refused) => return Ok(refused),
    };
    let device = form.get("device_id").and_then(|id| Uuid::parse_str(id.expose_secret()).ok());
    let fields = (device, form.get("user_code"), form.get("username"), form.get("password"));
    let (Some(device), Some(code), Some(name), Some(password)) = fields else {
        return Err(Refusal::plain(StatusCode::BAD_REQUEST, "all fields are needed"));
    };
    let with = SignIn::Password { name: name.expose_secret().to_owned(), password: password.clone() };
    let token = app.engine.sign_in(with, &origin).await.map_err(Refusal::sign_in)?;
    let caller = app.engine.authenticate(token.token.expose_secret(), origin).await?.caller;
    let done = match form.get("decision").map(ExposeSecret::expose_secret) {
        None | Some("approve") => {
            app.engine.approve_device(device, code, &caller).await.map_err(Refusal::sign_in)?;
            "approved"
        }
        Some("deny") => {
            app.engine.deny_device(device, code, &caller).await.map_err(Refusal::sign_in)?;
            "refused"
        }
        Some(_) => return Err(Refusal::plain(StatusCode::BAD_REQUEST, "`decision` is `approve` or `deny`")),
    };
    Ok(Html(format!("<!doctype html><title>Strongroom</title><p>The device is {done}. You may close this page."))
        .into_response())
}
