//! Reading the trail, and finding out whether somebody changed it.

use super::Said;
use crate::access::{Wish, authorize};
use crate::database::{Change, Connection, Row, Work, micros, now};
use crate::engine::{Acting, Engine};
use async_trait::async_trait;
use std::borrow::Cow;
use strongroom_core::query::{Field, Filterable, Page, Query};
use strongroom_core::{Error, Result};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use uuid::Uuid;

const SELECT: &str = "SELECT seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, \
     hash FROM audit";
/// How many records a list looks at.
const LISTED: usize = 10_000;
/// How many records are read at once.
const STRIDE: i64 = 1000;

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

/// What checking the trail found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many records are there.
    pub records: i64,
    /// How many signed checkpoints they agree with.
    pub checkpoints: usize,
    /// The first record that was changed, removed or put in, if any.
    pub broken_at: Option<i64>,
}

fn record(row: &mut Row) -> Result<AuditRecord> {
    Ok(AuditRecord {
        seq: row.int()?,
        at: row.time()?,
        actor_id: row.id()?,
        actor: row.text()?,
        action: row.text()?,
        target_id: row.optional_id()?,
        target: row.text()?,
        revision: row.optional_int()?.and_then(|number| u32::try_from(number).ok()),
        address: row.text()?,
        request_id: row.text()?,
        outcome: row.text()?,
        hash: row.blob()?.try_into().map_err(|_| Error::corrupt("a record of the audit trail is damaged"))?,
    })
}

impl AuditRecord {
    fn link(&self, previous: &[u8; 32]) -> [u8; 32] {
        let Self { seq, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, .. } = self;
        let at = micros(self.at);
        let (seq, actor_id, target_id, revision) = (*seq, *actor_id, *target_id, *revision);
        Said { seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome }
            .link(previous)
    }
}

impl Acting {
    /// One page of the newest ten thousand records of the trail.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Forbidden`] for all but administrators.
    pub async fn audit(&self, query: &Query<AuditRecord>) -> Result<Page<AuditRecord>> {
        authorize(&self.caller, Wish::ReadAudit, None)?;
        let sql = format!("{SELECT} ORDER BY seq DESC LIMIT {LISTED}");
        let rows = self.engine.database.read().await?.rows(&sql, &[]).await?;
        query.page_of(rows.into_iter().map(|mut row| record(&mut row)).collect::<Result<_>>()?)
    }

    /// Up to a thousand records after the one numbered `after`, in order.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Forbidden`] for all but administrators.
    pub async fn audit_after(&self, after: i64) -> Result<Vec<AuditRecord>> {
        authorize(&self.caller, Wish::ReadAudit, None)?;
        stride(&mut *self.engine.database.read().await?, after).await
    }

    /// Checks every record against the one before, the end of the trail, and the signed checkpoints.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Forbidden`] for all but administrators.
    pub async fn verify_audit(&self) -> Result<Verdict> {
        authorize(&self.caller, Wish::ReadAudit, None)?;
        let mut reader = self.engine.database.read().await?;
        let row = reader.row("SELECT seq, hash FROM audit_head WHERE id = 1", &[]).await?;
        let mut row = row.ok_or_else(|| Error::corrupt("the audit trail has no end"))?;
        let (end, end_hash) = (row.int()?, row.blob()?);
        let mut signed = Vec::new();
        for mut row in reader.rows("SELECT seq, hash, signature FROM checkpoint ORDER BY seq", &[]).await? {
            signed.push((row.int()?, row.blob()?, row.blob()?));
        }
        let mut signed = signed.into_iter().peekable();
        let (mut at, mut hash, mut checkpoints) = (0, [0; 32], 0);
        let broken = |at, checkpoints| Ok(Verdict { records: end, checkpoints, broken_at: Some(at) });
        while at < end {
            let records = stride(&mut reader, at).await?;
            if records.is_empty() {
                return broken(at + 1, checkpoints);
            }
            for record in records.into_iter().take_while(|record| record.seq <= end) {
                hash = record.link(&hash);
                if record.seq != at + 1 || hash != record.hash {
                    return broken(at + 1, checkpoints);
                }
                at = record.seq;
                while let Some((_, said, signature)) = signed.next_if(|(seq, ..)| *seq == at) {
                    let expected = self.engine.checkpoint_signature(at, &hash);
                    if said != hash || !bool::from(signature.ct_eq(expected.as_slice())) {
                        return broken(at, checkpoints);
                    }
                    checkpoints += 1;
                }
            }
        }
        match hash.as_slice() == end_hash && signed.next().is_none() {
            true => Ok(Verdict { records: end, checkpoints, broken_at: None }),
            false => broken(at, checkpoints),
        }
    }
}

async fn stride(connection: &mut Connection, after: i64) -> Result<Vec<AuditRecord>> {
    let sql = format!("{SELECT} WHERE seq > ? AND seq <= ? ORDER BY seq");
    let rows = connection.rows(&sql, &[after.into(), (after + STRIDE).into()]).await?;
    rows.into_iter().map(|mut row| record(&mut row)).collect()
}

impl Engine {
    fn checkpoint_signature(&self, seq: i64, hash: &[u8; 32]) -> [u8; 32] {
        let mut text = seq.to_be_bytes().to_vec();
        text.extend_from_slice(hash);
        self.digest("audit-checkpoint", &text)
    }

    /// Signs the end of the trail, if it has grown since the last time: who holds the database and not the key cannot
    /// write another past. Servers call it every minute and when they stop.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn sign_audit(&self) -> Result<()> {
        let row = self.database.read().await?.row("SELECT seq, hash FROM audit_head WHERE id = 1", &[]).await?;
        let mut row = row.ok_or_else(|| Error::corrupt("the audit trail has no end"))?;
        let (seq, hash) = (row.int()?, row.blob()?);
        let hash = hash.try_into().map_err(|_| Error::corrupt("the end of the audit trail is damaged"))?;
        let signature = self.checkpoint_signature(seq, &hash);
        self.database.change(Sign { seq, hash, signature }).await
    }
}

struct Sign {
    seq: i64,
    hash: [u8; 32],
    signature: [u8; 32],
}

#[async_trait]
impl Work for Sign {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { seq, hash, signature } = self;
        let connection = &mut change.connection;
        if *seq == 0 || connection.row("SELECT seq FROM checkpoint WHERE seq = ?", &[(*seq).into()]).await?.is_some() {
            return Ok(());
        }
        let sql = "INSERT INTO checkpoint (seq, at, hash, signature) VALUES (?, ?, ?, ?)";
        let params = [(*seq).into(), now().into(), hash.as_slice().into(), signature.as_slice().into()];
        connection.execute(sql, &params).await.map(|_| ())
    }
}
