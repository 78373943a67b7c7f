//! `strongroom user …` and `strongroom service-account …`, in the grammar of ZenML 0.98, roles added.

use super::Sealed;
use super::central::YesNo;
use super::list;
use clap::{Args, Subcommand};
use strongroom_core::central::Role;

/// The verbs of `user`.
#[derive(Debug, Subcommand)]
pub(crate) enum UserVerb {
    /// Make an account for a person
    Create(CreateUserArgs),
    /// List the accounts of persons
    #[command(after_help = list::HELP)]
    List(AccountListArgs),
    /// Show one account; without a name, the one that is signed in
    Describe(OptionalName),
    /// Change an account; without a name, the one that is signed in
    Update(UpdateUserArgs),
    /// Delete an account; one that owns secrets stays
    Delete(DeleteAccountArgs),
}

/// The verbs of `service-account`.
#[derive(Debug, Subcommand)]
pub(crate) enum ServiceAccountVerb {
    /// Make an account for a program, and an API key it signs in with
    Create(CreateServiceArgs),
    /// List the accounts of programs
    #[command(after_help = list::HELP)]
    List(AccountListArgs),
    /// Show one account
    Describe(NameArgs),
    /// Change an account
    Update(UpdateServiceArgs),
    /// Delete an account; one that owns secrets stays
    Delete(DeleteAccountArgs),
    /// The keys that a program signs in with
    ApiKey(ApiKeyArgs),
}

/// A name that may be left out.
#[derive(Debug, Args)]
pub(crate) struct OptionalName {
    /// The name or id
    pub(crate) name: Option<String>,
}

/// A name.
#[derive(Debug, Args)]
pub(crate) struct NameArgs {
    /// The name or id
    pub(crate) name: String,
}

/// `list`
#[derive(Debug, Args)]
pub(crate) struct AccountListArgs {
    #[command(flatten)]
    pub(crate) list: list::ListArgs,
    /// Only those that may sign in (`true`) or not (`false`)
    #[arg(long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    pub(crate) active: Option<YesNo>,
}

/// Where a password comes from; without any, it is asked for.
#[derive(Debug, Args)]
pub(crate) struct PasswordArgs {
    /// The password itself; others may read it in process lists and shell histories
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<Sealed>,
    /// The file whose first line is the password, `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "password")]
    pub(crate) password_file: Option<String>,
}

/// `user create`
#[derive(Debug, Args)]
pub(crate) struct CreateUserArgs {
    /// What to call the account
    pub(crate) name: String,
    /// What it may do: admin, editor, reader or lister
    #[arg(short, long, default_value = "editor")]
    pub(crate) role: Role,
    #[command(flatten)]
    pub(crate) password: PasswordArgs,
    /// The full name of the person
    #[arg(long, alias = "full_name", default_value = "", hide_default_value = true)]
    pub(crate) full_name: String,
    /// The address of the person
    #[arg(long)]
    pub(crate) email: Option<String>,
}

/// `user update`
#[derive(Debug, Args)]
pub(crate) struct UpdateUserArgs {
    /// The name or id
    pub(crate) name: Option<String>,
    /// The new name
    #[arg(short, long = "name", value_name = "NAME", id = "new_name")]
    pub(crate) new_name: Option<String>,
    /// The new full name
    #[arg(short, long, alias = "full_name")]
    pub(crate) full_name: Option<String>,
    /// The new address
    #[arg(short, long)]
    pub(crate) email: Option<String>,
    /// The new role: admin, editor, reader or lister
    #[arg(short, long)]
    pub(crate) role: Option<Role>,
    /// Whether it may sign in from now on
    #[arg(long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    pub(crate) active: Option<YesNo>,
    /// Ask for a new password, and for the present one of one's own account
    #[arg(long)]
    pub(crate) new_password: bool,
    /// The file whose first line is the new password
    #[arg(long, value_name = "FILE", conflicts_with = "new_password")]
    pub(crate) password_file: Option<String>,
    /// The file whose first line is the present password of one's own account
    #[arg(long, value_name = "FILE")]
    pub(crate) old_password_file: Option<String>,
}

