//! Every environment variable that Strongroom reads, in one place.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// One folder for everything of this user.
pub(crate) const HOME: &str = "STRONGROOM_HOME";
/// How data is shown: `table`, `json` or `yaml`.
pub(crate) const OUTPUT: &str = "STRONGROOM_OUTPUT";
/// The stack to work on, by name or id, instead of the one that `stack set` chose.
pub(crate) const ACTIVE_STACK: &str = "STRONGROOM_ACTIVE_STACK";
/// What to log on stderr, such as `debug` or `strongroom_backends=trace`.
pub(crate) const LOG: &str = "STRONGROOM_LOG";
/// Anything but empty or `0` switches hints off.
pub(crate) const NO_HINTS: &str = "STRONGROOM_NO_HINTS";
/// A client secret for Key Vault.
pub(crate) const AZURE_CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";
/// A ready bearer token for Key Vault.
pub(crate) const AZURE_TOKEN: &str = "STRONGROOM_AZURE_TOKEN";
/// The address of the central server.
pub(crate) const URL: &str = "STRONGROOM_URL";
/// The API key to sign in with there.
pub(crate) const API_KEY: &str = "STRONGROOM_API_KEY";
/// The user to sign in as, where there is no key.
pub(crate) const USERNAME: &str = "STRONGROOM_USERNAME";
/// That user's password.
pub(crate) const PASSWORD: &str = "STRONGROOM_PASSWORD";
/// A PEM file of further certificates to trust for that server.
pub(crate) const CA_CERTIFICATE: &str = "STRONGROOM_CA_CERTIFICATE";
/// The same as ZenML's own client reads it.
pub(crate) const ZENML_URL: &str = "ZENML_STORE_URL";
/// See [`API_KEY`].
pub(crate) const ZENML_API_KEY: &str = "ZENML_STORE_API_KEY";
/// See [`USERNAME`].
pub(crate) const ZENML_USERNAME: &str = "ZENML_STORE_USERNAME";
/// See [`PASSWORD`].
pub(crate) const ZENML_PASSWORD: &str = "ZENML_STORE_PASSWORD";
/// `true`, or a PEM file.
pub(crate) const ZENML_VERIFY_SSL: &str = "ZENML_STORE_VERIFY_SSL";
/// Where `server start` listens.
pub(crate) const LISTEN: &str = "STRONGROOM_LISTEN";
/// Where its catalogue is.
pub(crate) const DATABASE: &str = "STRONGROOM_DATABASE";
/// The file of the key that seals.
pub(crate) const KEY_FILE: &str = "STRONGROOM_KEY_FILE";
/// The certificate chain that it serves TLS with.
pub(crate) const TLS_CERTIFICATE: &str = "STRONGROOM_TLS_CERTIFICATE";
/// Its key.
pub(crate) const TLS_KEY: &str = "STRONGROOM_TLS_KEY";
/// Whether it makes a certificate.
pub(crate) const TLS_SELF_SIGNED: &str = "STRONGROOM_TLS_SELF_SIGNED";
/// Whether a proxy in front ends TLS.
pub(crate) const BEHIND_PROXY: &str = "STRONGROOM_BEHIND_PROXY";
/// The administrator that it makes.
pub(crate) const ADMIN_USER: &str = "STRONGROOM_ADMIN_USER";
/// The file with that administrator's password.
pub(crate) const ADMIN_PASSWORD_FILE: &str = "STRONGROOM_ADMIN_PASSWORD_FILE";
/// Where its metrics are.
pub(crate) const METRICS_LISTEN: &str = "STRONGROOM_METRICS_LISTEN";
/// How many revisions of a secret it keeps.
pub(crate) const KEEP_REVISIONS: &str = "STRONGROOM_KEEP_REVISIONS";
/// Where it keeps values.
pub(crate) const SECRETS_STORE: &str = "STRONGROOM_SECRETS_STORE";
/// The attributes of that place, and the variable of each.
pub(crate) const SECRETS_STORE_OPTIONS: [(&str, &str); 10] = [
    ("key_vault_name", "STRONGROOM_SECRETS_STORE_KEY_VAULT_NAME"),
    ("vault_url", "STRONGROOM_SECRETS_STORE_VAULT_URL"),
    ("ca_certificate", "STRONGROOM_SECRETS_STORE_CA_CERTIFICATE"),
    ("auth", "STRONGROOM_SECRETS_STORE_AUTH"),
    ("tenant_id", "STRONGROOM_SECRETS_STORE_TENANT_ID"),
    ("client_id", "STRONGROOM_SECRETS_STORE_CLIENT_ID"),
    ("verify_challenge_resource", "STRONGROOM_SECRETS_STORE_VERIFY_CHALLENGE_RESOURCE"),
    ("api_version", "STRONGROOM_SECRETS_STORE_API_VERSION"),
    ("timeout", "STRONGROOM_SECRETS_STORE_TIMEOUT"),
    ("on_soft_deleted", "STRONGROOM_SECRETS_STORE_ON_SOFT_DELETED"),
];
/// For which generation of ZenML items are written there.
pub(crate) const SECRETS_STORE_FORMAT: &str = "STRONGROOM_SECRETS_STORE_FORMAT";
/// See [`SECRETS_STORE`]; ZenML's servers read it, and those that follow.
pub(crate) const ZENML_SECRETS_STORE_TYPE: &str = "ZENML_SECRETS_STORE_TYPE";
/// The name of the Key Vault.
pub(crate) const ZENML_SECRETS_STORE_KEY_VAULT_NAME: &str = "ZENML_SECRETS_STORE_KEY_VAULT_NAME";
/// How to sign in there (0.98).
pub(crate) const ZENML_SECRETS_STORE_AUTH_METHOD: &str = "ZENML_SECRETS_STORE_AUTH_METHOD";
/// What that takes, in JSON (0.98); a secret.
pub(crate) const ZENML_SECRETS_STORE_AUTH_CONFIG: &str = "ZENML_SECRETS_STORE_AUTH_CONFIG";
/// Client id, client secret and tenant id (0.44).
pub(crate) const ZENML_SECRETS_STORE_AZURE: [&str; 3] = [
    "ZENML_SECRETS_STORE_AZURE_CLIENT_ID",
    "ZENML_SECRETS_STORE_AZURE_CLIENT_SECRET",
    "ZENML_SECRETS_STORE_AZURE_TENANT_ID",
];
/// The key by which ZenML's servers encrypt values in SQL.
pub(crate) const ZENML_SECRETS_STORE_ENCRYPTION_KEY: &str = "ZENML_SECRETS_STORE_ENCRYPTION_KEY";
/// See <https://no-color.org>.
pub(crate) const NO_COLOR: &str = "NO_COLOR";

