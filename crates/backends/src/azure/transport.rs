//! The way to the vault: one HTTP client, which sends nothing to any other origin.

use super::cloud::{PUBLIC, cloud_of, is_below};
use super::credential::as_credential_error;
use async_trait::async_trait;
use azure_core::error::{Error as SdkError, ErrorKind};
use azure_core::http::headers::{AUTHORIZATION, Headers, WWW_AUTHENTICATE};
use azure_core::http::{AsyncRawResponse, HttpClient, Request, StatusCode};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use url::Url;

/// How long to wait for a connection, and for the next bytes of an answer.
const CONNECT: Duration = Duration::from_secs(5);
const READ: Duration = Duration::from_secs(20);

/// An HTTP client that follows no redirect and trusts the system's roots and those in `certificates`.
pub(super) fn http_client(certificates: &[PathBuf], use_proxy: bool) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .read_timeout(READ)
        .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")));
    if !use_proxy {
        builder = builder.no_proxy();
    }
    for file in certificates {
        builder = builder.tls_certs_merge(certificates_in(file)?);
    }
    builder.build().map_err(|error| Error::new(Kind::Unavailable, "cannot set up TLS").with_source(error))
}

fn certificates_in(file: &Path) -> Result<Vec<reqwest::Certificate>> {
    let refused = |why: &str| {
        Error::invalid(format!("`{}` {why}", file.display()))
            .with_hint("the attribute `ca_certificate` and the variable SSL_CERT_FILE name PEM files")
    };
    let pem = std::fs::read(file).map_err(|error| refused("cannot be read").with_source(error))?;
    match reqwest::Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(refused("holds no certificate in PEM form")),
    }
}

/// Guards the vault's origin, and answers the SDK's first call, which carries no token, in the vault's place.
///
/// The SDK asks without a token to learn what resource tokens are for. For Azure's own hosts the host says so already, and
/// a call is saved. A host of no known cloud is asked, unless its answer would not be checked: then the public cloud's
/// resource is assumed until the vault refuses it, so that no vault can name a resource of its choice at once.
#[derive(Debug)]
pub(super) struct Gate {
    http: reqwest::Client,
    origin: Url,
    resource: String,
    verify: bool,
    /// Whether the assumption stands.
    assumed: AtomicBool,
}

impl Gate {
    /// `verify`: whether a resource that the vault names must cover its own host.
    pub(super) fn new(http: reqwest::Client, origin: Url, verify: bool) -> Self {
        let cloud = cloud_of(origin.host_str().unwrap_or_default());
        let resource = format!("https://{}", cloud.unwrap_or(&PUBLIC).vaults);
        let assumed = AtomicBool::new(cloud.is_some() || !verify);
        Self { http, origin, resource, verify, assumed }
    }

    /// Gives up the assumption, as the vault refused a token; `false` when it was given up before.
    pub(super) fn ask_the_vault(&self) -> bool {
        self.assumed.swap(false, Ordering::Relaxed)
    }

    /// Refuses a challenge for a resource that is not the vault's: a token for it would be worth something elsewhere.
    fn check(&self, challenge: &str) -> azure_core::Result<()> {
        let host = self.origin.host_str().unwrap_or_default();
        match challenged_host(challenge) {
            Some(other) if !is_below(host, &other) => Err(as_credential_error(
                Error::new(
                    Kind::Unauthenticated,
                    format!("`{host}` asks for a token for `{other}`, which is not its own"),
                )
                .with_hint(
                    "is `vault_url` right? `verify_challenge_resource=false` is for vaults on loopback and the like",
                ),
            )),
            Some(_) | None => Ok(()),
        }
    }
}

/// The host of the resource, or of the scope, that a challenge names.
fn challenged_host(challenge: &str) -> Option<String> {
    let named = |name: &str| challenge.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split('"').next());
    Url::parse(named("resource").or_else(|| named("scope"))?).ok()?.host_str().map(str::to_owned)
}

#[async_trait]
impl HttpClient for Gate {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        if request.url().origin() != self.origin.origin() {
            let host = request.url().host_str().unwrap_or("?");
            return Err(SdkError::with_message(
                ErrorKind::Other,
                format!("the vault points to another host, `{host}`"),
            ));
        }
        let has_token = request.headers().get_optional_str(&AUTHORIZATION).is_some();
        if !has_token && self.assumed.load(Ordering::Relaxed) {
            let mut headers = Headers::new();
            headers.insert(WWW_AUTHENTICATE, format!(r#"Bearer resource="{}""#, self.resource));
            return Ok(AsyncRawResponse::from_bytes(StatusCode::Unauthorized, headers, ""));
        }
        let answer = self.http.execute_request(request).await?;
        if self.verify && answer.status() == StatusCode::Unauthorized {
            answer.headers().get_optional_str(&WWW_AUTHENTICATE).map_or(Ok(()), |challenge| self.check(challenge))?;
        }
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_names_a_host() {
        for (challenge, host) in [
            (
                r#"Bearer authorization="https://a.example/t", resource="https://vault.azure.net""#,
                Some("vault.azure.net"),
            ),
            (r#"Bearer scope="https://managedhsm.azure.net/.default", error="x""#, Some("managedhsm.azure.net")),
            (r#"Bearer resource="nonsense""#, None),
            ("Basic", None),
        ] {
            assert_eq!(challenged_host(challenge).as_deref(), host, "{challenge}");
        }
    }
}
