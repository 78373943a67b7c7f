//! Changes of secrets whose values are outside the database: what is about to happen is written down first.
//!
//! One intent per secret, so that changes of one secret take turns across replicas. An intent whose change failed, or whose
//! process died, is settled: finished when the values arrived, undone when they did not. Until then readers see the revision
//! that the catalogue names, whatever the vault holds.

mod begin;
mod holder;
mod intention;
mod pending;
mod settle;

use crate::database::{Connection, now};
use crate::engine::Engine;
use begin::Begin;
pub(crate) use holder::Holder;
pub(crate) use intention::{Intention, Naming};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use strongroom_core::central::SecretId;
use strongroom_core::{Error, Kind, Result};
use time::OffsetDateTime;
use tokio::time::Instant;
use uuid::Uuid;

/// How often a change looks whether its turn has come.
const TURN: Duration = Duration::from_millis(20);
/// How long a change waits for another of the same secret.
const PATIENCE: Duration = Duration::from_secs(35);

/// An intention that is on disk.
#[derive(Debug, Clone)]
pub(crate) struct Intent {
    pub(crate) id: SecretId,
    pub(crate) detail: Detail,
    started: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Detail {
    pub(crate) intention: Intention,
    /// Tells the write of this change from all others.
    write: Uuid,
    holder: Holder,
    /// When the turn of the change came, in microseconds; 0 in what a process of an earlier release wrote.
    #[serde(default)]
    began: i64,
}

impl Intent {
    /// What tells the write of this change from all others.
    pub(crate) fn write(&self) -> Uuid {
        self.detail.write
    }

    /// When the change was made, as far as anybody is told; what the place of the values tells is the same.
    pub(crate) fn time(&self) -> OffsetDateTime {
        let nanos = i128::from(self.detail.began) * 1000;
        if nanos == 0 { now() } else { OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or_else(|_| now()) }
    }

    /// Ends it, in the transaction that makes the change.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when somebody took its holder for dead and settled it.
    pub(crate) async fn end(&self, connection: &mut Connection) -> Result<()> {
        let sql = "DELETE FROM intent WHERE secret_id = ? AND started = ?";
        match connection.execute(sql, &[self.id.into(), self.started.into()]).await? {
            1 => Ok(()),
            _ => Err(Error::new(Kind::Conflict, "the change took so long that another process ended it")),
        }
    }
}

impl Engine {
    /// Writes down what is about to happen to a secret whose values are outside the database, lets `change` happen, and finishes
    /// or undoes it if it failed. It goes on when nobody waits for it any more, as the place of the values does.
    ///
    /// # Errors
    /// Those of `change`; [`Kind::AlreadyExists`] when the name is taken, [`Kind::Conflict`] when the secret is at another revision
    /// or other changes of it take too long. Then nothing was begun.
    pub(crate) async fn with_intent<T, F>(
        self: &Arc<Self>,
        id: SecretId,
        intention: Intention,
        change: impl FnOnce(Intent) -> F + Send + 'static,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let engine = Arc::clone(self);
        let task = tokio::spawn(async move {
            engine.learn_stand_in().await?;
            let intent = engine.intend(id, intention).await?;
            let turn = Turn { engine: Arc::clone(&engine), id };
            let done = change(intent.clone()).await;
            drop(turn);
            if done.is_err()
                && let Err(error) = engine.settle_now(&intent).await
            {
                tracing::warn!(secret = %id, kind = %error.kind(), "a failed change is settled later: {error}");
            }
            done
        });
        task.await.unwrap_or_else(|_| Err(Error::new(Kind::Unavailable, "the change broke off")))
    }

    async fn intend(&self, id: SecretId, intention: Intention) -> Result<Intent> {
        let until = Instant::now() + PATIENCE;
        let detail = Detail { intention, write: Uuid::new_v4(), holder: self.holder.clone(), began: 0 };
        loop {
            let begin = Begin { id, detail: detail.clone(), place: Arc::clone(&self.place) };
            // before it is on disk: from then on others ask whether it is under way
            let is_first = self.under_way().insert(id);
            let begun = if is_first { self.database.change(begin).await } else { Ok(None) };
            match begun {
                Ok(Some(intent)) => return Ok(intent),
                other => {
                    if is_first {
                        self.under_way().remove(&id);
                    }
                    other?;
                }
            }
            if let Some(other) = self.intents(Some(id)).await?.pop()
                && self.is_abandoned(&other)
            {
                self.settle_now(&other).await?;
                continue;
            }
            if Instant::now() > until {
                return Err(Error::new(Kind::Conflict, "another change of the secret takes too long")
                    .with_hint("try again in a minute"));
            }
            tokio::time::sleep(TURN).await;
        }
    }

    fn under_way(&self) -> MutexGuard<'_, HashSet<SecretId>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change of a secret that this process is making.
struct Turn {
    engine: Arc<Engine>,
    id: SecretId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.engine.under_way().remove(&self.id);
    }
}