/// What `~` means.
pub(crate) const USER_HOME: &str = "HOME";
/// Where programs are found.
pub(crate) const PATH: &str = "PATH";
/// `dumb` means a terminal without colours.
pub(crate) const TERM: &str = "TERM";

/// What back-ends and the SDKs below them read; `true` marks those that are secrets themselves.
pub(crate) const PASSED_ON: &[(&str, bool)] = &[
    ("AZURE_TENANT_ID", false),
    ("AZURE_CLIENT_ID", false),
    (AZURE_CLIENT_SECRET, true),
    ("AZURE_FEDERATED_TOKEN_FILE", false),
    ("AZURE_AUTHORITY_HOST", false),
    (AZURE_TOKEN, true),
    ("IDENTITY_ENDPOINT", false),
    ("IDENTITY_HEADER", true),
    ("MSI_ENDPOINT", false),
    ("MSI_SECRET", true),
    ("SSL_CERT_FILE", false),
    ("HTTPS_PROXY", false),
    ("NO_PROXY", false),
];

/// Reads one variable; `None` when it is unset or not Unicode.
pub(crate) type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The environment of this process, or of a test.
#[derive(Clone)]
pub(crate) struct Env(Lookup);

impl Env {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        #[allow(clippy::disallowed_methods)] // the one place where it is read
        Self(Arc::new(|name| std::env::var(name).ok()))
    }

    /// The value of a variable; empty counts as unset.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// A variable that holds a path.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }

    /// Whether a switch is on: set, and not `0`, `false` or `no`.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no"))
    }

    /// What back-ends get to read the environment with.
    pub(crate) fn lookup(&self) -> Lookup {
        let lookup = Arc::clone(&self.0);
        Arc::new(move |name| lookup(name).filter(|value| !value.is_empty()))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&'static str, &'static str); N]> for Env {
    fn from(pairs: [(&'static str, &'static str); N]) -> Self {
        Self(Arc::new(move |name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())))
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}
