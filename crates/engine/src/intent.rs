//! Changes of secrets whose values are outside the database: what is about to happen is written down first.
//!
//! One intent per secret, so that changes of one secret take turns across replicas. An intent whose change failed, or whose
//! process died, is settled: finished when the values arrived, undone when they did not. Until then readers see the revision
//! that the catalogue names, whatever the vault holds.

mod holder;
mod settle;

use crate::audit::Action;
use crate::database::{Change, Connection, Work, micros, now};
use crate::engine::Engine;
use async_trait::async_trait;
pub(crate) use holder::Holder;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;
use strongroom_core::central::SecretId;
use strongroom_core::{Error, Kind, Result};
use tokio::time::Instant;
use uuid::Uuid;

/// How long a change waits for another of the same secret.
const PATIENCE: Duration = Duration::from_secs(35);
/// After this long, whoever began a change is taken for dead: longer than any command to a vault may take.
const STALE: Duration = Duration::from_secs(120);

/// What is about to happen to a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Intention {
    /// It is made.
    Create,
    /// It gets new values, and perhaps a new name or visibility.
    Update {
        /// The revision before.
        base: u32,
        /// What the row shall say.
        realm: String,
        name: String,
        is_private: bool,
        /// Who changes it.
        author: (Uuid, String),
    },
    /// It goes.
    Delete,
}

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
    holder: Holder,
}

impl Intent {
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
    /// Writes down what is about to happen, when nothing else is happening to that secret.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when other changes of it take too long.
    pub(crate) async fn intend(&self, id: SecretId, intention: Intention) -> Result<Intent> {
        let until = Instant::now() + PATIENCE;
        let detail = Detail { intention, holder: self.holder.clone() };
        loop {
            let begun = self.database.change(Begin { id, detail: detail.clone() }).await;
            match begun {
                Err(error) if error.kind() == Kind::AlreadyExists => {}
                other => {
                    if other.is_ok() {
                        self.under_way().insert(id);
                    }
                    return other;
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
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What is left to do when a change was made, or failed: then it is finished or undone, now or later.
    pub(crate) async fn conclude<T>(&self, intent: &Intent, done: Result<T>) -> Result<T> {
        self.under_way().remove(&intent.id);
        if done.is_err()
            && let Err(error) = self.settle_now(intent).await
        {
            tracing::warn!(secret = %intent.id, kind = %error.kind(), "a failed change is settled later: {error}");
        }
        done
    }

    fn under_way(&self) -> MutexGuard<'_, HashSet<SecretId>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Settles what dead processes left. Servers call it at their start and every minute.
    ///
    /// # Errors
    /// What the database and the place of the values fail with; what could be settled is.
    pub async fn settle_abandoned(&self) -> Result<usize> {
        let (mut count, mut failed) = (0, None);
        for intent in self.intents(None).await? {
            if self.is_abandoned(&intent) {
                match self.settle_now(&intent).await {
                    Ok(()) => count += 1,
                    Err(error) => failed = Some(error),
                }
            }
        }
        failed.map_or(Ok(count), Err)
    }

    fn is_abandoned(&self, intent: &Intent) -> bool {
        if intent.detail.holder.process == self.holder.process {
            return !self.under_way().contains(&intent.id);
        }
        let age = micros(now()).saturating_sub(intent.started);
        intent.detail.holder.is_dead(&self.holder) || i128::from(age) > STALE.as_micros() as i128
    }

    async fn intents(&self, id: Option<SecretId>) -> Result<Vec<Intent>> {
        let mut reader = self.database.read().await?;
        let rows = match id {
            Some(id) => {
                reader.rows("SELECT secret_id, detail, started FROM intent WHERE secret_id = ?", &[id.into()]).await?
            }
            None => reader.rows("SELECT secret_id, detail, started FROM intent", &[]).await?,
        };
        rows.into_iter()
            .map(|mut row| {
                let (id, detail, started) = (row.id()?, row.text()?, row.int()?);
                let detail = serde_json::from_str(&detail).map_err(|error| Error::payload("an intent", &error))?;
                Ok(Intent { id, detail, started })
            })
            .collect()
    }
}

struct Begin {
    id: SecretId,
    detail: Detail,
}

#[async_trait]
impl Work for Begin {
    type Done = Intent;

    async fn run(&mut self, change: &mut Change) -> Result<Intent> {
        let Self { id, detail } = self;
        let started = micros(now());
        let text = serde_json::to_string(detail).map_err(|error| Error::payload("an intent", &error))?;
        let sql = "INSERT INTO intent (secret_id, detail, started) VALUES (?, ?, ?)";
        change.connection.execute(sql, &[(*id).into(), text.as_str().into(), started.into()]).await?;
        Ok(Intent { id: *id, detail: detail.clone(), started })
    }
}

/// What a change that is settled is called in the audit trail.
const SETTLED: Action = Action::SecretUpdate;
