//! The audit trail on the wire and in exported files.

use crate::python_time;
use serde::{Deserialize, Serialize};
use strongroom_core::central::{AuditRecord, AuditState, Checkpoint};
use strongroom_core::{Error, Result};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};
use utoipa::ToSchema;
use uuid::Uuid;

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its place in the trail, from 1.
    pub seq: i64,
    /// When it happened, in UTC, to the microsecond.
    pub at: String,
    /// Who did it.
    pub actor_id: Uuid,
    /// The name of the account.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub target_id: Option<Uuid>,
    /// Its name.
    pub target: String,
    /// Which revision of it.
    pub revision: Option<u32>,
    /// From where.
    pub address: String,
    /// In which request.
    pub request_id: String,
    /// `done`, or the kind of the error.
    pub outcome: String,
    /// The hash of this record and all before it, in hexadecimal digits.
    pub hash: String,
}

impl From<AuditRecord> for AuditEntry {
    fn from(record: AuditRecord) -> Self {
        let AuditRecord {
            seq,
            at,
            actor_id,
            actor,
            action,
            target_id,
            target,
            revision,
            address,
            request_id,
            outcome,
            hash,
        } = record;
        let (at, hash) = (utc(at), hex::encode(hash));
        Self { seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, hash }
    }
}

impl AuditEntry {
    /// The record.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] when its time or its hash is none.
    pub fn read(self) -> Result<AuditRecord> {
        let Self { seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, hash } =
            self;
        let (at, hash) = (moment(&at)?, hash_in(&hash)?);
        Ok(AuditRecord {
            seq,
            at,
            actor_id,
            actor,
            action,
            target_id,
            target,
            revision,
            address,
            request_id,
            outcome,
            hash,
        })
    }
}

/// Where the trail ended at some moment, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedEnd {
    /// The last record.
    pub seq: i64,
    /// When it was signed, in UTC.
    pub at: String,
    /// The hash of that record.
    pub hash: String,
    /// The Ed25519 signature.
    pub signature: String,
}

impl From<&Checkpoint> for SignedEnd {
    fn from(Checkpoint { seq, at, hash, signature }: &Checkpoint) -> Self {
        Self { seq: *seq, at: utc(*at), hash: hex::encode(hash), signature: hex::encode(signature) }
    }
}

impl SignedEnd {
    /// The checkpoint.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] when a part of it is none.
    pub fn read(&self) -> Result<Checkpoint> {
        let Self { seq, at, hash, signature } = self;
        let signature = hex::decode(signature).map_err(|_| damaged("a signature"))?;
        Ok(Checkpoint { seq: *seq, at: moment(at)?, hash: hash_in(hash)?, signature })
    }
}

/// What a store says of its trail as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditSummary {
    /// Which store it is.
    pub store: Uuid,
    /// The Ed25519 public key that its signatures are checked with, in hexadecimal digits.
    pub public_key: String,
    /// Where the trail ends now.
    pub end: SignedEnd,
    /// The signed checkpoints, oldest first.
    pub checkpoints: Vec<SignedEnd>,
}

impl From<AuditState> for AuditSummary {
    fn from(AuditState { store, public_key, end, checkpoints }: AuditState) -> Self {
        let checkpoints = checkpoints.iter().map(SignedEnd::from).collect();
        Self { store, public_key: hex::encode(public_key), end: SignedEnd::from(&end), checkpoints }
    }
}

impl AuditSummary {
    /// What the store says.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Corrupt`] when a part of it is none.
    pub fn read(self) -> Result<AuditState> {
        let Self { store, public_key, end, checkpoints } = self;
        let public_key = hex::decode(public_key).map_err(|_| damaged("the public key"))?;
        let checkpoints = checkpoints.iter().map(SignedEnd::read).collect::<Result<_>>()?;
        Ok(AuditState { store, public_key, end: end.read()?, checkpoints })
    }
}

/// What checking the trail found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditVerdict {
    /// How many records there should be.
    pub records: i64,
    /// How many signed checkpoints they agree with.
    pub checkpoints: usize,
    /// The first record that somebody changed, if any.
    pub broken_at: Option<i64>,
    /// What is wrong there.
    pub problem: Option<String>,
}

impl From<strongroom_core::central::Verdict> for AuditVerdict {
    fn from(verdict: strongroom_core::central::Verdict) -> Self {
        let strongroom_core::central::Verdict { records, checkpoints, broken_at, problem } = verdict;
        Self { records, checkpoints, broken_at, problem }
    }
}

impl From<AuditVerdict> for strongroom_core::central::Verdict {
    fn from(AuditVerdict { records, checkpoints, broken_at, problem }: AuditVerdict) -> Self {
        Self { records, checkpoints, broken_at, problem }
    }
}

fn utc(time: OffsetDateTime) -> String {
    python_time(time) + "Z"
}

fn moment(text: &str) -> Result<OffsetDateTime> {
    let read = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| damaged("a time"))?;
    Ok(read.to_offset(UtcOffset::UTC))
}

fn hash_in(text: &str) -> Result<[u8; 32]> {
    hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| damaged("a hash"))
}

fn damaged(what: &str) -> Error {
    Error::corrupt(format!("{what} of the audit trail is damaged"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was() {
        for micros in [0, 1, 120, 999_999, 500_000] {
            let at = OffsetDateTime::from_unix_timestamp_nanos(1_700_000_000_000_000_000 + micros * 1000).unwrap();
            let record = AuditRecord {
                seq: 7,
                at,
                actor_id: Uuid::from_u128(1),
                actor: "ann".into(),
                action: "secret.read".into(),
                target_id: None,
                target: "\u{1F511}\n".into(),
                revision: Some(3),
                address: "::1".into(),
                request_id: String::new(),
                outcome: "done".into(),
                hash: [9; 32],
            };
            let text = serde_json::to_string(&AuditEntry::from(record.clone())).unwrap();
            let read = serde_json::from_str::<AuditEntry>(&text).unwrap().read().unwrap();
            assert_eq!(read.link(&[0; 32]), record.link(&[0; 32]));
            assert_eq!(read, record);
        }
    }
}
