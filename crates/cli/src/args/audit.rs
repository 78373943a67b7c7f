//! `strongroom audit …`

use clap::{Args, Subcommand};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// Show who did what, the newest first
    #[command(after_help = LIST_HELP)]
    List(AuditListArgs),
    /// Find out whether somebody changed the audit trail
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyArgs),
    /// Write the whole audit trail to a new file, for this user only
    Export(AuditExportArgs),
}

const LIST_HELP: &str = "\
A TIME is like `2026-01-31`, `2026-01-31 12:00:00` or `2026-01-31T12:00:00Z`, in UTC; or `15m`, `2h`, `7d` ago.
An ACTION is like `secret.read`, `secret.update`, `sign-in`, `account.create`, `api-key.rotate`, `key.rotate`; a FILTER like
`startswith:secret.` does as well. The newest ten thousand records are looked at; `export` has them all.

Examples:
  strongroom audit list --secret db --action secret.read --since 7d
  strongroom audit list --actor ann --limit 10 -o json";

const VERIFY_HELP: &str = "\
Each record holds the hash of the one before, and the store signs where the trail ends: a server every minute and when it stops,
`export` whenever it runs. So it is found out when a record was changed, removed, put in or moved, when the end was cut off before what
was signed, and when all was written anew. `--against` also finds a trail that was cut off before an earlier export.

Examples:
  strongroom audit verify
  strongroom audit verify --against audit-january.jsonl
  strongroom audit verify --file audit-january.jsonl --public-key HEX";

/// `list`
#[derive(Debug, Args)]
pub(crate) struct AuditListArgs {
    /// Only what this account did
    #[arg(long, value_name = "FILTER")]
    pub(crate) actor: Vec<String>,
    /// Only what was done to the secret of this name or id
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) secret: Option<String>,
    /// Only this
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Vec<String>,
    /// Only what happened at this time or later
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Only what happened at this time or before
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// How many records to show
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) limit: u16,
}

/// `verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Check an exported file instead, without any store
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<String>,
    /// The public key that must have signed that file
    #[arg(long, value_name = "HEX", requires = "file")]
    pub(crate) public_key: Option<String>,
    /// Check also that the trail goes on from where this exported file ends
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pub(crate) against: Option<String>,
}

/// `export`
#[derive(Debug, Args)]
pub(crate) struct AuditExportArgs {
    /// The file to write: one record a line, in JSON
    #[arg(short, long, value_name = "FILE", default_value = "audit.jsonl")]
    pub(crate) filename: String,
}
