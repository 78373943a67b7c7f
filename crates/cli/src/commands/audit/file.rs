//! The file of an exported audit trail: a line of JSON that says whose it is and where it ends, signed; then the records, each
//! checkpoint behind the record that it signed.

use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use strongroom_api::audit::{AuditEntry, SignedEnd};
use strongroom_core::central::{AuditState, Checker, Verdict};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// Which form the file has.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    strongroom_audit: u32,
    pub(super) store: Uuid,
    pub(super) public_key: String,
    pub(super) end: SignedEnd,
}

/// A checkpoint among the records.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    checkpoint: SignedEnd,
}

impl Head {
    pub(super) fn of(state: &AuditState) -> Self {
        let AuditState { store, public_key, end, checkpoints: _ } = state;
        let public_key = public_key.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { strongroom_audit: FORMAT, store: *store, public_key, end: SignedEnd::from(end) }
    }
}

/// Adds a line.
pub(super) fn line(text: &mut Vec<u8>, of: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *text, of).map_err(|error| Error::payload("a record", &error))?;
    text.push(b'\n');
    Ok(())
}

/// Adds a checkpoint.
pub(super) fn checkpoint(text: &mut Vec<u8>, end: SignedEnd) -> Result<()> {
    line(text, &Signed { checkpoint: end })
}

/// An exported file, read.
pub(super) struct Exported {
    pub(super) head: Head,
    entries: Vec<AuditEntry>,
    checkpoints: Vec<SignedEnd>,
}

/// Reads a file.
///
/// # Errors
/// [`Kind::NotFound`] or [`Kind::Forbidden`] when it cannot be read, [`Kind::Corrupt`] when a line is none of such a file.
pub(super) fn read(file: &str) -> Result<Exported> {
    let text = fs::read_to_string(Path::new(file)).map_err(|error| {
        let kind = if error.kind() == std::io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Forbidden };
        Error::new(kind, format!("cannot read `{file}`")).with_source(error)
    })?;
    let strange = |at: usize| Error::corrupt(format!("line {at} of `{file}` is none of an exported audit trail"));
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let head: Head = lines.next().and_then(|(_, line)| serde_json::from_str(line).ok()).ok_or_else(|| strange(1))?;
    if head.strongroom_audit != FORMAT {
        return Err(Error::new(Kind::Unsupported, format!("`{file}` was written by a newer version of Strongroom")));
    }
    let mut exported = Exported { head, entries: vec![], checkpoints: vec![] };
    for (at, line) in lines {
        if let Ok(entry) = serde_json::from_str(line) {
            exported.entries.push(entry);
        } else {
            let Signed { checkpoint } = serde_json::from_str(line).map_err(|_| strange(at))?;
            exported.checkpoints.push(checkpoint);
        }
    }
    Ok(exported)
}

impl Exported {
    /// Checks the file by itself.
    ///
    /// # Errors
    /// [`Kind::Corrupt`] when a time, hash or signature is none.
    pub(super) fn verify(self) -> Result<Verdict> {
        let Self { head, entries, checkpoints } = self;
        let end = head.end.read()?;
        let checkpoints = checkpoints.iter().map(SignedEnd::read).collect::<Result<_>>()?;
        let mut checker = Checker::new(head.store, &key_in(&head.public_key)?, checkpoints);
        if !checker.is_signed_end(&end) {
            let problem = Some("its first line was not signed with that key".to_owned());
            return Ok(Verdict { records: end.seq, checkpoints: 0, broken_at: None, problem });
        }
        for entry in entries {
            if !checker.take(&entry.read()?) {
                break;
            }
        }
        Ok(checker.finish(end.seq, &end.hash))
    }
}

fn key_in(text: &str) -> Result<Vec<u8>> {
    let digits: Option<Vec<_>> = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok()).collect();
    let bytes = digits.and_then(|pairs| pairs.into_iter().map(|pair| u8::from_str_radix(pair, 16).ok()).collect());
    bytes.filter(|key: &Vec<u8>| key.len() == 32).ok_or_else(|| Error::corrupt("the public key is damaged"))
}
