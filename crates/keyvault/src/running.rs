//! A running embedded Key Vault: where it is, how to sign in, how to stop it.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use secrecy::SecretString;
use strongroom_core::{Error, Result};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::authority::TokenShape;
use crate::options::VaultName;
use crate::rules::SecretName;
use crate::store::Version;
use crate::switches::Switches;

/// How long requests under way get at a stop.
const GRACE: Duration = Duration::from_secs(5);

/// A running embedded Key Vault. Dropped without [`Running::stop`], it ends at once, as a killed process would:
/// what was acknowledged is kept, what was under way is not answered.
pub struct Running {
    app: Arc<App>,
    vaults: Vec<VaultAddress>,
    listeners: Vec<Listener>,
    ca_certificate: PathBuf,
    tenant_id: String,
    client_id: String,
    _temporary: Option<TempDir>,
}

/// A vault and where it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultAddress {
    /// Its name; the hosts `NAME.vault.azure.net` and `NAME.vault.localhost` pick it on any port of the instance.
    pub name: VaultName,
    /// `https://localhost:PORT`, a port of its own.
    pub url: String,
}

/// One listener's task and the means to end it.
pub(crate) struct Listener {
    pub(crate) handle: Handle<SocketAddr>,
    pub(crate) task: JoinHandle<std::io::Result<()>>,
}

impl Running {
    pub(crate) fn new(
        app: Arc<App>,
        vaults: Vec<VaultAddress>,
        listeners: Vec<Listener>,
        ca_certificate: PathBuf,
        temporary: Option<TempDir>,
    ) -> Self {
        let (tenant_id, client_id) = (app.identity.tenant_id.to_string(), app.identity.client_id.to_string());
        Self { app, vaults, listeners, ca_certificate, tenant_id, client_id, _temporary: temporary }
    }

    /// The vaults, in the order of the options.
    pub fn vaults(&self) -> &[VaultAddress] {
        &self.vaults
    }

    /// The token authority, for `AZURE_AUTHORITY_HOST`: `https://localhost:PORT` of the first vault.
    ///
    /// Stock clients ask `login.microsoftonline.com` about an authority they do not know. So they need either
    /// `disable_instance_discovery`, or that name in [`crate::Options::dns_names`] and a hosts file.
    pub fn authority(&self) -> &str {
        &self.app.authority
    }

    /// The tenant, for `AZURE_TENANT_ID`.
    pub fn tenant_id(&self) -> &str {
        &self.tenant_id
    }

    /// The one client that can sign in, for `AZURE_CLIENT_ID`.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client's secret, for `AZURE_CLIENT_SECRET`.
    pub fn client_secret(&self) -> &SecretString {
        &self.app.identity.client_secret
    }

    /// The PEM file of the CA that clients must trust. In memory it lies in a temporary folder, gone after the stop.
    pub fn ca_certificate(&self) -> &Path {
        &self.ca_certificate
    }

    /// The same certificate as text.
    pub fn ca_certificate_pem(&self) -> &str {
        &self.app.identity.ca_certificate
    }

    /// Switches for tests.
    pub fn switches(&self) -> &Arc<Switches> {
        &self.app.switches
    }

    /// A token as the token endpoint would make it, or one it never would, by `shape`.
    ///
    /// # Errors
    /// `Unavailable` when the key for a forged token cannot be made.
    pub fn mint(&self, shape: &TokenShape) -> Result<SecretString> {
        self.app.tokens.access(&self.app.identity, shape)
    }

    /// A federated token as a platform gives it to a workload, good for `valid_for` seconds (negative: over already).
    /// Written to a file named by `AZURE_FEDERATED_TOKEN_FILE`, it signs a stock `WorkloadIdentityCredential` in.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be signed.
    pub fn federated_token(&self, valid_for: i64) -> Result<SecretString> {
        self.app.tokens.federated(valid_for)
    }

    /// Puts a secret there that belongs to a certificate: listed and read as `managed`, refused for writing.
    /// Certificates themselves are not served, so this is the only way to make one.
    ///
    /// # Errors
    /// `NotFound` for a vault that is not served, `Invalid` for an illegal or taken name.
    pub fn add_certificate_secret(&self, vault: &str, name: &str, value: SecretString) -> Result<()> {
        let found = self.app.vaults.iter().find(|known| known.name.as_str().eq_ignore_ascii_case(vault));
        let row = found.ok_or_else(|| Error::not_found("vault", vault))?.row;
        let illegal = |_| Error::invalid(format!("`{name}` is no name for a new secret"));
        let secret = SecretName::parse(name).map_err(illegal)?;
        let now = self.app.switches.now();
        let (created, content_type) = (now.div_euclid(1000), Some("application/x-pkcs12".into()));
        let version = Version {
            id: Version::new_id(),
            value: Some(value),
            content_type,
            enabled: true,
            not_before: None,
            expires: None,
            created,
            updated: created,
            tags: None,
        };
        let added = self.app.store.change(now, |view| view.push(&view.add(row, &secret, true)?, &version));
        added.map_err(illegal)
    }

    /// Ends it: no new connections, requests under way are answered, then the database is closed.
    ///
    /// # Errors
    /// None at present; a stop that loses something would be one.
    pub async fn stop(mut self) -> Result<()> {
        let listeners = std::mem::take(&mut self.listeners);
        for listener in &listeners {
            listener.handle.graceful_shutdown(Some(GRACE));
        }
        for listener in listeners {
            if let Ok(Err(error)) = listener.task.await {
                tracing::warn!(%error, "a listener ended with an error");
            }
        }
        self.app.store.checkpoint();
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.handle.shutdown();
            listener.task.abort();
        }
    }
}

impl fmt::Debug for Running {
    /// Where it is; nothing secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("vaults", &self.vaults).field("authority", &self.authority()).finish()
    }
}
