//! What became of each secret, or would.

use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::{OpenManager, Place, Session};
use serde::Serialize;
use std::collections::BTreeMap;
use strongroom_core::{Error, Other, Result, Whose};
use strongroom_engine::migration::{Action, Outcome, Plan};

/// How many names of things that are left behind one line shows.
const SHOWN: usize = 5;

/// What is told, for programs.
#[derive(Debug, Serialize)]
struct Document<'a> {
    secrets_manager: &'a str,
    store: String,
    dry_run: bool,
    secrets: Vec<Row<'a>>,
    left_behind: Vec<Left<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    target: &'a str,
    action: &'static str,
    /// With a dry run, whether it would be.
    deleted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure<'a>>,
}

/// A failure as programs see it.
#[derive(Debug, Serialize)]
pub(super) struct Failure<'a> {
    kind: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    causes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Left<'a> {
    item: &'a str,
    why: String,
}

/// What the report is about.
pub(super) struct Report<'a> {
    manager: &'a OpenManager,
    place: &'a Place,
    others: &'a [Other],
}

impl<'a> Report<'a> {
    /// A report on a migration.
    pub(super) fn new(manager: &'a OpenManager, place: &'a Place, others: &'a [Other]) -> Self {
        Self { manager, place, others }
    }

    /// Says what would be done.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(super) fn foreseen(&self, plan: Plan, session: &Session) -> Result<ExitStatus> {
        let Plan { items, settled: mut outcomes, half_deleted, .. } = plan;
        outcomes.extend(half_deleted.into_iter().map(|(_, outcome)| Outcome { deleted: true, ..outcome }));
        outcomes.extend(items.iter().map(|item| Outcome { deleted: item.delete, digest: None, ..item.foreseen() }));
        outcomes.sort_by(|one, other| one.name.cmp(&other.name));
        let status = self.show(&outcomes, true, session)?;
        session.printer.done("This was a dry run: nothing was written.");
        Ok(status)
    }

    /// Says what was done.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub(super) fn done(&self, outcomes: &[Outcome], session: &Session) -> Result<ExitStatus> {
        let status = self.show(outcomes, false, session)?;
        if status == ExitStatus::Success && !outcomes.is_empty() {
            let count = |action| outcomes.iter().filter(|outcome| outcome.action == action).count();
            let deleted = outcomes.iter().filter(|outcome| outcome.deleted).count();
            session.printer.done(format!(
                "Congratulations! Your secrets were migrated successfully: {} created, {} updated, {} skipped, {deleted} deleted.",
                count(Action::Created),
                count(Action::Updated),
                count(Action::Skipped) + count(Action::Declined),
            ));
            if deleted == 0 {
                session.printer.done(
                    "They are still in the secrets manager; `strongroom secrets-manager secret migrate --delete` takes them out.",
                );
            }
        }
        Ok(status)
    }

    fn show(&self, outcomes: &[Outcome], dry_run: bool, session: &Session) -> Result<ExitStatus> {
        let document = Document {
            secrets_manager: &self.manager.component.name,
            store: self.place.to_string(),
            dry_run,
            secrets: outcomes.iter().map(Row::of).collect(),
            left_behind: self.others.iter().map(Left::of).collect(),
        };
        if !outcomes.is_empty() || session.printer.format() != crate::output::OutputFormat::Table {
            session.printer.data(&document, || table(&document))?;
        }
        self.tell_of_others(session);
        let failures: Vec<_> =
            outcomes.iter().filter_map(|outcome| outcome.error.as_ref().zip(Some(outcome))).collect();
        for (error, outcome) in &failures {
            session.printer.warn(in_words(outcome.name.as_str(), error));
        }
        if failures.is_empty() {
            return Ok(ExitStatus::Success);
        }
        let (failed, all) = (failures.len(), outcomes.len());
        session.printer.warn(match dry_run {
            true => format!("{failed} of {all} secrets cannot be migrated as they are"),
            false => format!("{failed} of {all} secrets failed, the others are done; `--resume` tries again"),
        });
        Ok(ExitStatus::Failure)
    }

    /// Nothing that is in the vault and stays there goes without a word.
    fn tell_of_others(&self, session: &Session) {
        let mut groups = BTreeMap::<String, Vec<&str>>::new();
        for Other { item, whose } in self.others {
            let (group, name) = match whose {
                Whose::Scope { secret, scope } => (format!("of {scope}"), secret.as_str()),
                Whose::CentralStore { server } => (format!("of the central store of server `{server}`"), item.as_str()),
                Whose::Own(_) | Whose::Misnamed | Whose::Untagged => {
                    session.printer.warn(format!("item `{item}` was not migrated: {whose}"));
                    continue;
                }
            };
            let names = groups.entry(group).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for (group, names) in groups {
            let more = names.len().saturating_sub(SHOWN);
            let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let shown = shown.join(", ");
            session.printer.note(format!("in the same vault, and not of this secrets manager: {shown}{more} {group}"));
        }
    }
}

impl<'a> Row<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        let Outcome { name, target, action, deleted, id, revision, digest, error } = outcome;
        Self {
            name: name.as_str(),
            target: target.as_str(),
            action: action.as_str(),
            deleted: *deleted,
            id: id.map(|id| id.to_string()),
            revision: *revision,
            digest: digest.as_deref(),
            error: error.as_ref().map(Failure::of),
        }
    }
}

impl<'a> Failure<'a> {
    /// The failure that an error is.
    pub(super) fn of(error: &'a Error) -> Self {
        Self { kind: error.kind().as_str(), message: error.to_string(), hint: error.hint(), causes: error.causes() }
    }
}

impl<'a> Left<'a> {
    fn of(Other { item, whose }: &'a Other) -> Self {
        Self { item: item.as_str(), why: whose.to_string() }
    }
}

/// A failure in one line.
pub(super) fn in_words(name: &str, error: &Error) -> String {
    let causes: String = error.causes().iter().map(|cause| format!(": {cause}")).collect();
    let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("`{name}` failed: {error}{causes}{hint}")
}

fn table(document: &Document<'_>) -> Table {
    let deleted = if document.dry_run { "DELETE" } else { "DELETED" };
    let headers = ["SECRET_NAME", "IN_STORE_AS", "ACTION", deleted, "REVISION", "DIGEST"];
    Table::new(headers).with_rows(document.secrets.iter().map(|row| {
        let action = match (document.dry_run, row.action) {
            (true, "created") => "create",
            (true, "updated") => "update",
            (true, "skipped") => "skip",
            (true, "failed") => "fail",
            (_, action) => action,
        };
        let revision = row.revision.map(|revision| revision.to_string()).unwrap_or_default();
        let deleted = if row.deleted { "yes" } else { "no" };
        let digest = row.digest.unwrap_or_default();
        [row.name, row.target, action, deleted, &revision, digest].map(str::to_owned)
    }))
}