/// `delete`
#[derive(Debug, Args)]
pub(crate) struct DeleteAccountArgs {
    /// The name or id
    pub(crate) name: String,
    /// Do not ask whether to go on
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// `service-account create`
#[derive(Debug, Args)]
pub(crate) struct CreateServiceArgs {
    /// What to call the account
    pub(crate) name: String,
    /// What it is for
    #[arg(short, long, default_value = "", hide_default_value = true)]
    pub(crate) description: String,
    /// What it may do: admin, editor, reader or lister
    #[arg(short, long, default_value = "editor")]
    pub(crate) role: Role,
    /// Whether to make an API key named `default`
    #[arg(long, alias = "create_api_key", value_name = "BOOL", ignore_case = true, default_value = "true")]
    #[arg(hide_possible_values = true)]
    pub(crate) create_api_key: YesNo,
    /// Write the key to this new file, for this user only, instead of showing it
    #[arg(long, alias = "output_file", value_name = "FILE")]
    pub(crate) output_file: Option<String>,
}

/// `service-account update`
#[derive(Debug, Args)]
pub(crate) struct UpdateServiceArgs {
    /// The name or id
    pub(crate) name: String,
    /// The new name
    #[arg(short, long = "name", value_name = "NAME", id = "new_name")]
    pub(crate) new_name: Option<String>,
    /// What it is for
    #[arg(short, long)]
    pub(crate) description: Option<String>,
    /// The new role: admin, editor, reader or lister
    #[arg(short, long)]
    pub(crate) role: Option<Role>,
    /// Whether it may sign in from now on
    #[arg(long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    pub(crate) active: Option<YesNo>,
}

/// `service-account api-key SERVICE_ACCOUNT …`
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct ApiKeyArgs {
    /// The name or id of the service account
    pub(crate) service_account: String,
    #[command(subcommand)]
    pub(crate) verb: ApiKeyVerb,
}

/// The verbs of `api-key`.
#[derive(Debug, Subcommand)]
pub(crate) enum ApiKeyVerb {
    /// Make a key and show it, this once
    Create(CreateKeyArgs),
    /// List the keys, without themselves
    #[command(after_help = list::HELP)]
    List(AccountListArgs),
    /// Show all of one key but itself
    Describe(NameArgs),
    /// Change a key's name, description or whether it may be used
    Update(UpdateKeyArgs),
    /// Replace a key and show the new one, this once
    Rotate(RotateArgs),
    /// Delete a key; the tokens it got end
    Delete(DeleteAccountArgs),
}

/// `api-key create`
#[derive(Debug, Args)]
pub(crate) struct CreateKeyArgs {
    /// What to call the key
    pub(crate) name: String,
    /// What it is for
    #[arg(short, long, default_value = "", hide_default_value = true)]
    pub(crate) description: String,
    /// Write the key to this new file, for this user only, instead of showing it
    #[arg(long, alias = "output_file", value_name = "FILE")]
    pub(crate) output_file: Option<String>,
}

/// `api-key update`
#[derive(Debug, Args)]
pub(crate) struct UpdateKeyArgs {
    /// The name or id of the key
    pub(crate) name: String,
    /// The new name
    #[arg(short, long = "name", value_name = "NAME", id = "new_name")]
    pub(crate) new_name: Option<String>,
    /// What it is for
    #[arg(short, long)]
    pub(crate) description: Option<String>,
    /// Whether it may be used from now on
    #[arg(short, long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    pub(crate) active: Option<YesNo>,
}

/// `api-key rotate`
#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    /// The name or id of the key
    pub(crate) name: String,
    /// How many minutes the old key stays good
    #[arg(short, long, value_name = "MINUTES", default_value_t = 0)]
    pub(crate) retain: u32,
    /// Write the key to this new file, for this user only, instead of showing it
    #[arg(long, alias = "output_file", value_name = "FILE")]
    pub(crate) output_file: Option<String>,
    /// Do not ask whether to go on
    #[arg(short, long)]
    pub(crate) yes: bool,
}
