//! `strongroom server …`

use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum ServerVerb {
    /// Serve the central store until SIGTERM or Ctrl-C
    #[command(after_help = HELP)]
    Start(StartArgs),
}

const HELP: &str = "\
One line on stdout says that it is ready; with `-o json` it is an object with `url`, `metrics_url` and `pid`.
At the first start it shows a one-time code on stderr; with it `strongroom server claim`, or POST /api/v1/claim, makes the first
administrator. `--admin-user` with `--admin-password-file` does without.

Examples:
  strongroom server start
  strongroom server start --admin-user admin --admin-password-file password.txt -o json
  strongroom server start --listen 0.0.0.0:8237 --tls-certificate server.pem --tls-key server.key \\
      --database postgres://strongroom@db/strongroom";

/// `start`
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    /// Where it listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8237", env = "STRONGROOM_LISTEN")]
    pub(crate) listen: SocketAddr,
    /// Where the catalogue is: sqlite:PATH, postgres://… or mysql://… [default: in Strongroom's data folder]
    #[arg(long, value_name = "URL", env = "STRONGROOM_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// The file of the key that seals, made when the store is [default: in Strongroom's data folder]
    #[arg(long, value_name = "FILE", env = "STRONGROOM_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// The certificate chain to serve TLS with, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_key", env = "STRONGROOM_TLS_CERTIFICATE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// Its key, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_certificate", env = "STRONGROOM_TLS_KEY")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Make a certificate at each start, and say where it is
    #[arg(long, conflicts_with_all = ["tls_certificate", "behind_proxy"])]
    pub(crate) tls_self_signed: bool,
    /// A proxy in front ends TLS, and says in X-Forwarded-For who calls
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// Make this administrator, unless the account has a password already
    #[arg(long, value_name = "NAME", requires = "admin_password_file")]
    pub(crate) admin_user: Option<String>,
    /// The file with that administrator's password
    #[arg(long, value_name = "FILE", requires = "admin_user")]
    pub(crate) admin_password_file: Option<PathBuf>,
    /// Where Prometheus finds metrics
    #[arg(long, value_name = "ADDRESS:PORT", env = "STRONGROOM_METRICS_LISTEN")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// How many revisions of a secret are kept
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep_revisions: u32,
}
