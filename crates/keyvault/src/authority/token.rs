//! The token endpoint: client credentials with a secret or a federated token.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderValue, PRAGMA};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::claims::{LIFETIME, TokenShape, VAULT_RESOURCE};
use super::fault::Fault;
use super::{assertion, tokens};
use crate::app::{App, Door};
use crate::wire;

/// The form a client sends (RFC 6749, section 4.4).
#[derive(Deserialize)]
pub(super) struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    client_assertion: Option<SecretString>,
    client_assertion_type: Option<String>,
    scope: Option<String>,
    resource: Option<String>,
}

type Body = Result<Form<TokenForm>, FormRejection>;

/// `/{tenant}/oauth2/v2.0/token`: the resource is in `scope`.
pub(super) async fn v2(
    State(door): State<Door>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    let form = signed_in(&door.app, &tenant, &headers, body)?;
    let scope = form.scope.ok_or_else(|| Fault::missing("scope"))?;
    // Clients of other flows add `openid profile offline_access`; here there is one resource to name.
    let resource = scope.split(' ').find_map(|part| part.strip_suffix("/.default"));
    let resource = resource.ok_or_else(|| Fault::invalid_scope(&scope))?;
    let token = token(&door.app, resource)?;
    Ok(uncached(wire::ok(&json!({
        "token_type": "Bearer",
        "expires_in": LIFETIME - 1,
        "ext_expires_in": LIFETIME - 1,
        "access_token": token.expose_secret(),
    }))))
}

/// `/{tenant}/oauth2/token`: the resource is in `resource`, and numbers are strings.
pub(super) async fn v1(
    State(door): State<Door>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fault> {
    let form = signed_in(&door.app, &tenant, &headers, body)?;
    let resource = form.resource.ok_or_else(|| Fault::missing("resource"))?;
    let token = token(&door.app, &resource)?;
    let now = tokens::now();
    Ok(uncached(wire::ok(&json!({
        "token_type": "Bearer",
        "expires_in": (LIFETIME - 1).to_string(),
        "ext_expires_in": (LIFETIME - 1).to_string(),
        "expires_on": (now + LIFETIME - 1).to_string(),
        "not_before": now.to_string(),
        "resource": resource,
        "access_token": token.expose_secret(),
    }))))
}

/// The form of a client that proved who it is.
fn signed_in(app: &App, tenant: &str, headers: &HeaderMap, body: Body) -> Result<TokenForm, Fault> {
    if !tenant.eq_ignore_ascii_case(&app.identity.tenant_id.to_string()) {
        return Err(Fault::unknown_tenant("invalid_request", tenant));
    }
    let Form(mut form) = body.map_err(|_| Fault::unreadable())?;
    if let Some((client, secret)) = basic(headers) {
        form.client_id.get_or_insert(client);
        form.client_secret.get_or_insert(secret);
    }
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(other) => return Err(Fault::unsupported_grant(other)),
        None => return Err(Fault::missing("grant_type")),
    }
    let client = form.client_id.as_deref().ok_or_else(|| Fault::missing("client_id"))?;
    if Uuid::parse_str(client).ok() != Some(app.identity.client_id) {
        return Err(Fault::unknown_client(client, app.identity.tenant_id));
    }
    match (&form.client_secret, &form.client_assertion) {
        (_, Some(token)) if form.client_assertion_type.as_deref() == Some(assertion::TYPE) => {
            assertion::check(app, token.expose_secret())?;
        }
        (_, Some(_)) => return Err(Fault::missing("client_assertion_type")),
        (Some(secret), None) => secret_fits(app, secret)?,
        (None, None) => return Err(Fault::no_credential()),
    }
    Ok(form)
}

/// Compared in constant time.
fn secret_fits(app: &App, secret: &SecretString) -> Result<(), Fault> {
    let (given, ours) = (secret.expose_secret().as_bytes(), app.identity.client_secret.expose_secret().as_bytes());
    if given.ct_eq(ours).into() { Ok(()) } else { Err(Fault::wrong_secret(app.identity.client_id)) }
}

/// Client id and secret of HTTP Basic authentication. Both of ours are free of characters that need an escape.
fn basic(headers: &HeaderMap) -> Option<(String, SecretString)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = zeroize::Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (client, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    scheme.eq_ignore_ascii_case("Basic").then(|| (client.to_owned(), secret.into()))
}

/// A token for `resource`, which must be the vaults.
fn token(app: &App, resource: &str) -> Result<SecretString, Fault> {
    let unknown = || Fault::unknown_resource(resource, app.identity.tenant_id);
    if resource.trim_end_matches('/') != VAULT_RESOURCE {
        return Err(unknown());
    }
    app.tokens.access(&app.identity, &TokenShape::default()).map_err(|error| {
        tracing::error!(%error, "a token could not be made");
        unknown()
    })
}

fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
