//! Going through a trail, record by record, to find the first that somebody changed.

use super::{AuditRecord, Checkpoint, Verdict};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use std::iter::Peekable;
use std::vec::IntoIter;
use uuid::Uuid;

/// Checks a trail whose records are handed to it in the order in which they were found.
#[derive(Debug)]
pub struct Checker {
    store: Uuid,
    key: UnparsedPublicKey<Vec<u8>>,
    waiting: Peekable<IntoIter<Checkpoint>>,
    seq: i64,
    hash: [u8; 32],
    agreed: usize,
    broken: Option<(i64, String)>,
}

impl Checker {
    /// A checker for the trail of `store`, whose public key is `key`, against these checkpoints.
    pub fn new(store: Uuid, key: &[u8], mut checkpoints: Vec<Checkpoint>) -> Self {
        checkpoints.sort_by_key(|checkpoint| checkpoint.seq);
        let key = UnparsedPublicKey::new(&ED25519, key.to_vec());
        let waiting = checkpoints.into_iter().peekable();
        Self { store, key, waiting, seq: 0, hash: [0; 32], agreed: 0, broken: None }
    }

    /// The number and the hash of the last record that was as it should be.
    pub fn last(&self) -> (i64, [u8; 32]) {
        (self.seq, self.hash)
    }

    /// Takes the next record; `false` as soon as something is wrong.
    pub fn take(&mut self, record: &AuditRecord) -> bool {
        if self.broken.is_some() {
            return false;
        }
        let next = self.seq + 1;
        if record.seq != next {
            let found = record.seq;
            let problem = match found > next {
                true => format!("record {next} is missing: the next one is {found}"),
                false => format!("record {found} stands where {next} should be"),
            };
            return self.fail(next, problem);
        }
        let hash = record.link(&self.hash);
        if hash != record.hash {
            let problem = format!("record {next} does not follow from those before it: it was changed, or put in");
            return self.fail(next, problem);
        }
        (self.seq, self.hash) = (next, hash);
        while let Some(checkpoint) = self.waiting.next_if(|checkpoint| checkpoint.seq <= next) {
            let seq = checkpoint.seq;
            if seq != next || self.key.verify(&checkpoint.signed_text(self.store), &checkpoint.signature).is_err() {
                return self.fail(next, format!("the checkpoint at record {seq} was not signed by this store"));
            }
            if checkpoint.hash != hash {
                let problem = format!("up to record {next} all was written anew: another one was signed");
                return self.fail(next, problem);
            }
            self.agreed += 1;
        }
        true
    }

    /// What was found, for a trail that should end with the record numbered `end`, of hash `hash`.
    pub fn finish(mut self, end: i64, hash: &[u8]) -> Verdict {
        if self.broken.is_none() && self.seq < end {
            let next = self.seq + 1;
            self.fail(next, format!("record {next} is missing: the trail should have {end}"));
        }
        if self.broken.is_none()
            && let Some(Checkpoint { seq, .. }) = self.waiting.next()
        {
            let problem = format!("the trail ends with record {}, and record {seq} was signed", self.seq);
            self.fail(self.seq + 1, problem);
        }
        if self.broken.is_none() && (self.seq != end || self.hash != hash) {
            self.fail(self.seq, format!("record {} is not the end that the store knows", self.seq));
        }
        let (broken_at, problem) = self.broken.unzip();
        Verdict { records: end, checkpoints: self.agreed, broken_at, problem }
    }

    /// Whether the store signed `end` as the end of its trail.
    pub fn is_signed_end(&self, end: &Checkpoint) -> bool {
        self.key.verify(&end.signed_end(self.store), &end.signature).is_ok()
    }

    fn fail(&mut self, at: i64, problem: String) -> bool {
        self.broken = Some((at, problem));
        false
    }
}
