//! The audit trail as its readers see it, and how to find out whether somebody changed it.
//!
//! Each record holds the hash of the one before: SHA-256(`strongroom/audit/1` ‖ previous hash ‖ for each field its length in 8
//! bytes, big-endian ‖ field). A checkpoint is the Ed25519 signature of what was the end of the trail at some moment: who changes a
//! record and makes all hashes anew cannot sign them.

mod checker;

pub use checker::Checker;

use crate::Result;
use crate::query::{Field, Filterable, Page, Query};
use async_trait::async_trait;
use aws_lc_rs::digest::{self, SHA256};
use std::borrow::Cow;
use std::fmt::Debug;
use time::OffsetDateTime;
use uuid::Uuid;

/// One record of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its place in the trail, from 1.
    pub seq: i64,
    /// When it happened.
    pub at: OffsetDateTime,
    /// The account; nil when nobody was recognised.
    pub actor_id: Uuid,
    /// Its name.
    pub actor: String,
    /// What was done, such as `secret.read`.
    pub action: String,
    /// To what.
    pub target_id: Option<Uuid>,
    /// Its name.
    pub target: String,
    /// Which revision of it.
    pub revision: Option<u32>,
    /// From where; empty for this machine's own command line.
    pub address: String,
    /// In which request.
    pub request_id: String,
    /// `done`, or the kind of the error.
    pub outcome: String,
    /// The hash of this record and all before it.
    pub hash: [u8; 32],
}

impl AuditRecord {
    /// The hash of this record after the one of hash `previous`; [`Self::hash`] is what it must be.
    pub fn link(&self, previous: &[u8; 32]) -> [u8; 32] {
        let Self { seq, at, actor_id, target_id, revision, .. } = *self;
        let (actor, action, target) = (&*self.actor, &*self.action, &*self.target);
        let (address, request_id, outcome) = (&*self.address, &*self.request_id, &*self.outcome);
        let linked = LinkedRecord {
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
        };
        linked.hash(previous)
    }
}

/// What a record's hash is made of: the record, borrowed. See [`AuditRecord`] for the fields.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy)]
pub struct LinkedRecord<'a> {
    pub seq: i64,
    pub at: OffsetDateTime,
    pub actor_id: Uuid,
    pub actor: &'a str,
    pub action: &'a str,
    pub target_id: Option<Uuid>,
    pub target: &'a str,
    pub revision: Option<u32>,
    pub address: &'a str,
    pub request_id: &'a str,
    pub outcome: &'a str,
}

impl LinkedRecord<'_> {
    /// The hash of this record after the one of hash `previous`.
    pub fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let fields: [&[u8]; 11] = [
            &self.seq.to_be_bytes(),
            &micros(self.at).to_be_bytes(),
            self.actor_id.as_bytes(),
            self.actor.as_bytes(),
            self.action.as_bytes(),
            self.target_id.as_ref().map_or(&[], |id| id.as_bytes()),
            self.target.as_bytes(),
            &self.revision.map_or(0, i64::from).to_be_bytes(),
            self.address.as_bytes(),
            self.request_id.as_bytes(),
            self.outcome.as_bytes(),
        ];
        let mut text = Vec::with_capacity(512);
        text.extend_from_slice(b"strongroom/audit/1");
        text.extend_from_slice(previous);
        for field in fields {
            text.extend_from_slice(&(field.len() as u64).to_be_bytes());
            text.extend_from_slice(field);
        }
        digest::digest(&SHA256, &text).as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

fn micros(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

impl Filterable for AuditRecord {
    const FIELDS: &'static [&'static str] =
        &["created", "seq", "actor", "actor_id", "action", "target", "target_id", "address", "request_id", "outcome"];

    fn field(&self, name: &str) -> Field<'_> {
        let text = |text: &'static str| Field::Text(Cow::Borrowed(text));
        match name {
            "created" => Field::Time(self.at),
            "seq" => Field::Text(Cow::Owned(format!("{:020}", self.seq))),
            "actor" => Field::Text(Cow::Borrowed(&self.actor)),
            "actor_id" => Field::Ids(vec![self.actor_id]),
            "action" => Field::Text(Cow::Borrowed(&self.action)),
            "target" => Field::Text(Cow::Borrowed(&self.target)),
            "target_id" => self.target_id.map_or_else(|| text(""), |id| Field::Ids(vec![id])),
            "address" => Field::Text(Cow::Borrowed(&self.address)),
            "request_id" => Field::Text(Cow::Borrowed(&self.request_id)),
            _ => Field::Text(Cow::Borrowed(&self.outcome)),
        }
    }
}

/// Where the trail ended at some moment, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last record.
    pub seq: i64,
    /// When it was signed.
    pub at: OffsetDateTime,
    /// The hash of that record.
    pub hash: [u8; 32],
    /// The store's signature of these and its id.
    pub signature: Vec<u8>,
}

/// What a checkpoint is for: the same bytes are never signed for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Checkpoint,
    End,
}

impl Checkpoint {
    /// What is signed of a checkpoint of the store `store`.
    pub fn signed_text(&self, store: Uuid) -> Vec<u8> {
        self.text(Purpose::Checkpoint, store)
    }

    /// What is signed of the end that an [`AuditState`] tells of.
    pub fn signed_end(&self, store: Uuid) -> Vec<u8> {
        self.text(Purpose::End, store)
    }

    fn text(&self, purpose: Purpose, store: Uuid) -> Vec<u8> {
        let label: &[u8] = match purpose {
            Purpose::Checkpoint => b"strongroom/audit-checkpoint/1",
            Purpose::End => b"strongroom/audit-end/1",
        };
        [label, store.as_bytes(), &self.seq.to_be_bytes(), &micros(self.at).to_be_bytes(), &self.hash].concat()
    }
}

/// What a store says of its trail as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditState {
    /// Which store it is.
    pub store: Uuid,
    /// The Ed25519 public key that its signatures are checked with.
    pub public_key: Vec<u8>,
    /// Where the trail ends now.
    pub end: Checkpoint,
    /// The signed checkpoints, oldest first.
    pub checkpoints: Vec<Checkpoint>,
}

/// What checking the trail found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many records there should be.
    pub records: i64,
    /// How many signed checkpoints they agree with.
    pub checkpoints: usize,
    /// Where it is broken: the first record that was changed, removed or put in, or the last that is there.
    pub broken_at: Option<i64>,
    /// What is wrong there.
    pub problem: Option<String>,
}

/// The audit trail of a central store, for administrators.
#[async_trait]
pub trait Audit: Debug + Send + Sync {
    /// One page of the newest ten thousand records.
    async fn audit(&self, query: &Query<AuditRecord>) -> Result<Page<AuditRecord>>;

    /// Up to a thousand records after the one numbered `after`, in order.
    async fn audit_after(&self, after: i64) -> Result<Vec<AuditRecord>>;

    /// Where the trail ends, and the signed checkpoints.
    async fn audit_state(&self) -> Result<AuditState>;

    /// Checks every record against the one before, the end of the trail, and the signed checkpoints.
    async fn verify_audit(&self) -> Result<Verdict>;
}
