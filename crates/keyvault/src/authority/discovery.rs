//! Discovery: what MSAL asks before it asks for a token. URLs are spelled from the host that was dialled.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::Uri;
use http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::issuer;
use super::fault::Fault;
use crate::app::Door;
use crate::origin::Origin;
use crate::wire;

/// OpenID configuration, version 2.
pub(super) async fn v2(State(door): State<Door>, Path(tenant): Path<String>, parts: Parts) -> Result<Response, Fault> {
    let base = Origin::of(&parts, door.port).url();
    let issuer = match any(&tenant) {
        Some(_) => format!("{base}/{{tenantid}}/v2.0"),
        None => format!("{base}/{}/v2.0", known(&door, &tenant)?),
    };
    Ok(wire::ok(&configuration(&format!("{base}/{tenant}"), "/oauth2/v2.0", &issuer)))
}

/// OpenID configuration, version 1: its issuer is that of Key Vault's tokens.
pub(super) async fn v1(State(door): State<Door>, Path(tenant): Path<String>, parts: Parts) -> Result<Response, Fault> {
    let tenant = known(&door, &tenant)?;
    let base = Origin::of(&parts, door.port).url();
    let issuer = issuer(door.app.identity.tenant_id);
    Ok(wire::ok(&configuration(&format!("{base}/{tenant}"), "/oauth2", &issuer)))
}

fn configuration(tenant: &str, oauth: &str, issuer: &str) -> Value {
    json!({
        "token_endpoint": format!("{tenant}{oauth}/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{tenant}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer,
        "authorization_endpoint": format!("{tenant}{oauth}/authorize"),
        "device_authorization_endpoint": format!("{tenant}{oauth}/devicecode"),
        "tenant_region_scope": "WW",
    })
}

/// The public key that tokens are signed with.
pub(super) async fn keys(State(door): State<Door>, Path(tenant): Path<String>) -> Result<Response, Fault> {
    any(&tenant).map_or_else(|| known(&door, &tenant), Ok)?;
    Ok(wire::ok(&json!({ "keys": [door.app.tokens.public_key()] })))
}

/// What instance discovery is asked about.
#[derive(Deserialize)]
pub(super) struct Asked {
    authorization_endpoint: Option<String>,
}

/// Instance discovery: which authority hosts belong together. MSAL trusts a host it does not know when this names it.
pub(super) async fn instance(State(door): State<Door>, Query(asked): Query<Asked>, parts: Parts) -> Response {
    let dialled = Origin::of(&parts, door.port);
    let endpoint = asked.authorization_endpoint.and_then(|text| text.parse::<Uri>().ok());
    // Of the endpoint asked about, only host and port are taken over, and the first segment as the tenant.
    let named = endpoint.as_ref().and_then(Uri::authority).map(ToString::to_string);
    let host = named.unwrap_or_else(|| dialled.url().trim_start_matches("https://").to_owned());
    let tenant = endpoint.as_ref().and_then(|uri| uri.path().split('/').find(|part| !part.is_empty()));
    let tenant = tenant.unwrap_or("common");
    let azure = ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"];
    let mut metadata = vec![json!({
        "preferred_network": "login.microsoftonline.com", "preferred_cache": "login.windows.net", "aliases": azure
    })];
    if !azure.contains(&host.as_str()) {
        metadata.push(json!({ "preferred_network": host, "preferred_cache": host, "aliases": [host] }));
    }
    wire::ok(&json!({
        "tenant_discovery_endpoint": format!("https://{host}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": metadata,
    }))
}

/// A name that stands for every tenant, if it is one: clients look there before they know a tenant, `az logout` among
/// them. Entra ID answers with the placeholder `{tenantid}` in the issuer, and no token is had there.
fn any(tenant: &str) -> Option<&str> {
    ["common", "organizations"].into_iter().find(|name| tenant.eq_ignore_ascii_case(name))
}

/// Refuses a tenant that is not the instance's.
fn known<'a>(door: &Door, tenant: &'a str) -> Result<&'a str, Fault> {
    let ours = door.app.identity.tenant_id.to_string();
    if tenant.eq_ignore_ascii_case(&ours) { Ok(tenant) } else { Err(Fault::unknown_tenant("invalid_tenant", tenant)) }
}
