//! What signing in depends on: attributes, environment, the vault's cloud, the network.

use super::super::cloud::{PUBLIC, cloud_of};
use super::super::config::{Auth, Config};
use super::super::transport::http_client;
use super::as_credential_error;
use crate::Context;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::Result;
use url::Url;

/// How often the authority is asked again when it is busy; the deadline of the command ends this too.
const TRIES: u32 = 2;

/// What signing in depends on.
#[derive(Debug)]
pub(in crate::azure) struct World {
    context: Context,
    /// The way that is asked for.
    pub(super) auth: Option<Auth>,
    tenant_id: Option<String>,
    client_id: Option<String>,
    certificates: Vec<PathBuf>,
    /// Where identities of the vault's cloud sign in.
    authority: &'static str,
    /// How long a program may take that is asked for a token.
    pub(super) patience: Duration,
}

impl World {
    pub(in crate::azure) fn new(config: &Config, context: &Context, certificates: Vec<PathBuf>, vault: &Url) -> Self {
        Self {
            context: context.clone(),
            auth: config.auth,
            tenant_id: config.tenant_id.clone(),
            client_id: config.client_id.clone(),
            certificates,
            authority: cloud_of(vault.host_str().unwrap_or_default()).unwrap_or(&PUBLIC).authority,
            // so that the end of it is told before the end of the command
            patience: config.timeout() * 9 / 10,
        }
    }

    /// An environment variable; empty counts as not set.
    pub(super) fn var(&self, name: &str) -> Option<String> {
        (self.context.env)(name).filter(|value| !value.is_empty())
    }

    /// The tenant of the attributes, and of those alone: the Azure CLI has one of its own.
    pub(super) fn asked_tenant_id(&self) -> Option<String> {
        self.tenant_id.clone()
    }

    pub(super) fn tenant_id(&self) -> Option<String> {
        self.tenant_id.clone().or_else(|| self.var("AZURE_TENANT_ID"))
    }

    pub(super) fn client_id(&self) -> Option<String> {
        self.client_id.clone().or_else(|| self.var("AZURE_CLIENT_ID"))
    }

    /// The names of `pairs`, or which of them have nothing.
    pub(super) fn have(pairs: &[(&str, Option<String>)]) -> Result<String, String> {
        let missing: Vec<_> = pairs.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        let names: Vec<_> = pairs.iter().map(|(name, _)| *name).collect();
        if missing.is_empty() { Ok(names.join(", ")) } else { Err(format!("{} not set", missing.join(", "))) }
    }

    /// How to reach the authority.
    pub(super) fn authority_options(&self) -> azure_core::Result<ClientOptions> {
        let http = http_client(&self.certificates, true).map_err(as_credential_error)?;
        let host = self.var("AZURE_AUTHORITY_HOST").unwrap_or_else(|| self.authority.to_owned());
        let mut cloud = CustomConfiguration::default();
        // the SDKs of other languages take a bare host too
        cloud.authority_host = if host.contains("://") { host } else { format!("https://{host}") };
        let retry = ExponentialRetryOptions { max_retries: TRIES, ..ExponentialRetryOptions::default() };
        Ok(ClientOptions {
            transport: Some(Transport::new(Arc::new(http))),
            retry: RetryOptions::exponential(retry),
            cloud: Some(Arc::new(CloudConfiguration::from(cloud))),
            ..ClientOptions::default()
        })
    }
}
