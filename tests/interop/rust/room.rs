//! Where the vault is, and clients for it. The variables are those of ../README.md.

use std::env;
use std::sync::Arc;

use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::time::{Duration, OffsetDateTime};
use azure_identity::{ClientSecretCredential, WorkloadIdentityCredential};
use azure_security_keyvault_secrets::{SecretClient, SecretClientOptions};

pub(crate) const SCOPE: &str = "https://vault.azure.net/.default";

pub(crate) fn url() -> String {
    env::var("INTEROP_VAULT_URL").unwrap()
}

pub(crate) fn client(credential: Arc<dyn TokenCredential>) -> SecretClient {
    // On localhost one check must be off that cannot hold there: that the host lies under the token's resource. With
    // defaults nothing is off, and the hosts file leads Azure's names here. The SDK asks nobody about the authority.
    let defaults = env::var("INTEROP_DEFAULTS").unwrap() == "1";
    let options = SecretClientOptions { verify_challenge_resource: Some(defaults), ..SecretClientOptions::default() };
    SecretClient::new(&url(), credential, Some(options)).unwrap()
}

pub(crate) fn client_secret(tenant: &str, secret: &str) -> Arc<dyn TokenCredential> {
    let client = env::var("AZURE_CLIENT_ID").unwrap();
    ClientSecretCredential::new(tenant, client, Secret::new(secret.to_owned()), None).unwrap()
}

/// The credential that works.
pub(crate) fn signed_in() -> Arc<dyn TokenCredential> {
    client_secret(&env::var("AZURE_TENANT_ID").unwrap(), &env::var("AZURE_CLIENT_SECRET").unwrap())
}

pub(crate) fn workload_identity() -> Arc<dyn TokenCredential> {
    WorkloadIdentityCredential::new(None).unwrap()
}

/// A credential that has the one token in this variable, whatever it is asked for.
#[derive(Debug)]
pub(crate) struct Given(pub(crate) &'static str);

#[async_trait::async_trait]
impl TokenCredential for Given {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        assert_eq!(scopes, [SCOPE]);
        Ok(AccessToken::new(env::var(self.0).unwrap(), OffsetDateTime::now_utc() + Duration::hours(1)))
    }
}
