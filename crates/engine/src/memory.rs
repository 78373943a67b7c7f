//! Reading one secret again and again without asking the database for it again and again.
//!
//! The database counts its changes in the row that every transaction of a writer locks. What was read is remembered with the
//! count at that time; the transaction that records the read in the audit trail tells the count again. If it is the same, what is
//! remembered was still so when the record was written, whoever else changes the database; if not, it is read anew. So no answer
//! is older than its audit record, on one server or many.

use crate::access::{Caller, Origin, Wish, hidden};
use crate::audit::Action;
use crate::engine::{Engine, Record};
use crate::secrets;
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;
use strongroom_core::Result;
use strongroom_core::central::{CentralSecret, SecretId, Secrets};

/// Values are in memory this long at most.
const LIFE: Duration = Duration::from_secs(60);
/// All that is remembered of secrets is this many bytes at most.
const SECRETS: u64 = 16 << 20;
/// How many callers are remembered.
const CALLERS: u64 = 10_000;

/// What was read lately, and how many changes the database had seen by then.
#[derive(Debug)]
pub(crate) struct Memory {
    secrets: Cache<SecretId, Arc<Known<CentralSecret>>>,
    callers: Cache<[u8; 32], Arc<Known<Caller>>>,
}

#[derive(Debug)]
struct Known<T> {
    changes: i64,
    what: T,
}

impl Default for Memory {
    fn default() -> Self {
        let weight = |_: &SecretId, known: &Arc<Known<CentralSecret>>| {
            let values = known.what.values.iter().flat_map(strongroom_core::Values::iter);
            let bytes: usize = values.map(|(key, value)| key.len() + value.expose().len() + 64).sum();
            u32::try_from(bytes + 512).unwrap_or(u32::MAX)
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
    pub async fn read(self: &Arc<Self>, bearer: &str, origin: Origin, id: SecretId) -> Result<CentralSecret> {
        if let Some(secret) = self.remembered(bearer, &origin, id).await? {
            return Ok(secret);
        }
        let changes = self.changes().await?;
        let recognized = self.authenticate(bearer, origin).await?;
        let caller = recognized.caller;
        let secret = self.acting(caller.clone()).get(id, None).await?;
        if let Some(token) = self.signer.is_remembered(bearer).filter(|_| !recognized.is_fleeting) {
            self.memory.callers.insert(token, Arc::new(Known { changes, what: caller }));
        }
        if secret.values.is_some() {
            self.memory.secrets.insert(id, Arc::new(Known { changes, what: secret.clone() }));
        }
        Ok(secret)
    }

    /// The same from memory; `None` when it is not remembered, or was changed since.
    async fn remembered(&self, bearer: &str, origin: &Origin, id: SecretId) -> Result<Option<CentralSecret>> {
        let Some(token) = self.signer.is_remembered(bearer) else { return Ok(None) };
        let (Some(caller), Some(secret)) = (self.memory.callers.get(&token), self.memory.secrets.get(&id)) else {
            return Ok(None);
        };
        if caller.changes != secret.changes || secrets::allow(&caller.what, Wish::ReadValues, &secret.what).is_err() {
            return Ok(None);
        }
        let caller = Caller { origin: origin.clone(), ..caller.what.clone() };
        let record = Record {
            action: Action::SecretRead,
            target_id: Some(id),
            target: secret.what.name.as_str().to_owned(),
            revision: Some(secret.what.revision),
            outcome: "done",
        };
        let changes = self.record(&caller, record).await?;
        Ok((changes == secret.changes).then(|| secret.what.clone()))
    }

    async fn changes(&self) -> Result<i64> {
        let row = self.database.read().await?.row("SELECT changes FROM audit_head WHERE id = 1", &[]).await?;
        row.ok_or_else(|| hidden("audit trail"))?.int()
    }
}
