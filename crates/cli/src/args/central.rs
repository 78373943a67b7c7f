//! `strongroom secret …`: the secrets of the central store, in the grammar of ZenML 0.98; 0.44's spellings are understood.

use super::list;
use super::secret::ValueArgs;
use clap::{Args, Subcommand, ValueEnum};
use strongroom_core::central::Visibility;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum CentralVerb {
    /// Make a secret
    #[command(after_help = CREATE_HELP)]
    Create(CreateArgs),
    /// List secrets, without values
    #[command(after_help = list::HELP)]
    List(SecretListArgs),
    /// Show a secret and its values
    Get(GetArgs),
    /// Change values or visibility of a secret; keys that are not named stay
    #[command(after_help = UPDATE_HELP)]
    Update(UpdateArgs),
    /// Give a secret another name
    Rename(RenameArgs),
    /// Delete a secret and all its revisions
    Delete(DeleteArgs),
    /// Write keys and values of a secret to a YAML file, for this user only
    Export(ExportArgs),
    /// Make a secret of a YAML, JSON or dotenv file
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// List the revisions of a secret that are kept
    History(HistoryArgs),
    /// Write the values of an earlier revision again, as a new one
    Rollback(RollbackArgs),
}

const CREATE_HELP: &str = "\
A value is given as
  --KEY=VALUE    itself; others may read it in process lists and shell histories
  --KEY=@FILE    the text of a file, to the byte
  --KEY=-        what stands on standard input; for one key only
  --KEY=@@VALUE  a value that begins with `@`
or with other values in a document, where keys need not be identifiers.
The options above keep their meaning wherever they stand; a key of such a name goes behind `--`.

Examples:
  strongroom secret create db --user=me --password=@password.txt
  strongroom secret create mine --private --token=-
  strongroom secret create app --values=@app.yaml";

const UPDATE_HELP: &str = "\
Values are given as in `create`; see its help.

Examples:
  strongroom secret update db --password=@password.txt --if-version 3
  strongroom secret update db --remove-keys old_password
  strongroom secret update db --private true";

const IMPORT_HELP: &str = "\
The form is known by the end of the file's name (.yaml .yml .json .env), else by the content.
A dotenv file may have comments, `export ` before a key, and quoted values of several lines;
a key that stands there twice is refused.

Examples:
  strongroom secret import app -f app.env --dry-run
  strongroom secret export db -f - | strongroom secret import copy -f -";

/// ZenML 0.44's word for visibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// Everyone's.
    Workspace,
    /// The caller's own.
    User,
}

/// Yes or no, in all spellings that ZenML's command line takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    /// Yes.
    #[value(name = "true", aliases = ["t", "yes", "y", "on", "1"])]
    Yes,
    /// No.
    #[value(name = "false", aliases = ["f", "no", "n", "off", "0"])]
    No,
}

impl From<YesNo> for bool {
    fn from(answer: YesNo) -> Self {
        answer == YesNo::Yes
    }
}

fn visibility(private: Option<YesNo>, scope: Option<Scope>) -> Option<Visibility> {
    match (private, scope) {
        (Some(YesNo::Yes), _) | (None, Some(Scope::User)) => Some(Visibility::Private),
        (Some(YesNo::No), _) | (None, Some(Scope::Workspace)) => Some(Visibility::Public),
        (None, None) => None,
    }
}

/// For whom a new secret is.
#[derive(Debug, Args)]
pub(crate) struct NewVisibilityArgs {
    /// For its owner only; without this, for everyone who may read secrets
    #[arg(short, long)]
    private: bool,
    /// ZenML 0.44's spelling: `workspace`, or `user` for a private secret
    #[arg(short, long, conflicts_with = "private", value_name = "SCOPE", hide_possible_values = true)]
    scope: Option<Scope>,
}

impl NewVisibilityArgs {
    /// What was asked for.
    pub(crate) fn visibility(&self) -> Visibility {
        visibility(self.private.then_some(YesNo::Yes), self.scope).unwrap_or(Visibility::Public)
    }
}

