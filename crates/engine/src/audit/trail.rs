//! Reading the trail, finding out whether somebody changed it, and signing where it ends.

use crate::access::{Wish, authorize};
use crate::database::{Change, Connection, Row, Work, now};
use crate::engine::{Acting, Engine};
use async_trait::async_trait;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use strongroom_core::central::{Audit, AuditRecord, AuditState, Checker, Checkpoint, Verdict};
use strongroom_core::query::{Page, Query};
use strongroom_core::{Error, Result};
use time::OffsetDateTime;

const SELECT: &str = "SELECT seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, \
     hash FROM audit";
/// How many records a list looks at.
const LISTED: usize = 10_000;
/// How many records are read at once.
const STRIDE: i64 = 1000;

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
        hash: hash(row.blob()?)?,
    })
}

fn hash(bytes: Vec<u8>) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::corrupt("a hash of the audit trail is damaged"))
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

    /// Where the trail ends, signed, and the signed checkpoints; the end becomes one of them.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Forbidden`] for all but administrators.
    pub async fn audit_state(&self) -> Result<AuditState> {
        authorize(&self.caller, Wish::ReadAudit, None)?;
        let engine = &self.engine;
        engine.sign_audit().await?;
        let mut reader = engine.database.read().await?;
        let (checkpoints, (seq, hash)) = (checkpoints(&mut reader).await?, end(&mut reader).await?);
        let pair = engine.audit_pair()?;
        let mut end = Checkpoint { seq, at: now(), hash, signature: vec![] };
        end.signature = pair.sign(&end.signed_end(engine.server_id)).as_ref().to_vec();
        let public_key = pair.public_key().as_ref().to_vec();
        Ok(AuditState { store: engine.server_id, public_key, end, checkpoints })
    }

    /// Checks every record against the one before, the end of the trail, and the signed checkpoints.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Forbidden`] for all but administrators.
    pub async fn verify_audit(&self) -> Result<Verdict> {
        authorize(&self.caller, Wish::ReadAudit, None)?;
        let mut reader = self.engine.database.read().await?;
        // read before the end: none of them is beyond it then
        let checkpoints = checkpoints(&mut reader).await?;
        let (end, end_hash) = end(&mut reader).await?;
        let pair = self.engine.audit_pair()?;
        let mut checker = Checker::new(self.engine.server_id, pair.public_key().as_ref(), checkpoints);
        let mut after = 0;
        'trail: while after < end {
            let records = stride(&mut reader, after).await?;
            for record in records.iter().filter(|record| record.seq <= end) {
                if !checker.take(record) {
                    break 'trail;
                }
            }
            after += STRIDE;
        }
        Ok(checker.finish(end, &end_hash))
    }
}

#[async_trait]
impl Audit for Acting {
    async fn audit(&self, query: &Query<AuditRecord>) -> Result<Page<AuditRecord>> {
        self.audit(query).await
    }

    async fn audit_after(&self, after: i64) -> Result<Vec<AuditRecord>> {
        self.audit_after(after).await
    }

    async fn audit_state(&self) -> Result<AuditState> {
        self.audit_state().await
    }

    async fn verify_audit(&self) -> Result<Verdict> {
        self.verify_audit().await
    }
}

async fn stride(connection: &mut Connection, after: i64) -> Result<Vec<AuditRecord>> {
    let sql = format!("{SELECT} WHERE seq > ? AND seq <= ? ORDER BY seq");
    let rows = connection.rows(&sql, &[after.into(), after.saturating_add(STRIDE).into()]).await?;
    rows.into_iter().map(|mut row| record(&mut row)).collect()
}

async fn end(connection: &mut Connection) -> Result<(i64, [u8; 32])> {
    let row = connection.row("SELECT seq, hash FROM audit_head WHERE id = 1", &[]).await?;
    let mut row = row.ok_or_else(|| Error::corrupt("the audit trail has no end"))?;
    Ok((row.int()?, hash(row.blob()?)?))
}

async fn checkpoints(connection: &mut Connection) -> Result<Vec<Checkpoint>> {
    let rows = connection.rows("SELECT seq, at, hash, signature FROM checkpoint ORDER BY seq", &[]).await?;
    rows.into_iter()
        .map(|mut row| {
            let (seq, at) = (row.int()?, row.time()?);
            Ok(Checkpoint { seq, at, hash: hash(row.blob()?)?, signature: row.blob()? })
        })
        .collect()
}

impl Engine {
    /// The pair that signs checkpoints: made of the store's signing secret, so that who holds the database and not the key cannot
    /// sign.
    fn audit_pair(&self) -> Result<Ed25519KeyPair> {
        let seed = zeroize::Zeroizing::new(self.digest("audit-pair", b"1"));
        Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| Error::corrupt("the audit trail cannot be signed"))
    }

    /// Signs the end of the trail, if it has grown since the last time: who holds the database and not the key cannot
    /// write another past. Servers call it every minute and when they stop.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn sign_audit(&self) -> Result<()> {
        let mut reader = self.database.read().await?;
        let (seq, hash) = end(&mut reader).await?;
        let known = reader.row("SELECT seq FROM checkpoint WHERE seq = ?", &[seq.into()]).await?;
        drop(reader);
        if seq == 0 || known.is_some() {
            return Ok(());
        }
        let at: OffsetDateTime = now();
        let mut checkpoint = Checkpoint { seq, at, hash, signature: vec![] };
        checkpoint.signature = self.audit_pair()?.sign(&checkpoint.signed_text(self.server_id)).as_ref().to_vec();
        self.database.change(Sign(checkpoint)).await
    }
}

struct Sign(Checkpoint);

#[async_trait]
impl Work for Sign {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Checkpoint { seq, at, hash, signature } = &self.0;
        let connection = &mut change.connection;
        if connection.row("SELECT seq FROM checkpoint WHERE seq = ?", &[(*seq).into()]).await?.is_some() {
            return Ok(()); // another process was quicker
        }
        let sql = "INSERT INTO checkpoint (seq, at, hash, signature) VALUES (?, ?, ?, ?)";
        let params = [(*seq).into(), (*at).into(), hash.as_slice().into(), signature.as_slice().into()];
        connection.execute(sql, &params).await.map(|_| ())
    }
}
