//! The client of the REST API: [`Secrets`], [`Accounts`] and [`Audit`] over HTTP, of our server or, but for the audit trail, of
//! ZenML's own from 0.98 on.
//!
//! [`Secrets`]: strongroom_core::central::Secrets
//! [`Accounts`]: strongroom_core::central::Accounts
//! [`Audit`]: strongroom_core::central::Audit

mod accounts;
mod audit;
mod claim;
mod error;
mod page;
mod secrets;
mod send;
mod sign_in;
mod sign_out;
mod status;
mod wire;

pub use sign_in::{DevicePrompt, SignIn, Token};
pub use status::ServerStatus;

use reqwest::Certificate;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use tokio::sync::Mutex;
use url::Url;

/// How long to wait for a connection, and for the next bytes of an answer.
const CONNECT: Duration = Duration::from_secs(5);
const READ: Duration = Duration::from_secs(20);

/// Where the server is, and how long it may take.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Its address, `https://host[:port][/path]`.
    pub url: Url,
    /// A PEM file of certificates to trust beside the system's.
    pub ca_certificate: Option<PathBuf>,
    /// For one request, all its repetitions included.
    pub deadline: Duration,
}

impl ClientOptions {
    /// The server at `url`, which may take 30 seconds for a request.
    pub fn new(url: Url) -> Self {
        Self { url, ca_certificate: None, deadline: Duration::from_secs(30) }
    }
}

/// A server, and the account that asks it. The token is kept in memory only.
pub struct Client {
    http: reqwest::Client,
    base: Url,
    deadline: Duration,
    sign_in: SignIn,
    token: Mutex<Option<Token>>,
}

impl Client {
    /// A client that has not asked anything yet.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for an address that is none or certificates that cannot be read.
    pub fn new(options: &ClientOptions, sign_in: SignIn) -> Result<Self> {
        let ClientOptions { url, ca_certificate, deadline } = options;
        if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() || url.host().is_none() {
            return Err(Error::invalid(format!("`{}:` is no address of a central server", url.scheme()))
                .with_hint("an address begins with `https://`"));
        }
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")));
        if let Some(file) = ca_certificate {
            builder = builder.tls_certs_merge(certificates_in(file)?);
        }
        let http =
            builder.build().map_err(|error| Error::new(Kind::Unavailable, "cannot set up TLS").with_source(error))?;
        let mut base = url.clone();
        // A name or password in the address would show up in messages.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        base.set_query(None);
        base.set_fragment(None);
        let token = match &sign_in {
            SignIn::Token(token) => Some(token.clone()),
            SignIn::ApiKey(_) | SignIn::Password { .. } => None,
        };
        Ok(Self { http, base, deadline: *deadline, sign_in, token: Mutex::new(token) })
    }

    /// The address of the server, without credentials.
    pub fn url(&self) -> &Url {
        &self.base
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

fn certificates_in(file: &std::path::Path) -> Result<Vec<Certificate>> {
    let refused = |why: &str| Error::invalid(format!("`{}` {why}", file.display()));
    let pem = std::fs::read(file).map_err(|error| refused("cannot be read").with_source(error))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(refused("holds no certificate in PEM form")),
    }
}
