//! What every request to a vault passes: host, token, API version; and the headers every answer carries.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CACHE_CONTROL, EXPIRES, PRAGMA, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use uuid::Uuid;

use crate::app::Door;
use crate::authority::VAULT_RESOURCE;
use crate::call::{Call, Parameters};
use crate::origin::Origin;
use crate::refusal::Refusal;
use crate::rules;
use crate::wire;

/// The recorded build of the real service whose answers ours are.
const SERVICE_VERSION: &str = "1.9.3449.1";

/// Admits a request or refuses it.
pub(crate) async fn admit(State(door): State<Door>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let client_request_id = client_request_id(&parts.headers);
    let origin = Origin::of(&parts, door.port);
    let challenge = challenge(&door, &origin);
    tracing::debug!(method = %parts.method, path = parts.uri.path(), host = origin.host(), "vault request");
    let mut response = match call(&door, origin, &parts) {
        Ok(call) => {
            let mut request = Request::from_parts(parts, body);
            request.extensions_mut().insert(call);
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    dress(response.headers_mut(), client_request_id);
    response
}

/// The steps, in the service's order: without a token nothing else is said, not even that the request is wrong.
fn call(door: &Door, origin: Origin, parts: &Parts) -> Result<Call, Refusal> {
    let vault = vault(door, &origin)?;
    let authorization = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    door.app.tokens.check(authorization)?;
    let parameters = Parameters::of(&parts.uri)?;
    let api_version = rules::api_version(parameters.api_version.as_deref())?.to_owned();
    Ok(Call { app: door.app.clone(), vault, origin, api_version, now: door.app.switches.now() })
}

/// The vault that the host names; the listener's own for a host that names none.
fn vault(door: &Door, origin: &Origin) -> Result<usize, Refusal> {
    let Some(name) = origin.vault() else { return Ok(door.vault) };
    let found = door.app.vaults.iter().position(|vault| vault.name.as_str() == name);
    found.ok_or_else(|| Refusal::unknown_vault(origin.host()))
}

/// Where to get a token (recorded form). A client that dialled a vault's Azure name with the default port lives behind
/// a hosts file and finds Azure's authority there too, if our certificate covers it; others stay on the host they use.
fn challenge(door: &Door, origin: &Origin) -> HeaderValue {
    let tenant = door.app.identity.tenant_id;
    let authority = if !origin.in_azure() {
        origin.url()
    } else if origin.on_default_port() && door.app.serves_azure_authority {
        "https://login.microsoftonline.com".into()
    } else {
        door.app.authority.clone()
    };
    let text = format!("Bearer authorization=\"{authority}/{tenant}\", resource=\"{VAULT_RESOURCE}\"");
    HeaderValue::try_from(text).expect("a host that parsed as URI authority is a legal header value")
}

/// Echoed only when the client asks for it.
fn client_request_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let asked = headers.get("x-ms-return-client-request-id")?;
    asked.as_bytes().eq_ignore_ascii_case(b"true").then(|| headers.get("x-ms-client-request-id").cloned())?
}

/// The headers of every recorded answer. `Strict-Transport-Security` is left out on purpose: a browser would apply it
/// to everything else on `localhost`.
fn dress(headers: &mut HeaderMap, client_request_id: Option<HeaderValue>) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, HeaderValue::from_static("-1"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("x-ms-keyvault-region"), HeaderValue::from_static(wire::REGION));
    headers.insert(HeaderName::from_static("x-ms-keyvault-service-version"), HeaderValue::from_static(SERVICE_VERSION));
    let request_id = HeaderValue::try_from(Uuid::new_v4().to_string()).expect("a UUID is ASCII");
    headers.insert(HeaderName::from_static("x-ms-request-id"), request_id);
    if let Some(id) = client_request_id {
        headers.insert(HeaderName::from_static("x-ms-client-request-id"), id);
    }
}
