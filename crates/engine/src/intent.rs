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
use crate::values::Place;
use async_trait::async_trait;
pub(crate) use holder::Holder;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use strongroom_core::central::{SecretId, Visibility};
use strongroom_core::{Error, Kind, Result, SecretName};
use time::OffsetDateTime;
use tokio::time::Instant;
use uuid::Uuid;

/// How often a change looks whether its turn has come.
const TURN: Duration = Duration::from_millis(20);
/// How long a change waits for another of the same secret.
const PATIENCE: Duration = Duration::from_secs(35);
/// After this long, whoever began a change is taken for dead: longer than any command to a vault may take.
const STALE: Duration = Duration::from_secs(120);

/// What is about to happen to a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Intention {
    /// It is made.
    Create(Naming),
    /// It gets new values, or a new name or visibility.
    Update {
        /// The revision before.
        base: u32,
        /// Whether the values stay, and are only kept again because the place of the values tells the name.
        #[serde(default)]
        keeps_revision: bool,
        /// What the row says before; `None` in what a process of an earlier release wrote.
        #[serde(default)]
        found: Option<Naming>,
        /// What the row shall say.
        naming: Naming,
        /// Who changes it.
        author: (Uuid, String),
    },
    /// It goes.
    Delete,
}

/// What a row shall say of its secret's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Naming {
    pub(crate) realm: String,
    pub(crate) name: String,
    pub(crate) is_private: bool,
}

impl Naming {
    pub(crate) fn new(realm: String, name: &SecretName, visibility: Visibility) -> Self {
        Self { realm, name: name.to_string(), is_private: visibility == Visibility::Private }
    }

    /// Refuses a name that another secret has.
    async fn check(&self, connection: &mut Connection, id: SecretId) -> Result<()> {
        let Self { realm, name, is_private } = self;
        let sql = "SELECT id FROM secret WHERE realm = ? AND name = ?";
        let row = connection.row(sql, &[realm.as_str().into(), name.as_str().into()]).await?;
        if row.map(|mut row| row.id()).transpose()?.is_none_or(|other| other == id) {
            return Ok(());
        }
        let visibility = if *is_private { Visibility::Private } else { Visibility::Public };
        Err(Error::already_exists(&format!("a {visibility} secret"), name))
    }
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

    /// How many changes of secrets outside the database are begun and not ended, by whatever process.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn pending_changes(&self) -> Result<usize> {
        Ok(self.intents(None).await?.len())
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

struct Begin {
    id: SecretId,
    detail: Detail,
    place: Arc<Place>,
}

#[async_trait]
impl Work for Begin {
    /// `None` when another change of the secret is under way.
    type Done = Option<Intent>;

    async fn run(&mut self, change: &mut Change) -> Result<Option<Intent>> {
        let Self { id, detail, place } = self;
        let sql = "SELECT started FROM intent WHERE secret_id = ?";
        if change.connection.row(sql, &[(*id).into()]).await?.is_some() {
            return Ok(None);
        }
        let sql = "SELECT revision, realm, name, private FROM secret WHERE id = ?";
        let row = change.connection.row(sql, &[(*id).into()]).await?;
        let row = row.map(|mut row| {
            let revision = row.count()?;
            Ok::<_, Error>((revision, Naming { realm: row.text()?, name: row.text()?, is_private: row.flag()? }))
        });
        let row = row.transpose()?;
        match &detail.intention {
            Intention::Create(_) if row.is_some() => return Err(Error::already_exists("a secret of the id", id)),
            Intention::Create(naming) => naming.check(&mut change.connection, *id).await?,
            Intention::Update { base, found, naming, .. } => {
                let is_other = |(revision, says): (u32, Naming)| revision != *base || found.as_ref() != Some(&says);
                if row.is_some_and(is_other) {
                    return Err(Error::new(Kind::Conflict, "the secret was changed meanwhile"));
                }
                naming.check(&mut change.connection, *id).await?;
            }
            Intention::Delete => {}
        }
        place.fix(change).await?;
        let started = micros(now());
        let detail = Detail { began: started, ..detail.clone() };
        let text = serde_json::to_string(&detail).map_err(|error| Error::payload("an intent", &error))?;
        let sql = "INSERT INTO intent (secret_id, detail, started) VALUES (?, ?, ?)";
        change.connection.execute(sql, &[(*id).into(), text.as_str().into(), started.into()]).await?;
        Ok(Some(Intent { id: *id, detail, started }))
    }
}

/// What a change that is settled is called in the audit trail.
const SETTLED: Action = Action::SecretUpdate;
