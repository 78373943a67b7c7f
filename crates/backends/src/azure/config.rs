//! The attributes of flavor `azure`.

use super::doing::Vault;
use crate::Attribute;
use crate::configuration::settings;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;
use strongroom_core::{Configuration, Error, Result};
use url::Url;

/// All attributes, as users type them.
pub(super) const ATTRIBUTES: &[Attribute] = &[
    Attribute::required(
        "key_vault_name",
        "the vault: 3 to 24 letters, digits and hyphens; gives https://NAME.vault.azure.net",
    ),
    Attribute::SCOPE,
    Attribute::NAMESPACE,
    Attribute::optional(
        "vault_url",
        "another origin for that vault: sovereign cloud, private endpoint, embedded Key Vault",
    ),
    Attribute::optional("ca_certificate", "PEM file of extra roots, for the vault and for the token endpoint"),
    Attribute::optional(
        "auth",
        "environment, workload_identity, managed_identity, cli or token; unset: the first that is configured, in this order",
    ),
    Attribute::optional("tenant_id", "for identities that need it; otherwise AZURE_TENANT_ID"),
    Attribute::optional("client_id", "for identities that need it; otherwise AZURE_CLIENT_ID"),
    Attribute::with_default(
        "verify_challenge_resource",
        "true",
        "false only for vaults whose host is not under the token's resource, such as loopback",
    ),
    Attribute::optional("api_version", "the Key Vault API version; unset: the newest that the official SDK speaks"),
    Attribute::with_default("timeout", "30", "seconds for one command in all, retries included"),
    Attribute::with_default("on_soft_deleted", "recover", "registering a deleted name: recover, purge or fail"),
];

/// One Key Vault, and how to get in.
#[derive(Debug, Deserialize)]
pub(super) struct Config {
    key_vault_name: String,
    vault_url: Option<String>,
    pub(super) ca_certificate: Option<PathBuf>,
    pub(super) auth: Option<Auth>,
    pub(super) tenant_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) verify_challenge_resource: bool,
    pub(super) api_version: Option<String>,
    timeout: u32,
    pub(super) on_soft_deleted: OnSoftDeleted,
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// A client secret in the environment.
    Environment,
    /// A token file that the platform renews, exchanged for a token.
    WorkloadIdentity,
    /// The identity that Azure gave this machine.
    ManagedIdentity,
    /// Whoever is signed in with the Azure CLI.
    Cli,
    /// A bearer token as it is.
    Token,
}

impl Auth {
    /// All of them, in the order they are tried.
    pub const ALL: [Self; 5] =
        [Self::Environment, Self::WorkloadIdentity, Self::ManagedIdentity, Self::Cli, Self::Token];

    /// As typed in `auth=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::WorkloadIdentity => "workload_identity",
            Self::ManagedIdentity => "managed_identity",
            Self::Cli => "cli",
            Self::Token => "token",
        }
    }
}

/// What a write does to a deleted secret that still holds its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OnSoftDeleted {
    /// Brings it back and writes a new version.
    Recover,
    /// Removes it for good first.
    Purge,
    /// Refuses.
    Fail,
}

impl Config {
    /// Reads and checks the attributes, without any I/O.
    pub(super) fn of(configuration: &Configuration) -> Result<Self> {
        let config: Self = settings("azure", ATTRIBUTES, configuration)?;
        let name = &config.key_vault_name;
        let legal = (3..=24).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !legal {
            return Err(Error::invalid(format!("`{name}` is not the name of a Key Vault"))
                .with_hint("3 to 24 letters, digits and hyphens; not its URL"));
        }
        if config.timeout == 0 {
            return Err(Error::invalid("attribute `timeout`: at least 1 second is needed"));
        }
        for (attribute, value) in [("tenant_id", &config.tenant_id), ("client_id", &config.client_id)] {
            let legal =
                |text: &String| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
            if let Some(bad) = value.as_ref().filter(|text| !legal(text)) {
                return Err(Error::invalid(format!("attribute `{attribute}`: `{bad}` is not an id")));
            }
        }
        config.origin()?;
        Ok(config)
    }

    /// Where the vault answers.
    pub(super) fn origin(&self) -> Result<Url> {
        let text = match &self.vault_url {
            Some(url) => url.clone(),
            None => format!("https://{}.vault.azure.net", self.key_vault_name),
        };
        let refused = |why: &str| Error::invalid(format!("attribute `vault_url`: `{text}` {why}"));
        let url = Url::parse(&text).map_err(|_| refused("is not a URL"))?;
        if url.scheme() != "https" || url.host_str().is_none() {
            return Err(refused("is not an https:// URL").with_hint("tokens are sent over TLS only"));
        }
        let bare = ["", "/"].contains(&url.path()) && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(refused("has more than a host and a port"));
        }
        Ok(url)
    }

    /// The vault in messages.
    pub(super) fn vault(&self, origin: &Url) -> Vault {
        Vault { url: origin.as_str().trim_end_matches('/').to_owned(), name: self.key_vault_name.clone() }
    }

    /// How long one command may take in all.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> Result<Config> {
        Config::of(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn the_name_gives_the_public_clouds_url() {
        let config = config(&[("key_vault_name", "my-vault"), ("scope", "global")]).unwrap();
        assert_eq!(config.origin().unwrap().as_str(), "https://my-vault.vault.azure.net/");
        assert_eq!(config.timeout(), Duration::from_secs(30));
    }

    #[test]
    fn bad_attributes_are_refused_by_name() {
        for bad in [
            &[][..],
            &[("key_vault_name", "ab")],
            &[("key_vault_name", "my_vault")],
            &[("key_vault_name", "https://my-vault.vault.azure.net")],
            &[("key_vault_name", "kv1"), ("vault_url", "http://localhost:1")],
            &[("key_vault_name", "kv1"), ("vault_url", "https://a.b/secrets")],
            &[("key_vault_name", "kv1"), ("vault_url", "https://u:p@a.b")],
            &[("key_vault_name", "kv1"), ("timeout", "0")],
            &[("key_vault_name", "kv1"), ("auth", "password")],
            &[("key_vault_name", "kv1"), ("on_soft_deleted", "maybe")],
            &[("key_vault_name", "kv1"), ("colour", "red")],
            &[("key_vault_name", "kv1"), ("tenant_id", "a; rm -rf")],
        ] {
            let error = config(bad).unwrap_err();
            assert_eq!(error.kind(), strongroom_core::Kind::Invalid, "{bad:?}");
        }
    }
}
