//! `strongroom keyvault …`

use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyvaultVerb {
    /// Serve the embedded Key Vault until SIGTERM or Ctrl-C
    #[command(after_help = HELP)]
    Serve(ServeArgs),
}

const HELP: &str = "\
One line on stdout says that it is ready; with `-o json` it is an object with all that clients need.
It is for tests and for trying things out, not for production secrets.

Examples:
  strongroom keyvault serve
  strongroom keyvault serve --memory --vault team-a --vault team-b -o json
  strongroom keyvault serve --listen 127.0.0.1:443 --vault my-vault --dns-name my-vault.vault.azure.net";

/// `serve`
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where the first vault listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// A vault to serve; may be given several times [default: strongroom]
    #[arg(long = "vault", value_name = "NAME")]
    pub(crate) vaults: Vec<String>,
    /// The folder that keeps vaults, certificate authority and client secret [default: in Strongroom's data folder]
    #[arg(long, value_name = "FOLDER", conflicts_with = "memory")]
    pub(crate) data: Option<PathBuf>,
    /// Keep nothing: all is gone when it stops
    #[arg(long)]
    pub(crate) memory: bool,
    /// A further name in the certificate; may be given several times
    #[arg(long = "dns-name", alias = "dns_name", value_name = "NAME")]
    pub(crate) dns_names: Vec<String>,
    /// For how many days a deleted secret can be recovered: 7 to 90
    #[arg(long, alias = "recoverable_days", value_name = "DAYS", default_value_t = 90)]
    pub(crate) recoverable_days: u16,
    /// Refuse to purge deleted secrets, as vaults with purge protection do
    #[arg(long, alias = "purge_protection")]
    pub(crate) purge_protection: bool,
}
