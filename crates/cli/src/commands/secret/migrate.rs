//! `strongroom secrets-manager secret migrate`

mod ask;
mod progress;
mod report;
mod undo;

use crate::args::secret::{MigrateArgs, MigrateScope};
use crate::exit::ExitStatus;
use crate::session::{Central, OpenManager, Place, Session};
use ask::Answers;
use progress::Progress;
use report::Report;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use strongroom_core::central::Visibility;
use strongroom_core::{Error, Kind, Result, SecretName};
use strongroom_engine::migration::{Doomed, Migration, Outcome, Plan, Unfinished, Wishes};

/// Moves secrets into the central store.
pub(super) fn migrate(args: MigrateArgs, session: &Session) -> Result<ExitStatus> {
    let manager = session.active_manager()?;
    let (dry_run, resume) = (args.dry_run, args.resume);
    let central = if dry_run { session.central_if_made()? } else { Some(session.central()?) };
    let place = central.as_ref().map_or_else(|| Place::Here(session.home.store()), |central| central.place.clone());
    let migration = open(&manager, central, &place, dry_run, session)?;
    if args.rollback {
        return undo::undo(&migration, &manager, &place, args.non_interactive, dry_run, session);
    }
    let (show_secrets, wishes) = (args.show_secrets, wishes(args, &migration, session)?);

    let reading = Progress::new("reading");
    let names = Some(&*wishes.names).filter(|names| !names.is_empty());
    let survey = session.block_on(manager.secrets.survey(names, &|read, known| reading.at(read, known)));
    drop(reading);
    let mut plan = session.block_on(migration.plan(survey?, wishes.clone(), resume))?;
    if plan.items.is_empty() && plan.settled.is_empty() && plan.half_deleted.is_empty() {
        session.printer.done("Your Secrets Manager is empty. Nothing to migrate.");
    }
    if dry_run {
        plan.items.iter_mut().filter(|item| !item.decided).for_each(|item| item.delete = wishes.delete);
        let others = std::mem::take(&mut plan.others);
        return Report::new(&manager, &place, &others).foreseen(plan, session);
    }
    Answers::new(&wishes, show_secrets, session).get(&mut plan, &migration)?;
    let others = std::mem::take(&mut plan.others);
    let outcomes = carry_out(plan, &migration, &manager, session)?;
    Report::new(&manager, &place, &others).done(&outcomes, session)
}

fn open<'m>(
    manager: &'m OpenManager,
    central: Option<Central>,
    place: &Place,
    dry_run: bool,
    session: &Session,
) -> Result<Migration<'m>> {
    let journal = session.migration_journal(manager, place);
    let key = Arc::new(session.migration_key(dry_run)?);
    match central {
        Some(central) if !dry_run => Migration::open(&manager.secrets, central.secrets, key, &journal),
        central => Migration::rehearse(&manager.secrets, central.map(|central| central.secrets), key, &journal),
    }
}

/// What is to be done: what the line says, or what the run that is resumed was to do.
fn wishes(args: MigrateArgs, migration: &Migration<'_>, session: &Session) -> Result<Wishes> {
    let MigrateArgs { names, delete, non_interactive, scope, map, resume, .. } = args;
    match migration.unfinished() {
        Some(Unfinished { begun, wishes, verified, decided, failed }) if resume => {
            let left = failed.unwrap_or(decided - verified.min(decided));
            session.printer.note(format!("going on with the migration of {begun}: {left} of {decided} secrets are left"));
            return Ok(Wishes { unasked: wishes.unasked || non_interactive, ..wishes });
        }
        None if resume => {
            return Err(Error::new(Kind::NotFound, "there is no migration to go on with")
                .with_hint("the last one did all it was to do, or there was none"));
        }
        Some(Unfinished { begun, verified, decided, failed: None, .. }) => session.printer.note(format!(
            "the migration of {begun} was interrupted when {verified} of {decided} secrets were verified in the store: going on"
        )),
        Some(_) | None => {}
    }
    let visibility = match scope {
        MigrateScope::Workspace => Visibility::Public,
        MigrateScope::User => Visibility::Private,
    };
    let names = names.into_iter().map(SecretName::try_from).collect::<Result<_>>()?;
    let map = map.iter().map(|pair| mapped(pair)).collect::<Result<_>>()?;
    Ok(Wishes { visibility, names, map, delete, unasked: non_interactive })
}

fn mapped(pair: &str) -> Result<(SecretName, SecretName)> {
    let (old, new) = pair.split_once('=').ok_or_else(|| {
        Error::invalid(format!("`--map {pair}` is no pair of names")).with_hint("write it as `--map OLD=NEW`")
    })?;
    Ok((old.parse()?, new.parse()?))
}

/// Writes, reads back, and deletes.
fn carry_out(plan: Plan, migration: &Migration<'_>, manager: &OpenManager, session: &Session) -> Result<Vec<Outcome>> {
    let (progress, all) = (Progress::new("migrating"), plan.items.len());
    let (mut outcomes, doomed) = session.block_on(migration.write(plan, &|done| progress.at(done, all)))?;
    drop(progress);
    if !doomed.is_empty() {
        let mut deleted = delete(&doomed, migration, manager, session)?;
        for outcome in &mut outcomes {
            match deleted.remove(&outcome.name) {
                Some(Ok(())) => outcome.deleted = true,
                Some(Err(error)) => outcome.error = Some(error),
                None => {}
            }
        }
    }
    migration.end(&outcomes)?;
    Ok(outcomes)
}

/// Deletes from the manager, each secret while no other process of this user writes it.
fn delete(
    doomed: &[Doomed],
    migration: &Migration<'_>,
    manager: &OpenManager,
    session: &Session,
) -> Result<BTreeMap<SecretName, Result<()>>> {
    migration.begin_deleting(doomed)?;
    let progress = Progress::new("deleting");
    let done = RefCell::new(BTreeMap::new());
    let names: Vec<_> = doomed.iter().map(|doomed| doomed.name.clone()).collect();
    let ended = session.in_turns(manager, names, |some| {
        let some: Vec<_> = doomed.iter().filter(|doomed| some.contains(&doomed.name)).collect();
        let deleted = session.block_on(async { Ok(migration.delete(&some).await) })?;
        let mut done = done.borrow_mut();
        done.extend(deleted.into_iter().map(|(name, deleted)| (name.clone(), deleted)));
        progress.at(done.len(), doomed.len());
        let is_gone = |deleted: &Result<()>| deleted.as_ref().is_err_and(|error| error.kind() == Kind::Unavailable);
        match done.values().any(is_gone) {
            true => Err(Error::new(Kind::Unavailable, "not tried: the secrets manager did not answer for others")),
            false => Ok(some.len()),
        }
    });
    let mut done = done.into_inner();
    if let Err(error) = ended {
        for Doomed { name, .. } in doomed {
            let not_tried = || Err(Error::new(error.kind(), error.to_string()).with_hint("migrate it again"));
            done.entry(name.clone()).or_insert_with(not_tried);
        }
    }
    Ok(done)
}
