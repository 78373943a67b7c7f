//! `ZENML_SECRETS_STORE_*`, as ZenML's servers of 0.44 and 0.98 read them.

use crate::env::{self, Env};
use secrecy::SecretString;
use serde::Deserialize;
use strongroom_core::{Error, Kind, Result};
use zeroize::Zeroizing;

/// What the variables say of a Key Vault.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Attributes, and the variable each comes from.
    pub(super) options: Vec<(&'static str, String, &'static str)>,
    /// What a client of Azure finds in its environment.
    pub(super) variables: Vec<(&'static str, SecretString)>,
}

/// `AUTH_CONFIG` of 0.98. Other keys are the business of other clouds.
#[derive(Default, Deserialize)]
struct AuthConfig {
    tenant_id: Option<String>,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    token: Option<SecretString>,
}

/// Reads those of Azure.
///
/// # Errors
/// [`Kind::Invalid`] for an `AUTH_CONFIG` that is no JSON or lacks what the method needs, [`Kind::Unsupported`] for a method that ZenML's
/// store does not have.
pub(super) fn azure(env: &Env) -> Result<Given> {
    let mut given = Given::default();
    let mut add =
        |name, value: Option<String>, variable| given.options.extend(value.map(|value| (name, value, variable)));
    let name = env::ZENML_SECRETS_STORE_KEY_VAULT_NAME;
    add("key_vault_name", env.get(name), name);
    let (config, method) = (env::ZENML_SECRETS_STORE_AUTH_CONFIG, env::ZENML_SECRETS_STORE_AUTH_METHOD);
    let AuthConfig { tenant_id, client_id, client_secret, token } = match env.get(config).map(Zeroizing::new) {
        None => AuthConfig::default(),
        // serde's own words would quote it
        Some(text) => serde_json::from_str(&text)
            .map_err(|_| Error::invalid(format!("{config} is not the JSON map it should be")))?,
    };
    match env.get(method).as_deref() {
        // 0.44, and 0.98 with the options of 0.44
        None => {
            let names = env::ZENML_SECRETS_STORE_AZURE;
            if let [Some(client_id), Some(client_secret), Some(tenant_id)] = names.map(|name| env.get(name)) {
                add("client_id", Some(client_id), names[0]);
                add("tenant_id", Some(tenant_id), names[2]);
                add("auth", Some("environment".to_owned()), names[1]);
                given.variables.push((env::AZURE_CLIENT_SECRET, client_secret.into()));
            }
        }
        Some("implicit") => {}
        Some("service-principal") => {
            let client_secret = needed(config, "client_secret", client_secret)?;
            add("tenant_id", Some(needed(config, "tenant_id", tenant_id)?), config);
            add("client_id", Some(needed(config, "client_id", client_id)?), config);
            add("auth", Some("environment".to_owned()), method);
            given.variables.push((env::AZURE_CLIENT_SECRET, client_secret));
        }
        Some("access-token") => {
            add("auth", Some("token".to_owned()), method);
            given.variables.push((env::AZURE_TOKEN, needed(config, "token", token)?));
        }
        Some(other) => {
            return Err(Error::new(Kind::Unsupported, format!("{method}: `{other}` is no way to sign in to Azure"))
                .with_hint("ways: implicit, service-principal, access-token"));
        }
    }
    Ok(given)
}

fn needed<T>(variable: &str, key: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::invalid(format!("{variable} has no `{key}`")))
}
