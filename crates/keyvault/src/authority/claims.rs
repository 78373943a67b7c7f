//! What is in a token.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::identity::Identity;

/// The resource that tokens for Key Vault in the public cloud are for.
pub(crate) const VAULT_RESOURCE: &str = "https://vault.azure.net";

/// How long a token of the token endpoint is good, in seconds.
pub(crate) const LIFETIME: i64 = 3600;

/// A token to be made for a test, other than the token endpoint would make it. Take it to [`crate::Running::mint`].
#[derive(Debug, Clone)]
pub struct TokenShape {
    /// The resource it is for; `https://vault.azure.net` unless said otherwise.
    pub audience: String,
    /// The tenant it is from; the instance's own unless said otherwise.
    pub tenant: Option<Uuid>,
    /// From when it is good, in seconds from now; may be negative.
    pub valid_from: i64,
    /// Until when it is good, in seconds from now; may be negative.
    pub valid_until: i64,
    /// Signed by a key that is not the instance's.
    pub forged: bool,
}

impl Default for TokenShape {
    /// What the token endpoint makes: for the vaults, good for an hour from now.
    fn default() -> Self {
        Self { audience: VAULT_RESOURCE.into(), tenant: None, valid_from: 0, valid_until: LIFETIME, forged: false }
    }
}

/// The claims of an access token, in the form that Key Vault's own tokens have (version 1).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Access {
    pub(super) aud: String,
    pub(super) iss: String,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    #[serde(default)]
    pub(super) appid: String,
    #[serde(default)]
    appidacr: String,
    #[serde(default)]
    idp: String,
    #[serde(default)]
    oid: String,
    #[serde(default)]
    sub: String,
    pub(super) tid: String,
    #[serde(default)]
    uti: String,
    #[serde(default)]
    ver: String,
}

impl Access {
    pub(super) fn new(identity: &Identity, shape: &TokenShape, now: i64) -> Self {
        let TokenShape { audience, tenant, valid_from, valid_until, forged: _ } = shape;
        let tenant = tenant.unwrap_or(identity.tenant_id);
        let object = identity.object_id.to_string();
        Self {
            aud: audience.clone(),
            iss: issuer(tenant),
            iat: now,
            nbf: now + valid_from,
            exp: now + valid_until,
            appid: identity.client_id.to_string(),
            appidacr: "1".into(),
            idp: issuer(tenant),
            oid: object.clone(),
            sub: object,
            tid: tenant.to_string(),
            uti: Uuid::new_v4().simple().to_string(),
            ver: "1.0".into(),
        }
    }
}

/// The issuer of a tenant's version 1 tokens, the ones Key Vault gets.
pub(super) fn issuer(tenant: Uuid) -> String {
    format!("https://sts.windows.net/{tenant}/")
}

/// The claims of a federated token, such as a Kubernetes service account's, that workload identity exchanges.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Federated {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
}

/// What a federated token must be for (Entra workload identity federation).
pub(super) const EXCHANGE: &str = "api://AzureADTokenExchange";
/// The one subject that is trusted.
pub(super) const SUBJECT: &str = "system:serviceaccount:strongroom:step";

impl Federated {
    pub(super) fn new(tenant: Uuid, valid_until: i64, now: i64) -> Self {
        let (iss, sub, aud) = (federated_issuer(tenant), SUBJECT.into(), EXCHANGE.into());
        Self { iss, sub, aud, iat: now, nbf: now.min(now + valid_until), exp: now + valid_until }
    }
}

/// The one issuer of federated tokens that is trusted; it signs with the instance's own key.
pub(super) fn federated_issuer(tenant: Uuid) -> String {
    format!("https://federation.strongroom.localhost/{tenant}")
}
