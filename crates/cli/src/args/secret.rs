//! `strongroom secrets-manager secret …`

use super::{FreeForm, Sealed};
use clap::{Args, Subcommand, ValueEnum};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretVerb {
    /// Write a secret that is not there yet
    #[command(after_help = REGISTER_HELP)]
    Register(RegisterArgs),
    /// Show a secret and its values
    #[command(after_help = GET_HELP)]
    Get(GetArgs),
    /// Show the keys of a secret, without values
    Describe(NameArgs),
    /// List the names of all secrets
    List(ListArgs),
    /// Change values of a secret; those that are not named stay
    #[command(after_help = UPDATE_HELP)]
    Update(UpdateArgs),
    /// Delete a secret
    Delete(DeleteArgs),
    /// Delete all secrets of the secrets manager
    Cleanup(CleanupArgs),
    /// Move secrets into the central store: on a server after `login`, else on this machine
    #[command(after_help = MIGRATE_HELP)]
    Migrate(MigrateArgs),
}

const MIGRATE_HELP: &str = "\
Each secret is written into the central store, read back and compared. Only then, and only with `--delete`, it is deleted from the
secrets manager. One that cannot be migrated is reported, and does not hinder the others. Its schema stays with it; values that are
no text become text.

A journal in STRONGROOM_HOME has a record of every step. When a run was interrupted, the next goes on; `--resume` also keeps its
options and its answers. `--rollback` takes back what migrations into this store did, where nobody changed it since: what they made
goes, what they overwrote comes back, and what they deleted is written into the secrets manager again.

Examples:
  strongroom secrets-manager secret migrate --dry-run             say what would be done
  strongroom secrets-manager secret migrate                       ask for each secret
  strongroom secrets-manager secret migrate db aws --map db=prod-db
  strongroom secrets-manager secret migrate --non-interactive --delete
  strongroom secrets-manager secret migrate --resume
  strongroom secrets-manager secret migrate --rollback";

const REGISTER_HELP: &str = "\
A value is given as
  --KEY=VALUE    itself; others may read it in process lists and shell histories
  --KEY=@FILE    the text of a file, to the byte
  --KEY=-        what stands on standard input; for one key only
  --KEY=@@VALUE  a value that begins with `@`
or with other values in a document, where keys need not be identifiers.
The options above keep their meaning wherever they stand; a key of such a name goes behind `--`.

Examples:
  strongroom secrets-manager secret register db --user=me --password=@password.txt
  strongroom secrets-manager secret register aws --schema=aws --interactive
  vault-tool read token | strongroom secrets-manager secret register api --token=- --trim-newline
  strongroom secrets-manager secret register app --values=@app.yaml";

const GET_HELP: &str = "\
Examples:
  strongroom secrets-manager secret get aws
  strongroom secrets-manager secret get aws --key aws_access_key_id
  strongroom secrets-manager secret get aws -o json";

const UPDATE_HELP: &str = "\
Values are given as in `register`; see its help.

Examples:
  strongroom secrets-manager secret update db --password=@password.txt
  strongroom secrets-manager secret update aws --remove-keys aws_session_token
  strongroom secrets-manager secret update db --interactive";

/// Where values come from, besides pairs.
#[derive(Debug, Args)]
pub(crate) struct ValueArgs {
    /// Ask for the values, without showing them
    #[arg(short, long)]
    pub(crate) interactive: bool,
    /// Keys and values as JSON or YAML; `@FILE` reads a file, `-` standard input
    #[arg(short = 'v', long = "values", value_name = "DOCUMENT")]
    pub(crate) document: Option<Sealed>,
    /// Leave out the newline at the end of values from files and standard input
    #[arg(long, alias = "trim_newline")]
    pub(crate) trim_newline: bool,
    /// The `--key=value` pairs; set after parsing.
    #[arg(skip)]
    pub(crate) pairs: FreeForm,
}

/// `register`
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// What to call the secret
    pub(crate) name: String,
    /// Which keys it may and must have: arbitrary, aws, azure, gcp, basic_auth, …
    #[arg(short, long, default_value = "arbitrary", hide_default_value = true)]
    pub(crate) schema: String,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

/// `get`
#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// The name of the secret
    pub(crate) name: String,
    /// Show the value of this key only, as it is
    #[arg(short, long)]
    pub(crate) key: Option<String>,
}

/// A secret that must be named.
#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// The name of the secret
    pub(crate) name: String,
}

/// `list`
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// `name`, or `desc:name` for the other way round
    #[arg(long, alias = "sort_by", value_name = "FIELD", default_value = "name", hide_default_value = true)]
    #[arg(value_parser = ["name", "asc:name", "desc:name"], hide_possible_values = true)]
    pub(crate) sort_by: String,
}

/// `update`
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The name of the secret
    pub(crate) name: String,
    /// Take this key away; may be given several times
    #[arg(short, long, alias = "remove_keys", value_name = "KEY")]
    pub(crate) remove_keys: Vec<String>,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

/// `delete`
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// The name of the secret
    pub(crate) name: String,
    /// Do not ask whether to go on
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// `cleanup`
#[derive(Debug, Args)]
pub(crate) struct CleanupArgs {
    /// Do not ask whether to go on
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// `migrate`
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Which secrets; all if none is named
    pub(crate) names: Vec<String>,
    /// Delete each secret from the secrets manager once it is verified in the central store
    #[arg(long)]
    pub(crate) delete: bool,
    /// Show the values of the secrets that are asked about
    #[arg(long, alias = "show_secrets")]
    pub(crate) show_secrets: bool,
    /// Ask nothing: migrate, overwrite what differs, and with `--delete` delete
    #[arg(long, alias = "non_interactive")]
    pub(crate) non_interactive: bool,
    /// Who shall see the secrets: everyone (`workspace`), or you alone (`user`)
    #[arg(short, long, value_enum, default_value = "workspace")]
    pub(crate) scope: MigrateScope,
    /// Give a secret another name in the central store; may be given several times
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) map: Vec<String>,
    /// Read both sides, say what would be done, and write nothing
    #[arg(long, alias = "dry_run")]
    pub(crate) dry_run: bool,
    /// Go on with a migration that was interrupted or had failures, with its options and answers
    #[arg(long, conflicts_with_all = ["names", "delete", "map"])]
    pub(crate) resume: bool,
    /// Take back what migrations of this secrets manager into this store did
    #[arg(long, conflicts_with_all = ["names", "delete", "map", "resume", "show_secrets"])]
    pub(crate) rollback: bool,
}

/// ZenML 0.44's words for who sees a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MigrateScope {
    /// Everyone who may read secrets
    Workspace,
    /// You alone
    User,
}
