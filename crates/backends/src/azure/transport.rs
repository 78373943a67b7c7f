//! The way to the vault: one HTTP client, which sends nothing to any other origin.

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

/// Suffixes of vault hosts and so the resource that tokens for them are for (Azure CLI 2.91, cloud table).
const CLOUDS: &[&str] = &[
    "vault.azure.net",
    "vault.azure.cn",
    "vault.usgovcloudapi.net",
    "vault.sovcloud-api.fr",
    "vault.microsoftazure.de",
];

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
        Error::invalid(format!("`{}` {why}", file.display())).with_hint("`ca_certificate` names a PEM file")
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
/// a call is saved; for any other the public cloud's resource is assumed until the vault says otherwise.
#[derive(Debug)]
pub(super) struct Gate {
    http: reqwest::Client,
    origin: Url,
    resource: String,
    /// Whether the assumption stands.
    assumed: AtomicBool,
}

impl Gate {
    pub(super) fn new(http: reqwest::Client, origin: Url) -> Self {
        let host = origin.host_str().unwrap_or_default();
        let cloud = CLOUDS.iter().find(|suffix| host.strip_suffix(**suffix).is_some_and(|rest| rest.ends_with('.')));
        let resource = format!("https://{}", cloud.unwrap_or(&CLOUDS[0]));
        Self { http, origin, resource, assumed: AtomicBool::new(true) }
    }

    /// Gives up the assumption, as the vault refused a token; `false` when it was given up before.
    pub(super) fn ask_the_vault(&self) -> bool {
        self.assumed.swap(false, Ordering::Relaxed)
    }
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
        self.http.execute_request(request).await
    }
}

/// Sends what goes to the metadata service elsewhere, if the environment says so (`AZURE_POD_IDENTITY_AUTHORITY_HOST`).
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) http: reqwest::Client,
    pub(super) host: Url,
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
