//! `strongroom key rotate`

use super::{Store, open, whereabouts};
use crate::args::key::RotateKeyArgs;
use crate::exit::ExitStatus;
use crate::home;
use crate::output::Table;
use crate::session::Session;
use serde::Serialize;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use strongroom_core::seal::{Key, Keys};
use strongroom_core::{Error, Kind, Result};
use strongroom_engine::{KeyStatus, Origin, Rotated, Unread};
use uuid::Uuid;

#[derive(Serialize)]
struct View<'a> {
    key: &'a str,
    before: &'a str,
    resealed: u64,
    already: u64,
    verified: u64,
    unread: Vec<UnreadView<'a>>,
    dropped: Vec<String>,
}

#[derive(Serialize)]
struct UnreadView<'a> {
    secret: Option<Uuid>,
    revision: u32,
    problem: &'a str,
}

/// What a preparation tells programs.
#[derive(Serialize)]
struct Prepared<'a> {
    prepared: &'a str,
    in_force: &'a str,
}

/// Makes a key, seals everything with it, reads everything back, and takes the old one out of the file.
pub(super) fn rotate(args: RotateKeyArgs, session: &Session) -> Result<ExitStatus> {
    let RotateKeyArgs { store, prepare } = args;
    let (database, file) = whereabouts(store, session)?;
    let _turn = turn(&file)?;
    let Store { engine, keys, file } = open((database, file), session)?;
    let KeyStatus { in_force: before, records, .. } = session.block_on(engine.key_status())?;
    let known = keys.keys();
    let is_prepared = known.newest().id() != before;
    // put in force, and then interrupted: it is finished first
    let is_unfinished = known.ids().len() > 1 || records.values().filter(|count| **count > 0).count() > 1;
    if !is_prepared && !is_unfinished {
        replace(&file, &known.with_newer(Arc::new(Key::generate()?)))?;
    }
    let newest = keys.keys().newest().id();
    if prepare {
        if is_unfinished && !is_prepared {
            return Err(Error::new(Kind::Conflict, "an earlier rotation is not finished")
                .with_hint("`strongroom key rotate` finishes it"));
        }
        let message = match is_prepared {
            true => format!("Key {newest} is prepared already; `strongroom key rotate` puts it in force."),
            false => format!("Key {newest} is in `{}`; give every server that file, then rotate.", file.display()),
        };
        session.printer.changed(&Prepared { prepared: &newest, in_force: &before }, message)?;
        return Ok(ExitStatus::Success);
    }
    let origin = Origin { request_id: Uuid::new_v4().to_string(), ..Origin::default() };
    let rotated = session.block_on(async {
        let caller = engine.local_caller(origin).await?;
        engine.rotate_key(&caller, |_| ()).await
    })?;
    let others: Vec<_> = keys.keys().ids().into_iter().filter(|id| *id != rotated.key).collect();
    let dropped = if rotated.unread.is_empty() { others } else { vec![] };
    if !dropped.is_empty() {
        let kept = keys.keys();
        let newest = Arc::clone(kept.newest());
        replace(&file, &Keys::from(newest))?;
    }
    report(&rotated, &before, dropped, session)
}

/// One rotation at a time with this file.
fn turn(file: &Path) -> Result<File> {
    let path = PathBuf::from(format!("{}.lock", file.display()));
    let lock = home::open_private(&path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(Error::new(Kind::Conflict, "another process is rotating the key").with_hint("wait until it is done"))
        }
        Err(TryLockError::Error(error)) => {
            Err(Error::new(Kind::Unavailable, format!("cannot lock `{}`", path.display())).with_source(error))
        }
    }
}

/// Puts these keys into the file, on disk when it returns: nothing may be sealed with a key that a loss of power takes away.
fn replace(file: &Path, keys: &Keys) -> Result<()> {
    home::write_new(file, keys.to_text().as_bytes(), true)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| {
        Error::new(Kind::Unavailable, format!("cannot write `{}` to disk", file.display())).with_source(error)
    })
}

fn report(rotated: &Rotated, before: &str, dropped: Vec<String>, session: &Session) -> Result<ExitStatus> {
    let Rotated { key, resealed, already, verified, unread } = rotated;
    let views = unread.iter().map(|Unread { secret, revision, problem }| UnreadView {
        secret: *secret,
        revision: *revision,
        problem,
    });
    let view = View {
        key,
        before,
        resealed: *resealed,
        already: *already,
        verified: *verified,
        unread: views.collect(),
        dropped,
    };
    session.printer.data(&view, || {
        let counts = [("SEALED ANEW", resealed), ("SEALED BEFORE", already), ("READ BACK", verified)];
        let mut table = Table::new(["PROPERTY", "VALUE"]);
        table.row(["KEY IN FORCE", key]);
        for (name, count) in counts {
            table.row([name.to_owned(), count.to_string()]);
        }
        table.row(["NOT READABLE".to_owned(), unread.len().to_string()]);
        table.row(["DROPPED KEYS".to_owned(), view.dropped.join(" ")]);
        table
    })?;
    if unread.is_empty() {
        return Ok(ExitStatus::Success);
    }
    for one in &view.unread {
        let whose = one.secret.map_or("the store itself".to_owned(), |id| format!("secret {id}"));
        session.printer.warn(format!("{whose}, revision {}: {}", one.revision, one.problem));
    }
    Err(Error::corrupt(format!("{} records cannot be read; the old key stays in the file", unread.len()))
        .with_hint("restore these secrets from a copy, or delete them; then rotate again"))
}
