//! `strongroom server …`

use crate::settings::StoreKind;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum ServerVerb {
    /// Serve the central store until SIGTERM or Ctrl-C
    #[command(after_help = HELP)]
    Start(StartArgs),
    /// Whether a server is up and ready, and what it is; exit code 1 when it is not ready
    #[command(after_help = STATUS_HELP)]
    Status(StatusArgs),
    /// Become the first administrator of a server that has none
    #[command(after_help = CLAIM_HELP)]
    Claim(ClaimArgs),
    /// Print the description of the REST API, OpenAPI 3.1
    Openapi,
}

const HELP: &str = "\
One line on stdout says that it is ready; with `-o json` it is an object with `url`, `metrics_url` and `pid`.
At the first start it shows a one-time code on stderr; with it `strongroom server claim`, `strongroom login --claim`
or POST /api/v1/claim makes the first administrator. `--admin-user` with `--admin-password-file` does without.

Each option may also be a variable (`--key-file`: STRONGROOM_KEY_FILE; of the place of values: STRONGROOM_SECRETS_STORE_KEY_VAULT_NAME)
or a key of `[server]` in config.toml (`key_file`; of the place of values in `[server.secrets_store]`). ZenML's ZENML_SECRETS_STORE_TYPE and
those beside it are understood too. A client secret belongs into AZURE_CLIENT_SECRET.

Examples:
  strongroom server start
  strongroom server start --admin-user admin --admin-password-file password.txt -o json
  strongroom server start --listen 0.0.0.0:8237 --tls-certificate server.pem --tls-key server.key \\
      --database postgres://strongroom@db/strongroom
  strongroom server start --secrets-store azure --secrets-store-option key_vault_name=my-vault";

const STATUS_HELP: &str = "\
Nobody has to be signed in. Without a URL it asks the server that commands use, and else the one that `server start` starts.

Examples:
  strongroom server status
  strongroom server status https://secrets.example.com -o json";

/// `status`
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The address of the server
    pub(crate) url: Option<String>,
    /// A PEM file of further certificates to trust
    #[arg(long, alias = "ssl-ca-cert", value_name = "FILE")]
    pub(crate) ca_certificate: Option<PathBuf>,
    /// How many seconds it may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
}

const CLAIM_HELP: &str = "\
The server shows the one-time code on stderr whenever it starts without an administrator. Code and password are asked for, or read
from files.

Examples:
  strongroom server claim http://127.0.0.1:8237 --username admin
  strongroom server claim http://127.0.0.1:8237 --username admin --code-file code.txt --password-file password.txt";

/// `claim`
#[derive(Debug, Args)]
pub(crate) struct ClaimArgs {
    /// The address of the server
    pub(crate) url: String,
    /// What to call the administrator
    #[arg(long, value_name = "NAME")]
    pub(crate) username: String,
    /// The file whose first line is the one-time code, `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) code_file: Option<String>,
    /// The file whose first line is the password, `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<String>,
    /// A PEM file of further certificates to trust
    #[arg(long, alias = "ssl-ca-cert", value_name = "FILE")]
    pub(crate) ca_certificate: Option<String>,
}

/// `start`
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct StartArgs {
    /// Where it listens; port 0 takes a free one [default: 127.0.0.1:8237]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Where the catalogue is: sqlite:PATH, postgres://… or mysql://…; `@FILE` reads it from a file, where a password in it is nobody
    /// else's to see [default: in Strongroom's data folder]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// The file of the key that seals, made when the store is [default: in Strongroom's data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// The certificate chain to serve TLS with, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// Its key, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
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
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// How many revisions of a secret are kept [default: 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep_revisions: Option<u32>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// Where values are.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PlaceArgs {
    /// Where values are kept: sql (sealed, in the database), azure (a Key Vault) or none [default: sql]
    #[arg(long, value_name = "TYPE")]
    pub(crate) secrets_store: Option<StoreKind>,
    /// An attribute of that place, such as key_vault_name=my-vault; those of flavor `azure` but the scope, and format=0.44 or 0.98,
    /// the ZenML that shall read what is there. May be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) secrets_store_option: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.replace('-', "_"), value.to_owned())),
        _ => Err("it takes NAME=VALUE".to_owned()),
    }
}
