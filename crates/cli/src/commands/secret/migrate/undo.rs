//! `strongroom secrets-manager secret migrate --rollback`

use super::progress::Progress;
use super::report::{Failure, in_words};
use crate::exit::ExitStatus;
use crate::output::{OutputFormat, Table};
use crate::prompt;
use crate::session::{OpenManager, Place, Session};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use strongroom_core::{Error, Kind, Result, SecretName};
use strongroom_engine::migration::{Migration, TakenBack, Undone};

#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    target: &'a str,
    action: &'static str,
    restored: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure<'a>>,
}

impl<'a> Row<'a> {
    fn of(undone: &'a Undone) -> Self {
        let Undone { name, target, action, restored, error } = undone;
        Self {
            name: name.as_str(),
            target: target.as_str(),
            action: action.as_str(),
            restored: *restored,
            error: error.as_ref().map(Failure::of),
        }
    }
}

/// Takes back what migrations did.
pub(super) fn undo(
    migration: &Migration<'_>,
    manager: &OpenManager,
    place: &Place,
    yes: bool,
    dry_run: bool,
    session: &Session,
) -> Result<ExitStatus> {
    let names: BTreeSet<SecretName> = session.block_on(migration.to_undo())?.into_iter().collect();
    let (component, count) = (&manager.component.name, names.len());
    if names.is_empty() {
        return Err(Error::new(Kind::NotFound, "there is no migration to take back")
            .with_hint(format!("no journal speaks of one from `{component}` into {place}")));
    }
    if dry_run {
        let shown: String = names.iter().map(|name| format!("{name}\n")).collect();
        let names: Vec<_> = names.iter().map(SecretName::as_str).collect();
        session.printer.data_or_text(&names, || shown)?;
        session.printer.done(format!("Would take back the migration of these {count} secrets. Nothing was written."));
        return Ok(ExitStatus::Success);
    }
    let question = format!(
        "This will take {count} secrets out of {place} again, or give them the values from before. Are you sure you want to proceed?"
    );
    if !prompt::confirm(&question, yes).map_err(|error| match error.hint() {
        Some(_) => error.with_hint("say `--non-interactive` to go on without being asked"),
        None => error,
    })? {
        session.printer.done("Aborting the rollback...");
        return Ok(ExitStatus::Success);
    }
    let (restored, kept) = restore(names.into_iter().collect(), migration, manager, session)?;
    let progress = Progress::new("taking back");
    let mut undone = session.block_on(migration.undo(&kept, &|done| progress.at(done, count)))?;
    drop(progress);
    undone.iter_mut().for_each(|undone| undone.restored = restored.contains(&undone.name));
    undone.extend(kept.into_iter().map(|(name, error)| Undone {
        target: name.clone(),
        name,
        action: TakenBack::Failed,
        restored: false,
        error: Some(error),
    }));
    show(&undone, session)
}

/// Writes what the manager does not have into it again, each secret while no other process of this user writes it. Says which, and
/// which could not be.
fn restore(
    names: Vec<SecretName>,
    migration: &Migration<'_>,
    manager: &OpenManager,
    session: &Session,
) -> Result<(BTreeSet<SecretName>, BTreeMap<SecretName, Error>)> {
    let done = RefCell::new(BTreeMap::new());
    let ended = session.in_turns(manager, names.clone(), |some| {
        let restored = session.block_on(async { Ok(migration.restore(some).await) })?;
        done.borrow_mut().extend(restored);
        Ok(some.len())
    });
    let mut done = done.into_inner();
    let (mut restored, mut kept) = (BTreeSet::new(), BTreeMap::new());
    for name in names {
        match (done.remove(&name), &ended) {
            (Some(Ok(true)), _) => drop(restored.insert(name)),
            (Some(Ok(false)), _) => {}
            (Some(Err(error)), _) => drop(kept.insert(name, error)),
            (None, Err(error)) => drop(kept.insert(name, Error::new(error.kind(), error.to_string()))),
            (None, Ok(_)) => {}
        }
    }
    Ok((restored, kept))
}

fn show(undone: &[Undone], session: &Session) -> Result<ExitStatus> {
    let rows: Vec<_> = undone.iter().map(Row::of).collect();
    session.printer.data(&rows, || {
        let headers = ["SECRET_NAME", "IN_STORE_AS", "ACTION", "RESTORED"];
        Table::new(headers).with_rows(rows.iter().map(|row| {
            let restored = if row.restored { "yes" } else { "no" };
            [row.name, row.target, row.action, restored].map(str::to_owned)
        }))
    })?;
    for Undone { name, action, error, .. } in undone {
        match error {
            Some(error) => session.printer.warn(in_words(name.as_str(), error)),
            None if *action == TakenBack::Left && session.printer.format() == OutputFormat::Table => {
                session
                    .printer
                    .note(format!("`{name}` stays in the store: it was there before, or somebody changed it since"));
            }
            None => {}
        }
    }
    let failed = undone.iter().filter(|undone| undone.error.is_some()).count();
    if failed > 0 {
        session.printer.warn(format!("{failed} of {} secrets failed; `--rollback` tries again", undone.len()));
        return Ok(ExitStatus::Failure);
    }
    session.printer.done("The migration was taken back.");
    Ok(ExitStatus::Success)
}
