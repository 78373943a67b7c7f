//! `strongroom login`, `logout` and `status`.

use super::Sealed;
use clap::Args;

/// After the options of `login`.
pub(crate) const HELP: &str = "\
Without a key and a name, a page of the server is shown where the sign-in is confirmed.
An API key is asked for, or read from a file or from the variable STRONGROOM_API_KEY.

Examples:
  strongroom login https://secrets.example.com --api-key
  strongroom login https://secrets.example.com --username me --password-file password.txt";

/// `login`
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct LoginArgs {
    /// The address of the server
    pub(crate) url: String,
    /// Sign in with an API key
    #[arg(long, conflicts_with_all = ["username", "api_key_file"])]
    pub(crate) api_key: bool,
    /// The file whose first line is the API key, `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "username")]
    pub(crate) api_key_file: Option<String>,
    /// Sign in with the password of this user
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// The file whose first line is the password, `-` for standard input; without it, the password is asked for
    #[arg(long, value_name = "FILE", requires = "username")]
    pub(crate) password_file: Option<String>,
    /// First become the administrator of a new server, with the one-time code that it showed when it started
    #[arg(long, value_name = "CODE", requires = "username")]
    pub(crate) claim: Option<Sealed>,
    /// A PEM file of further certificates to trust
    #[arg(long, alias = "ssl-ca-cert", value_name = "FILE")]
    pub(crate) ca_certificate: Option<String>,
}

/// `logout`
#[derive(Debug, Args)]
pub(crate) struct LogoutArgs {
    /// The address of the server; without it, the one that commands use now
    pub(crate) url: Option<String>,
}
