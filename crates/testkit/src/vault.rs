//! An embedded Key Vault for one test: TLS, a real authority, fault switches.

use crate::{Faults, Proxy};
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use strongroom_keyvault::{Options, Running, start_with};

/// Reads one environment variable.
pub type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A running embedded Key Vault; it ends when dropped.
#[derive(Debug)]
pub struct TestVault {
    running: Running,
    faults: Faults,
}

impl TestVault {
    /// One vault in memory, with nothing slow.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// As `options` say.
    pub async fn start_with(options: Options) -> Self {
        let faults = Faults::default();
        let wrapped = faults.clone();
        let running =
            start_with(options, move |router| wrapped.wrap(router)).await.expect("the embedded Key Vault starts");
        Self { running, faults }
    }

    /// The server itself.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// The fault switches and call counts.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Where the first vault answers.
    pub fn url(&self) -> &str {
        &self.running.vaults()[0].url
    }

    /// Attributes of a secrets manager that uses the first vault.
    pub fn attributes(&self) -> Vec<(String, String)> {
        let vault = &self.running.vaults()[0];
        let ca = self.running.ca_certificate().to_string_lossy().into_owned();
        [
            ("key_vault_name", vault.name.to_string()),
            ("vault_url", vault.url.clone()),
            ("ca_certificate", ca),
            ("verify_challenge_resource", "false".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// What a client with a client secret finds in its environment.
    pub fn environment(&self) -> HashMap<String, String> {
        let secret = self.running.client_secret().expose_secret();
        [
            ("AZURE_AUTHORITY_HOST", self.running.authority()),
            ("AZURE_TENANT_ID", self.running.tenant_id()),
            ("AZURE_CLIENT_ID", self.running.client_id()),
            ("AZURE_CLIENT_SECRET", secret),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// The environment as a back-end reads it.
    pub fn lookup(&self) -> Lookup {
        let environment = self.environment();
        Arc::new(move |name| environment.get(name).cloned())
    }

    /// A proxy that leads `hosts` to the first vault's port, for clients that use Azure's names unchanged.
    pub async fn proxy(&self, hosts: &[&str]) -> Proxy {
        let port = self.url().rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok());
        let address = SocketAddr::from(([127, 0, 0, 1], port.expect("a URL with a port")));
        let hosts = hosts.iter().map(|host| ((*host).to_owned(), address)).collect();
        Proxy::start(hosts).await.expect("a loopback port")
    }
}
