//! `strongroom import …`

use super::key::StoreArgs;
use super::server::PlaceArgs;
use clap::{Args, Subcommand};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportVerb {
    /// Take users and their secrets over from a copy of ZenML's database
    #[command(after_help = HELP)]
    ZenmlDb(ZenmlDbArgs),
}

const HELP: &str = "\
The database is read and never written; make a copy all the same, so that nobody changes it meanwhile. Without `--apply` nothing is written
here either: the plan is shown. Ids, names, owners, visibility and times are kept. Users become accounts without a password: an
administrator gives them one (`strongroom user update NAME --new-password`). ZenML's own secrets are left out; those that cannot be read
are told of. Exit code 1 says that a secret stays behind. A second run goes on where the first ended.

Values that ZenML kept in an Azure Key Vault stay there, and are read back first, when this store keeps its own in the same vault
(`--secrets-store azure`, or the configuration of the server); others are told of. Let no server of ZenML change them from then on.

Secrets that ZenML encrypted need its key: `--encryption-key-file`, or the variable ZENML_SECRETS_STORE_ENCRYPTION_KEY.

Examples:
  strongroom import zenml-db sqlite:copy-of-zenml.db
  strongroom import zenml-db sqlite:copy-of-zenml.db --apply
  strongroom import zenml-db @address.txt --encryption-key-file key.txt --apply -o json
  strongroom import zenml-db sqlite:copy-of-zenml.db --secrets-store azure --secrets-store-option key_vault_name=my-vault";

/// `zenml-db`
#[derive(Debug, Args)]
pub(crate) struct ZenmlDbArgs {
    /// Where ZenML's database is: sqlite:PATH or mysql://USER@HOST/NAME; `@FILE` reads it from a file, where a password in it is
    /// nobody else's to see
    pub(crate) url: String,
    /// Do what the plan says
    #[arg(long)]
    pub(crate) apply: bool,
    /// Give secrets that are there with other values the values they had in ZenML
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// The file whose first line is ZenML's encryption key
    #[arg(long, value_name = "FILE")]
    pub(crate) encryption_key_file: Option<String>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}