/// Which secret is meant.
#[derive(Debug, Args)]
pub(crate) struct WhichArgs {
    /// The name, the id or the beginning of the id
    pub(crate) name: String,
    /// Only private secrets (`true`) or only public ones (`false`); without this, public before private
    #[arg(short, long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    private: Option<YesNo>,
    /// ZenML 0.44's spelling: `workspace` or `user`
    #[arg(short, long, conflicts_with = "private", value_name = "SCOPE", hide_possible_values = true)]
    scope: Option<Scope>,
}

impl WhichArgs {
    /// Among which secrets to look.
    pub(crate) fn visibility(&self) -> Option<Visibility> {
        visibility(self.private, self.scope)
    }
}

/// `create`
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// What to call the secret
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) visibility: NewVisibilityArgs,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

/// `list`
#[derive(Debug, Args)]
pub(crate) struct SecretListArgs {
    #[command(flatten)]
    pub(crate) list: list::ListArgs,
    /// Only private secrets (`true`) or only public ones (`false`)
    #[arg(short, long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    private: Option<YesNo>,
    /// ZenML 0.44's spelling: `workspace` or `user`
    #[arg(short, long, conflicts_with = "private", value_name = "SCOPE", hide_possible_values = true)]
    scope: Option<Scope>,
    /// Only those of this user, by name or id
    #[arg(long, alias = "user_id", alias = "user-id", value_name = "FILTER")]
    pub(crate) user: Vec<String>,
}

impl SecretListArgs {
    /// Which secrets are asked for.
    pub(crate) fn visibility(&self) -> Option<Visibility> {
        visibility(self.private, self.scope)
    }
}

/// `get`
#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// Show the value of this key only, as it is
    #[arg(short, long)]
    pub(crate) key: Option<String>,
    /// The values as they were at this revision
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) revision: Option<u32>,
}

/// `update`
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The name, the id or the beginning of the id
    pub(crate) name: String,
    /// Make it private (`true`) or public (`false`)
    #[arg(short, long, value_name = "BOOL", ignore_case = true, hide_possible_values = true)]
    private: Option<YesNo>,
    /// ZenML 0.44's spelling: `workspace` or `user`
    #[arg(short = 's', long, alias = "new_scope", conflicts_with = "private", value_name = "SCOPE")]
    #[arg(hide_possible_values = true)]
    new_scope: Option<Scope>,
    /// Take this key away; may be given several times
    #[arg(short, long, alias = "remove_keys", value_name = "KEY")]
    pub(crate) remove_keys: Vec<String>,
    /// Only if this is still its revision
    #[arg(long, value_name = "REVISION", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) if_version: Option<u32>,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

impl UpdateArgs {
    /// Who shall see it from now on.
    pub(crate) fn visibility(&self) -> Option<Visibility> {
        visibility(self.private, self.new_scope)
    }
}

/// `rename`
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// What to call it from now on
    #[arg(short, long, alias = "new_name", value_name = "NAME")]
    pub(crate) new_name: String,
}

/// `delete`
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// Do not ask whether to go on
    #[arg(short, long)]
    pub(crate) yes: bool,
}

/// `export`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// The file to write, `-` for standard output [default: NAME.yaml]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) filename: Option<String>,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// The form of a file to import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// A map of keys to values.
    Yaml,
    /// An object.
    Json,
    /// Lines of `KEY=VALUE`.
    Dotenv,
}

/// `import`
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// What to call the secret
    pub(crate) name: String,
    /// The file to read, `-` for standard input [default: NAME.yaml]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) filename: Option<String>,
    /// The form of the file: yaml, json or dotenv
    #[arg(long, hide_possible_values = true)]
    pub(crate) format: Option<ImportFormat>,
    #[command(flatten)]
    pub(crate) visibility: NewVisibilityArgs,
    /// If the secret is there, give it these keys and values and no others
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `history`
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,
}

/// `rollback`
#[derive(Debug, Args)]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    pub(crate) which: WhichArgs,
    /// The revision whose values to write again
    #[arg(long, value_name = "REVISION", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) to: u32,
    /// Do not ask whether to go on
    #[arg(short, long)]
    pub(crate) yes: bool,
}
