//! What `strongroom server start` goes by: each setting is an option, a variable `STRONGROOM_…`, a key of `[server]` in the
//! configuration file, or its default.

use super::secrets_store::{self, SecretsStore};
use super::{Setting, optional, pick};
use crate::args::server::{PlaceArgs, StartArgs};
use crate::env::{self, Env};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use strongroom_core::{Error, Result};

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8237);
const KEEP_REVISIONS: u32 = 10;

/// The settings of the server.
#[derive(Debug, Clone)]
pub(crate) struct ServerSettings {
    /// Where it listens.
    pub(crate) listen: Setting<SocketAddr>,
    /// Where the catalogue is, if not in the data folder.
    pub(crate) database: Setting<Option<String>>,
    /// The file of the key that seals, if not in the data folder.
    pub(crate) key_file: Setting<Option<PathBuf>>,
    /// The certificate chain to serve TLS with.
    pub(crate) tls_certificate: Setting<Option<PathBuf>>,
    /// Its key.
    pub(crate) tls_key: Setting<Option<PathBuf>>,
    /// Whether to make a certificate.
    pub(crate) tls_self_signed: Setting<bool>,
    /// Whether a proxy in front ends TLS.
    pub(crate) behind_proxy: Setting<bool>,
    /// The administrator to make.
    pub(crate) admin_user: Setting<Option<String>>,
    /// The file with that administrator's password.
    pub(crate) admin_password_file: Setting<Option<PathBuf>>,
    /// Where metrics are.
    pub(crate) metrics_listen: Setting<Option<SocketAddr>>,
    /// How many revisions of a secret are kept.
    pub(crate) keep_revisions: Setting<u32>,
    /// Where values go.
    pub(crate) secrets_store: SecretsStore,
}

/// `[server]` of the configuration file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerFile {
    listen: Option<SocketAddr>,
    database: Option<String>,
    key_file: Option<PathBuf>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    tls_self_signed: Option<bool>,
    behind_proxy: Option<bool>,
    admin_user: Option<String>,
    admin_password_file: Option<PathBuf>,
    metrics_listen: Option<SocketAddr>,
    keep_revisions: Option<u32>,
    #[serde(default)]
    secrets_store: BTreeMap<String, toml::Value>,
}

impl ServerFile {
    /// Where values go when nobody names a place on the command line: for the store on this machine, which is the server's if one
    /// runs in the same home.
    ///
    /// # Errors
    /// As [`ServerSettings::merge`].
    pub(crate) fn place_of_values(&self, env: &Env) -> Result<SecretsStore> {
        self.place_given(&PlaceArgs::default(), env)
    }

    /// The same when somebody may have.
    ///
    /// # Errors
    /// As [`ServerSettings::merge`].
    pub(crate) fn place_given(
        &self,
        PlaceArgs { secrets_store: kind, secrets_store_option: options }: &PlaceArgs,
        env: &Env,
    ) -> Result<SecretsStore> {
        secrets_store::merge(*kind, options, env, self.secrets_store.clone())
    }
}

impl ServerSettings {
    /// Merges all sources.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when one of them cannot be understood, or two settings exclude each other.
    pub(crate) fn merge(args: &StartArgs, env: &Env, file: &ServerFile) -> Result<Self> {
        let (args, file) = (args.clone(), file.clone());
        let text = |name| (env.get(name), name);
        let path = |name| (env.path(name), name);
        let switch = |name| (env.get(name).map(|_| env.is_on(name)), name);
        let settings = Self {
            listen: pick((args.listen, "--listen"), parsed(env, env::LISTEN)?, file.listen, LISTEN),
            database: optional((args.database, "--database"), text(env::DATABASE), file.database),
            key_file: optional((args.key_file, "--key-file"), path(env::KEY_FILE), file.key_file),
            tls_certificate: optional(
                (args.tls_certificate, "--tls-certificate"),
                path(env::TLS_CERTIFICATE),
                file.tls_certificate,
            ),
            tls_key: optional((args.tls_key, "--tls-key"), path(env::TLS_KEY), file.tls_key),
            tls_self_signed: pick(
                (args.tls_self_signed.then_some(true), "--tls-self-signed"),
                switch(env::TLS_SELF_SIGNED),
                file.tls_self_signed,
                false,
            ),
            behind_proxy: pick(
                (args.behind_proxy.then_some(true), "--behind-proxy"),
                switch(env::BEHIND_PROXY),
                file.behind_proxy,
                false,
            ),
            admin_user: optional((args.admin_user, "--admin-user"), text(env::ADMIN_USER), file.admin_user),
            admin_password_file: optional(
                (args.admin_password_file, "--admin-password-file"),
                path(env::ADMIN_PASSWORD_FILE),
                file.admin_password_file,
            ),
            metrics_listen: optional(
                (args.metrics_listen, "--metrics-listen"),
                parsed(env, env::METRICS_LISTEN)?,
                file.metrics_listen,
            ),
            keep_revisions: pick(
                (args.keep_revisions, "--keep-revisions"),
                parsed(env, env::KEEP_REVISIONS)?,
                file.keep_revisions,
                KEEP_REVISIONS,
            ),
            secrets_store: secrets_store::merge(
                args.place.secrets_store,
                &args.place.secrets_store_option,
                env,
                file.secrets_store,
            )?,
        };
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        let Self { tls_certificate, tls_key, tls_self_signed, behind_proxy, keep_revisions, .. } = self;
        let Self { admin_user, admin_password_file, .. } = self;
        both(("tls_certificate", tls_certificate), ("tls_key", tls_key))?;
        both(("admin_user", admin_user), ("admin_password_file", admin_password_file))?;
        if tls_self_signed.value {
            let with = [
                ("tls_certificate", tls_certificate.value.is_some(), tls_certificate.origin),
                ("behind_proxy", behind_proxy.value, behind_proxy.origin),
            ];
            if let Some((name, _, origin)) = with.into_iter().find(|(_, is_set, _)| *is_set) {
                let own = tls_self_signed.origin;
                return Err(Error::invalid(format!(
                    "`tls_self_signed` ({own}) and `{name}` ({origin}) exclude each other"
                )));
            }
        }
        if keep_revisions.value == 0 {
            return Err(Error::invalid(format!("`keep_revisions` ({}): at least 1 is needed", keep_revisions.origin)));
        }
        Ok(())
    }
}

fn both<T, U>((a, first): (&str, &Setting<Option<T>>), (b, second): (&str, &Setting<Option<U>>)) -> Result<()> {
    let (given, missing, origin) = match (&first.value, &second.value) {
        (Some(_), None) => (a, b, first.origin),
        (None, Some(_)) => (b, a, second.origin),
        _ => return Ok(()),
    };
    Err(Error::invalid(format!("`{given}` ({origin}) needs `{missing}` too")))
}

/// A variable that is more than text.
fn parsed<T: FromStr>(env: &Env, name: &'static str) -> Result<(Option<T>, &'static str)> {
    let value = env
        .get(name)
        .map(|text| text.parse().map_err(|_| Error::invalid(format!("{name}: `{text}` cannot be understood"))));
    Ok((value.transpose()?, name))
}
