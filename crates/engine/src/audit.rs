//! The audit trail: who did what to which secret, when, from where, with what outcome; never a value.
//!
//! Each record holds the hash of the one before (`strongroom_core::central::AuditRecord::link`). A record that is changed, removed
//! or put in between breaks the chain from there on.

mod trail;

use crate::access::{Caller, Origin};
use crate::database::{Change, Connection, now};
use std::borrow::Cow;
use strongroom_core::central::LinkedRecord;
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// How many characters of a name the trail keeps.
const LONGEST: usize = 255;

/// What is done to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A secret was made.
    SecretCreate,
    /// The values of a secret were read.
    SecretRead,
    /// A secret was changed.
    SecretUpdate,
    /// A secret was removed.
    SecretDelete,
    /// A secret was taken over from ZenML.
    SecretImport,
    /// An earlier revision was written again.
    SecretRollback,
    /// Somebody signed in, or tried to.
    SignIn,
    /// Somebody signed out: the token is ended.
    SignOut,
    /// An account was made.
    AccountCreate,
    /// An account was changed.
    AccountUpdate,
    /// An account was removed.
    AccountDelete,
    /// An API key was made.
    KeyCreate,
    /// An API key was changed.
    KeyUpdate,
    /// An API key was replaced.
    KeyRotate,
    /// An API key was removed.
    KeyDelete,
    /// Another key seals from now on.
    SealRotate,
}

impl Action {
    /// Its name in the trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecretCreate => "secret.create",
            Self::SecretRead => "secret.read",
            Self::SecretUpdate => "secret.update",
            Self::SecretDelete => "secret.delete",
            Self::SecretImport => "secret.import",
            Self::SecretRollback => "secret.rollback",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::AccountCreate => "account.create",
            Self::AccountUpdate => "account.update",
            Self::AccountDelete => "account.delete",
            Self::KeyCreate => "api-key.create",
            Self::KeyUpdate => "api-key.update",
            Self::KeyRotate => "api-key.rotate",
            Self::KeyDelete => "api-key.delete",
            Self::SealRotate => "key.rotate",
        }
    }
}

/// What a record says, but for who and when.
#[derive(Debug, Clone)]
pub(crate) struct Event<'a> {
    pub(crate) action: Action,
    pub(crate) target_id: Option<Uuid>,
    pub(crate) target: &'a str,
    pub(crate) revision: Option<u32>,
    /// `done`, or the kind of the error.
    pub(crate) outcome: &'static str,
}

/// The end of the chain, as the transaction under way has it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Chain {
    seq: i64,
    hash: [u8; 32],
    /// How many changes the database has seen that are not quiet; tells whether what is remembered is still so.
    changes: i64,
    is_longer: bool,
}

impl Chain {
    /// Makes the row that all writers lock.
    pub(crate) async fn begin(connection: &mut Connection) -> Result<()> {
        if connection.row("SELECT seq FROM audit_head WHERE id = 1", &[]).await?.is_some() {
            return Ok(());
        }
        let hash: &[u8] = &[0; 32];
        let made = connection
            .execute("INSERT INTO audit_head (id, seq, hash, changes) VALUES (1, 0, ?, 0)", &[hash.into()])
            .await;
        match made {
            Err(error) if error.kind() == Kind::AlreadyExists => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Reads the end and makes all other writers of the database wait.
    pub(crate) async fn lock(connection: &mut Connection) -> Result<Self> {
        use crate::database::Dialect;
        let sql = match connection.dialect() {
            Dialect::Sqlite => "SELECT seq, hash, changes FROM audit_head WHERE id = 1",
            Dialect::Postgres | Dialect::MariaDb => "SELECT seq, hash, changes FROM audit_head WHERE id = 1 FOR UPDATE",
        };
        let mut row = connection.row(sql, &[]).await?.ok_or_else(|| Error::corrupt("the audit trail has no end"))?;
        let seq = row.int()?;
        let hash = row.blob()?.try_into().map_err(|_| Error::corrupt("the end of the audit trail is damaged"))?;
        Ok(Self { seq, hash, changes: row.int()?, is_longer: false })
    }

    /// Counts a change.
    pub(crate) fn count_change(&mut self) {
        self.changes += 1;
        self.is_longer = true;
    }

    /// How many changes there were so far, those of the transaction under way too.
    pub(crate) fn changes(&self) -> i64 {
        self.changes
    }

    /// Whether there are records that were not there when the end was `before`.
    pub(crate) fn has_records_after(&self, before: &Self) -> bool {
        self.seq > before.seq
    }

    /// Whether the record at this end is in the database: no two transactions write the same one.
    pub(crate) async fn is_recorded(&self, connection: &mut Connection) -> Result<bool> {
        let row = connection.row("SELECT hash FROM audit WHERE seq = ?", &[self.seq.into()]).await?;
        Ok(row.map(|mut row| row.blob()).transpose()?.is_some_and(|hash| hash == self.hash))
    }

    /// Writes the end.
    pub(crate) async fn save(&self, connection: &mut Connection) -> Result<()> {
        if self.is_longer {
            let sql = "UPDATE audit_head SET seq = ?, hash = ?, changes = ? WHERE id = 1";
            connection.execute(sql, &[self.seq.into(), self.hash.as_slice().into(), self.changes.into()]).await?;
        }
        Ok(())
    }
}

impl Change {
    /// Adds a record to the trail, in this transaction.
    pub(crate) async fn record(&mut self, caller: &Caller, event: &Event<'_>) -> Result<()> {
        self.record_from(caller, &caller.origin, event).await
    }

    /// The same for a caller who was recognised in an earlier request: this one comes from `origin`.
    pub(crate) async fn record_from(&mut self, caller: &Caller, origin: &Origin, event: &Event<'_>) -> Result<()> {
        let (actor, target, request_id) = (kept(&caller.name), kept(event.target), kept(&origin.request_id));
        let address = origin.address.map(|address| address.to_string()).unwrap_or_default();
        let record = LinkedRecord {
            seq: self.chain.seq + 1,
            at: now(),
            actor_id: caller.id,
            actor: &actor,
            action: event.action.as_str(),
            target_id: event.target_id,
            target: &target,
            revision: event.revision,
            address: &address,
            request_id: &request_id,
            outcome: event.outcome,
        };
        let hash = record.hash(&self.chain.hash);
        self.connection
            .execute(
                "INSERT INTO audit (seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, \
                 outcome, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                &[
                    record.seq.into(),
                    record.at.into(),
                    record.actor_id.into(),
                    record.actor.into(),
                    record.action.into(),
                    record.target_id.into(),
                    record.target.into(),
                    record.revision.into(),
                    record.address.into(),
                    record.request_id.into(),
                    record.outcome.into(),
                    hash.as_slice().into(),
                ],
            )
            .await?;
        self.chain = Chain { seq: record.seq, hash, is_longer: true, ..self.chain };
        Ok(())
    }
}

/// What is kept of a name, which may come from anybody: as much as the column takes, and only characters that every database
/// keeps. The hash is of what is kept.
fn kept(name: &str) -> Cow<'_, str> {
    // no text has more characters than bytes
    if name.len() <= LONGEST && !name.contains('\0') {
        return Cow::Borrowed(name);
    }
    name.chars().take(LONGEST).map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
