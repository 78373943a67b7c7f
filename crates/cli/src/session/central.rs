//! The central store that commands use: a server that the environment names, else one that was signed in to, else the store on
//! this machine.

use super::Session;
use super::credentials::{Credentials, Proof, Server};
use crate::env::{self, Env};
use secrecy::SecretString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use strongroom_api::client::Token;
use strongroom_api::{Client, ClientOptions, SignIn};
use strongroom_core::central::{Accounts, Audit, Secrets};
use strongroom_core::{Error, Kind, Result};
use time::OffsetDateTime;
use url::Url;

/// A central store as the caller may use it.
#[derive(Debug)]
pub(crate) struct Central {
    /// Its secrets.
    pub(crate) secrets: Arc<dyn Secrets>,
    /// Its accounts.
    pub(crate) accounts: Arc<dyn Accounts>,
    /// Its audit trail.
    pub(crate) audit: Arc<dyn Audit>,
    /// Where it is.
    pub(crate) place: Place,
}

/// Where a central store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A server, and who named it.
    Server {
        /// Its address.
        url: String,
        /// The variable that names it, or `login`.
        named_by: &'static str,
    },
    /// The file of this machine.
    Here(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { url, named_by } => write!(f, "{url} ({named_by})"),
            Self::Here(file) => write!(f, "{} (this machine)", file.display()),
        }
    }
}

/// The variables of one family: ours, or those of ZenML's client.
struct Variables {
    url: &'static str,
    api_key: &'static str,
    username: &'static str,
    password: &'static str,
    ca_certificate: &'static str,
}

const FAMILIES: [Variables; 2] = [
    Variables {
        url: env::URL,
        api_key: env::API_KEY,
        username: env::USERNAME,
        password: env::PASSWORD,
        ca_certificate: env::CA_CERTIFICATE,
    },
    Variables {
        url: env::ZENML_URL,
        api_key: env::ZENML_API_KEY,
        username: env::ZENML_USERNAME,
        password: env::ZENML_PASSWORD,
        ca_certificate: env::ZENML_VERIFY_SSL,
    },
];

impl Variables {
    /// The PEM file of further certificates to trust.
    fn ca_certificate(&self, env: &Env) -> Result<Option<PathBuf>> {
        let Some(text) = env.get(self.ca_certificate) else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(None),
            "false" | "0" | "no" => {
                Err(Error::new(Kind::Unsupported, format!("{} cannot be switched off", self.ca_certificate))
                    .with_hint("name the PEM file of the server's certificate authority there"))
            }
            _ => Ok(Some(text.into())),
        }
    }
}

/// Where `server start` listens when nothing else is said.
const STARTED_HERE: &str = "http://127.0.0.1:8237";

/// How long a server may take to end a token: who signs out has done so in any case.
const SIGN_OUT: Duration = Duration::from_secs(3);

impl Session {
    /// How to reach the server at `url`; without it the one that commands use, and else the one that `server start` starts.
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for an address that is none.
    pub(crate) fn server(&self, url: Option<&str>) -> Result<ClientOptions> {
        let family = FAMILIES.iter().find(|family| self.env.get(family.url).is_some());
        let credentials = Credentials::read(&self.home)?;
        let named = family.and_then(|family| self.env.get(family.url)).or_else(|| credentials.active.clone());
        let text = url.map(str::to_owned).or(named).unwrap_or_else(|| STARTED_HERE.to_owned());
        let mut options = ClientOptions::new(address(&text)?);
        let known = credentials.servers.get(options.url.as_str()).and_then(|server| server.ca_certificate.as_ref());
        options.ca_certificate = match known {
            Some(file) => Some(PathBuf::from(file)),
            None => family.unwrap_or(&FAMILIES[0]).ca_certificate(&self.env)?,
        };
        Ok(options)
    }

    /// The central store to work on. Nothing is asked yet.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when a server is named and nothing to sign in with; [`Kind::Invalid`] for an address that is none.
    pub(crate) fn central(&self) -> Result<Central> {
        if let Some((url, options, sign_in)) = of_environment(&self.env)? {
            self.runtimes.expect_network(true);
            return remote(&options, sign_in, url);
        }
        let credentials = Credentials::read(&self.home)?;
        match credentials.active {
            Some(address) => {
                let server = credentials.servers.get(&address).ok_or_else(|| {
                    Error::new(Kind::Unauthenticated, format!("not signed in to {address}"))
                        .with_hint(format!("`strongroom login {address}`"))
                })?;
                let (options, sign_in) = of_login(&address, server)?;
                self.runtimes.expect_network(true);
                remote(&options, sign_in, "login")
            }
            None => self.embedded(),
        }
    }

