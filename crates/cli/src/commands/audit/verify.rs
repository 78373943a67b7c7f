//! `strongroom audit verify`

use super::file::{self, Head};
use super::sound;
use crate::args::audit::VerifyArgs;
use crate::exit::ExitStatus;
use crate::output::Table;
use crate::session::{Central, Session};
use serde::Serialize;
use strongroom_core::central::Verdict;
use strongroom_core::{Error, Result};
use uuid::Uuid;

#[derive(Serialize)]
struct View<'a> {
    store: Option<Uuid>,
    public_key: Option<&'a str>,
    records: i64,
    checkpoints: usize,
    broken_at: Option<i64>,
    problem: Option<&'a str>,
}

/// Checks the trail of the store, or a file. What is broken is exit code 1.
pub(super) fn verify(args: VerifyArgs, session: &Session) -> Result<ExitStatus> {
    let VerifyArgs { file, public_key, against } = args;
    if let Some(file) = file {
        let exported = file::read(&file)?;
        let (store, key) = (exported.head.store, exported.head.public_key.clone());
        if public_key.is_some_and(|expected| !expected.eq_ignore_ascii_case(&key)) {
            return Err(Error::corrupt(format!("`{file}` was not signed with that key"))
                .with_hint("`strongroom audit verify` shows the public key of a store"));
        }
        return told(Some(store), Some(&key), &exported.verify()?, session);
    }
    let central = session.central()?;
    // before anything is signed: what is broken is not signed as well
    let mut verdict = session.block_on(central.audit.verify_audit())?;
    if let (Some(file), None) = (against, verdict.broken_at) {
        verdict = compared(&file, verdict, &central, session)?;
    }
    let state = match verdict.broken_at {
        None => Some(session.block_on(central.audit.audit_state())?),
        Some(_) => None,
    };
    let head = state.as_ref().map(Head::of);
    let (store, key) = head.as_ref().map(|head| (head.store, head.public_key.as_str())).unzip();
    told(store, key, &verdict, session)
}

/// Whether the trail goes on from where an exported file ends.
fn compared(file: &str, verdict: Verdict, central: &Central, session: &Session) -> Result<Verdict> {
    let exported = file::read(file)?;
    let end = exported.head.end.read()?;
    let own = exported.verify()?;
    sound(&own).map_err(|error| error.within(format!("`{file}` itself is broken")))?;
    if end.seq == 0 {
        return Ok(verdict);
    }
    let found = session.block_on(central.audit.audit_after(end.seq - 1))?.into_iter().next();
    let problem = match found.filter(|record| record.seq == end.seq) {
        Some(record) if record.hash == end.hash => return Ok(verdict),
        Some(_) => format!("record {} is not the one that was exported to `{file}`", end.seq),
        None => format!("record {} was exported to `{file}`, and is not there", end.seq),
    };
    Ok(Verdict { broken_at: Some(end.seq), problem: Some(problem), ..verdict })
}

fn told(store: Option<Uuid>, public_key: Option<&str>, verdict: &Verdict, session: &Session) -> Result<ExitStatus> {
    let Verdict { records, checkpoints, broken_at, problem } = verdict;
    let view = View {
        store,
        public_key,
        records: *records,
        checkpoints: *checkpoints,
        broken_at: *broken_at,
        problem: problem.as_deref(),
    };
    session.printer.data(&view, || {
        let mut table = Table::new(["PROPERTY", "VALUE"]);
        table.row(["RECORDS".to_owned(), records.to_string()]);
        table.row(["SIGNED CHECKPOINTS".to_owned(), checkpoints.to_string()]);
        table.row(["BROKEN AT".to_owned(), broken_at.map_or_else(String::new, |at| at.to_string())]);
        table.row(["PUBLIC KEY", public_key.unwrap_or_default()]);
        table
    })?;
    sound(verdict)
}
