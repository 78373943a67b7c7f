//! Reading one secret again and again without asking the database for it again and again.
//!
//! The database counts its changes in the row that every transaction of a writer locks. What was read is remembered with the
//! count at that time; the transaction that records the read in the audit trail tells the count again. If it is the same, what is
//! remembered was still so when the record was written, whoever else changes the database; if not, it is read anew. So no answer
//! is older than its audit record, on one server or many.

use crate::access::{Caller, Origin, Wish, hidden};
use crate::audit::{Action, Event};
use crate::database::{Change, Work};
use crate::engine::Engine;
use crate::secrets;
use async_trait::async_trait;
use bytes::Bytes;
use moka::sync::Cache;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use strongroom_core::Result;
use strongroom_core::central::{CentralSecret, SecretId, Secrets};
use zeroize::Zeroizing;

/// Values are in memory this long at most.
const LIFE: Duration = Duration::from_secs(60);
/// All that is remembered of secrets is this many bytes at most.
const SECRETS: u64 = 16 << 20;
/// How many callers are remembered.
const CALLERS: u64 = 10_000;

/// In how many forms an answer may tell of a secret.
const FORMS: usize = 3;

/// What was read lately, and how many changes the database had seen by then.
#[derive(Debug)]
pub(crate) struct Memory {
    secrets: Cache<SecretId, Arc<Reading>>,
    callers: Cache<[u8; 32], Arc<KnownCaller>>,
}

#[derive(Debug)]
struct KnownCaller {
    changes: i64,
    caller: Caller,
}

/// A secret with its values as it was read, and the answers that were made of it. All of it is wiped when nobody has it any more.
pub struct Reading {
    changes: i64,
    secret: CentralSecret,
    answers: [OnceLock<Bytes>; FORMS],
}

impl Reading {
    fn new(changes: i64, secret: CentralSecret) -> Self {
        Self { changes, secret, answers: Default::default() }
    }

    /// The answer that tells of this secret in one of three forms, numbered from 0: `write` writes it, the first time.
    pub fn answer(&self, form: usize, write: impl FnOnce(&CentralSecret) -> Zeroizing<Vec<u8>>) -> Bytes {
        self.answers[form].get_or_init(|| Bytes::from_owner(write(&self.secret))).clone()
    }
}

impl Deref for Reading {
    type Target = CentralSecret;

    fn deref(&self) -> &CentralSecret {
        &self.secret
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // answers hold values
        f.debug_tuple("Reading").field(&self.secret).finish()
    }
}

impl Default for Memory {
    fn default() -> Self {
        let weight = |_: &SecretId, reading: &Arc<Reading>| {
            let values = reading.values.iter().flat_map(strongroom_core::Values::iter);
            let bytes: usize = values.map(|(key, value)| key.len() + value.expose().len() + 64).sum();
            // once as they are, and mostly in one answer
            u32::try_from(2 * bytes + 2048).unwrap_or(u32::MAX)
        };
        Self {
            secrets: Cache::builder().max_capacity(SECRETS).weigher(weight).time_to_live(LIFE).build(),
            callers: Cache::builder().max_capacity(CALLERS).time_to_live(LIFE).build(),
        }
    }
}

impl Engine {
    /// A secret with its values for who shows a token: as [`Self::authenticate`] and then [`Secrets::get`], with the same
    /// records, but mostly from memory.
    ///
    /// # Errors
    /// Those of the two.
    pub async fn read(self: &Arc<Self>, bearer: &str, origin: Origin, id: SecretId) -> Result<Arc<Reading>> {
        match self.remembered(bearer, &origin, id).await? {
            Some(reading) => Ok(reading),
            // in a box: what is mostly not needed would be moved about with every request
            None => Box::pin(self.read_anew(bearer, origin, id)).await,
        }
    }

    async fn read_anew(self: &Arc<Self>, bearer: &str, origin: Origin, id: SecretId) -> Result<Arc<Reading>> {
        let changes = self.changes().await?;
        let recognized = self.authenticate(bearer, origin).await?;
        let caller = recognized.caller;
        let reading = Arc::new(Reading::new(changes, self.acting(caller.clone()).get(id, None).await?));
        if let Some(token) = self.signer.is_remembered(bearer).filter(|_| !recognized.is_fleeting) {
            self.memory.callers.insert(token, Arc::new(KnownCaller { changes, caller }));
        }
        if reading.values.is_some() {
            self.memory.secrets.insert(id, Arc::clone(&reading));
        }
        Ok(reading)
    }

    /// The same from memory; `None` when it is not remembered, or was changed since.
    async fn remembered(&self, bearer: &str, origin: &Origin, id: SecretId) -> Result<Option<Arc<Reading>>> {
        let Some(token) = self.signer.is_remembered(bearer) else { return Ok(None) };
        let (Some(caller), Some(reading)) = (self.memory.callers.get(&token), self.memory.secrets.get(&id)) else {
            return Ok(None);
        };
        if caller.changes != reading.changes || secrets::allow(&caller.caller, Wish::ReadValues, &reading).is_err() {
            return Ok(None);
        }
        let again = ReadAgain { caller, origin: origin.clone(), reading: Arc::clone(&reading) };
        let changes = self.database.change(again).await?;
        Ok((changes == reading.changes).then_some(reading))
    }

    async fn changes(&self) -> Result<i64> {
        let row = self.database.read().await?.row("SELECT changes FROM audit_head WHERE id = 1", &[]).await?;
        row.ok_or_else(|| hidden("audit trail"))?.int()
    }
}

/// The record of a reading from memory. Tells how many changes the database had seen by then.
struct ReadAgain {
    caller: Arc<KnownCaller>,
    origin: Origin,
    reading: Arc<Reading>,
}

#[async_trait]
impl Work for ReadAgain {
    type Done = i64;
    const QUIET: bool = true;

    async fn run(&mut self, change: &mut Change) -> Result<i64> {
        let CentralSecret { id, name, revision, .. } = &self.reading.secret;
        let (action, target_id, target, revision) = (Action::SecretRead, Some(*id), name.as_str(), Some(*revision));
        let event = Event { action, target_id, target, revision, outcome: "done" };
        change.record_from(&self.caller.caller, &self.origin, &event).await?;
        Ok(change.chain.changes())
    }
}
