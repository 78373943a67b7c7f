//! `strongroom audit export`

use super::file::{Head, checkpoint, line};
use super::sound;
use crate::args::audit::AuditExportArgs;
use crate::exit::ExitStatus;
use crate::home;
use crate::session::{Central, Session};
use serde::Serialize;
use std::path::Path;
use strongroom_api::audit::{AuditEntry, SignedEnd};
use strongroom_core::central::{AuditState, Checker, Verdict};
use strongroom_core::{Kind, Result};

#[derive(Serialize)]
struct Exported<'a> {
    file: &'a str,
    records: i64,
    checkpoints: usize,
    public_key: String,
}

/// Writes all records, and the signatures that they are checked with. A broken trail is written as it is found, and told of.
pub(super) fn export(args: AuditExportArgs, session: &Session) -> Result<ExitStatus> {
    let AuditExportArgs { filename } = args;
    let central = session.central()?;
    let state = session.block_on(central.audit.audit_state())?;
    let head = Head::of(&state);
    let mut text = Vec::new();
    line(&mut text, &head)?;
    let verdict = session.block_on(records(&mut text, &state, &central))?;
    home::write_new(Path::new(&filename), &text, false).map_err(|error| match error.kind() {
        Kind::AlreadyExists => error.with_hint("name another file with `--filename`"),
        _ => error,
    })?;
    let (records, checkpoints) = (verdict.records, verdict.checkpoints);
    let exported = Exported { file: &filename, records, checkpoints, public_key: head.public_key };
    let message =
        format!("{records} records exported to '{filename}'. Keep the public key elsewhere: {}", exported.public_key);
    session.printer.changed(&exported, message)?;
    sound(&verdict)
}

async fn records(text: &mut Vec<u8>, state: &AuditState, central: &Central) -> Result<Verdict> {
    let AuditState { store, public_key, end, checkpoints } = state;
    // those that were signed since have records that are not exported
    let checkpoints: Vec<_> = checkpoints.iter().filter(|one| one.seq <= end.seq).cloned().collect();
    let mut signed = checkpoints.iter().map(SignedEnd::from).collect::<Vec<_>>().into_iter().peekable();
    let mut checker = Checker::new(*store, public_key, checkpoints.clone());
    let mut after = 0;
    while after < end.seq {
        for record in central.audit.audit_after(after).await? {
            if record.seq > end.seq {
                break;
            }
            let seq = record.seq;
            checker.take(&record);
            line(text, &AuditEntry::from(record))?;
            while let Some(end) = signed.next_if(|end| end.seq <= seq) {
                checkpoint(text, end)?;
            }
        }
        after += 1000;
    }
    for end in signed {
        checkpoint(text, end)?;
    }
    Ok(checker.finish(end.seq, &end.hash))
}
