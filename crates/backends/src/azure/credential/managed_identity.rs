//! The identity that Azure gave this machine (metadata service) or this app (App Service).

use super::super::transport::http_client;
use super::{World, as_credential_error};
use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use azure_core::http::{AsyncRawResponse, ClientOptions, HttpClient, Request, RetryOptions, Transport};
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::{Error, Result};
use url::Url;

/// How long the metadata service may take to show that this machine has one.
const PROBE: Duration = Duration::from_secs(1);
/// Where Azure machines find it.
const METADATA: &str = "http://169.254.169.254";
/// Where else it is, as the SDKs of other languages understand it.
const OTHER_HOST: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
/// App Service tells an app where to ask.
const APP_SERVICE: &str = "IDENTITY_ENDPOINT";

pub(super) async fn look(world: &World) -> Result<String, String> {
    if world.var(APP_SERVICE).is_some() {
        return Ok(APP_SERVICE.to_owned());
    }
    let missing = || "no metadata service on this machine".to_owned();
    let mut url = host(world).map_err(|error| error.to_string())?;
    url.set_path("/metadata/identity/oauth2/token");
    url.set_query(Some("api-version=2018-02-01&resource=https://vault.azure.net"));
    let http = http_client(&[], false).map_err(|error| error.to_string())?;
    // Without the header `Metadata: true` it refuses, at once and without asking anybody for a token.
    let answer = http.get(url).timeout(PROBE).send().await.map_err(|_| missing())?;
    let media_type = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    if is_azures(answer.status().as_u16(), media_type.unwrap_or_default()) {
        Ok("the metadata service of this machine".to_owned())
    } else {
        Err("the metadata service of this machine is not Azure's".to_owned())
    }
}

/// Other clouds have a metadata service at the same address, but not that path.
fn is_azures(status: u16, media_type: &str) -> bool {
    matches!(status, 400 | 410 | 429 | 500..) || media_type.starts_with("application/json")
}

fn host(world: &World) -> Result<Url> {
    let text = world.var(OTHER_HOST).unwrap_or_else(|| METADATA.to_owned());
    Url::parse(&text).map_err(|_| Error::invalid(format!("{OTHER_HOST} is not a URL")))
}

pub(super) fn credential(world: &World) -> azure_core::Result<Arc<dyn TokenCredential>> {
    // neither is ever behind a proxy
    let http = http_client(&[], false).map_err(as_credential_error)?;
    let transport = match world.var(APP_SERVICE) {
        Some(_) => Transport::new(Arc::new(http)),
        None => Transport::new(Arc::new(Metadata { http, host: host(world).map_err(as_credential_error)? })),
    };
    Ok(ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
        user_assigned_id: world.client_id().map(UserAssignedId::ClientId),
        client_options: ClientOptions {
            transport: Some(transport),
            retry: RetryOptions::none(), // the SDK knows better for this one
            ..ClientOptions::default()
        },
    }))?)
}

/// Sends what goes to the metadata service to where the environment says it is.
#[derive(Debug)]
struct Metadata {
    http: reqwest::Client,
    host: Url,
}

#[async_trait]
impl HttpClient for Metadata {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let mut moved = request.clone();
        let mut url = self.host.clone();
        url.set_path(request.url().path());
        url.set_query(request.url().query());
        *moved.url_mut() = url;
        self.http.execute_request(&moved).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_services_are_told_apart() {
        assert!(is_azures(400, "application/json; charset=utf-8"));
        assert!(is_azures(429, ""));
        // Amazon's with and without sessions, Google's
        for (status, media_type) in [(401, ""), (404, "text/html"), (403, "text/html; charset=UTF-8")] {
            assert!(!is_azures(status, media_type), "{status}");
        }
    }
}