    /// The central store to work on, unless it would have to be made first.
    ///
    /// # Errors
    /// As [`Self::central`].
    pub(crate) fn central_if_made(&self) -> Result<Option<Central>> {
        let is_remote = self.server_variable().is_some() || Credentials::read(&self.home)?.active.is_some();
        if is_remote || self.home.store().exists() { self.central().map(Some) } else { Ok(None) }
    }

    /// Ends the token of a sign-in at its server. An API key is none: each command gets a token of its own by it.
    ///
    /// # Errors
    /// What [`Client::sign_out`] fails with: the server takes the token until it expires.
    pub(crate) fn end_token(&self, address: &str, server: &Server) -> Result<()> {
        if matches!(server.proof, Proof::ApiKey(_)) {
            return Ok(());
        }
        let (mut options, sign_in) = of_login(address, server)?;
        options.deadline = SIGN_OUT;
        self.runtimes.expect_network(true);
        self.block_on(Client::new(&options, sign_in)?.sign_out())
    }

    /// The variable that names a server, if one does.
    pub(crate) fn server_variable(&self) -> Option<&'static str> {
        FAMILIES.iter().map(|family| family.url).find(|url| self.env.get(url).is_some())
    }
}

fn remote(options: &ClientOptions, sign_in: SignIn, named_by: &'static str) -> Result<Central> {
    let client = Arc::new(Client::new(options, sign_in)?);
    let place = Place::Server { url: client.url().to_string(), named_by };
    let accounts: Arc<dyn Accounts> = Arc::<Client>::clone(&client);
    let audit: Arc<dyn Audit> = Arc::<Client>::clone(&client);
    Ok(Central { secrets: client, accounts, audit, place })
}

fn of_environment(env: &Env) -> Result<Option<(&'static str, ClientOptions, SignIn)>> {
    let Some(family) = FAMILIES.iter().find(|family| env.get(family.url).is_some()) else { return Ok(None) };
    let mut options = ClientOptions::new(address(&env.get(family.url).unwrap_or_default())?);
    options.ca_certificate = family.ca_certificate(env)?;
    let sign_in = match (env.get(family.api_key), env.get(family.username)) {
        (Some(key), _) => SignIn::ApiKey(key.into()),
        (None, Some(username)) => {
            let password = SecretString::from(env.get(family.password).unwrap_or_default());
            SignIn::Password { username, password }
        }
        (None, None) => {
            return Err(Error::new(
                Kind::Unauthenticated,
                format!("{} names a server, and nothing says who signs in", family.url),
            )
            .with_hint(format!("set {}, or {} and {}", family.api_key, family.username, family.password)));
        }
    };
    Ok(Some((family.url, options, sign_in)))
}

fn of_login(text: &str, server: &Server) -> Result<(ClientOptions, SignIn)> {
    let Server { ca_certificate, proof } = server;
    let mut options = ClientOptions::new(address(text)?);
    options.ca_certificate = ca_certificate.as_ref().map(PathBuf::from);
    let sign_in = match proof {
        Proof::ApiKey(key) => SignIn::ApiKey(key.clone()),
        Proof::Token { secret, expires } => SignIn::Token(Token {
            secret: secret.clone(),
            expires: expires.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok()),
        }),
    };
    Ok((options, sign_in))
}

/// The address of a server; the text is not repeated, as it may hold a password.
pub(crate) fn address(text: &str) -> Result<Url> {
    let refused = || {
        Error::invalid("this is no address of a central server")
            .with_hint("an address is like `https://secrets.example.com`")
    };
    let url = Url::parse(text).map_err(|_| refused())?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(refused()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn our_variables_count_before_those_of_zenml() {
        let env = Env::from([
            (env::ZENML_URL, "https://theirs.example"),
            (env::ZENML_API_KEY, "k"),
            (env::URL, "https://ours.example"),
            (env::USERNAME, "me"),
        ]);
        let (named_by, options, sign_in) = of_environment(&env).unwrap().unwrap();
        assert_eq!((named_by, options.url.as_str()), (env::URL, "https://ours.example/"));
        assert!(matches!(sign_in, SignIn::Password { username, .. } if username == "me"));
        assert!(of_environment(&Env::from([])).unwrap().is_none());
    }

    #[test]
    fn a_server_without_anybody_to_sign_in_and_addresses_that_are_none_are_refused() {
        let env = Env::from([(env::ZENML_URL, "https://theirs.example")]);
        assert_eq!(of_environment(&env).unwrap_err().kind(), Kind::Unauthenticated);
        let env = Env::from([(env::ZENML_URL, "mysql://user:canary@host/db")]);
        let error = of_environment(&env).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert!(!format!("{error:?}").contains("canary"));
        let env = Env::from([(env::URL, "https://a"), (env::API_KEY, "k"), (env::CA_CERTIFICATE, "false")]);
        assert_eq!(of_environment(&env).unwrap_err().kind(), Kind::Unsupported);
    }
}
