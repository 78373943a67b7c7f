//! Changes that were begun and not ended: who still makes them, and who has died.

use super::Intent;
use crate::database::{micros, now};
use crate::engine::Engine;
use std::time::Duration;
use strongroom_core::central::SecretId;
use strongroom_core::{Error, Result};

/// After this long, whoever began a change is taken for dead: longer than any command to a vault may take.
const STALE: Duration = Duration::from_secs(120);

impl Engine {
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

    pub(super) fn is_abandoned(&self, intent: &Intent) -> bool {
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

    pub(super) async fn intents(&self, id: Option<SecretId>) -> Result<Vec<Intent>> {
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
