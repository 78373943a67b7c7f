//! The server of ZenML whose items in a vault a store has taken over: one for ever, on record from the first such secret on.

use super::Receipt;
use crate::database::{Change, Connection};
use crate::engine::Engine;
use std::sync::OnceLock;
use strongroom_core::central::SecretId;
use strongroom_core::{Error, Kind, Result, Values};
use uuid::Uuid;

/// The setting that names the server.
const SETTING: &str = "zenml";

/// What this process knows of it. Another process may take over while this one runs.
#[derive(Debug, Default)]
pub(crate) struct StandIn(OnceLock<Uuid>);

impl StandIn {
    /// The server that the database names.
    ///
    /// # Errors
    /// What the database fails with, [`Kind::Corrupt`] when the setting is damaged.
    pub(crate) async fn known(connection: &mut Connection) -> Result<Option<Uuid>> {
        let row = connection.row("SELECT content FROM setting WHERE name = ?", &[SETTING.into()]).await?;
        let Some(mut row) = row else { return Ok(None) };
        Uuid::from_slice(&row.blob()?)
            .map(Some)
            .map_err(|_| Error::corrupt("the store does not know whom it stands for"))
    }

    /// Puts the server on record, in the transaction that takes over a secret of it.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when another one is.
    pub(crate) async fn fix(change: &mut Change, server: Uuid) -> Result<()> {
        match Self::known(&mut change.connection).await? {
            Some(known) => Self::check(known, server),
            None => {
                let (sql, id) = ("INSERT INTO setting (name, content) VALUES (?, ?)", server.as_bytes().as_slice());
                change.connection.execute(sql, &[SETTING.into(), id.into()]).await.map(|_| ())
            }
        }
    }

    /// Refuses a second server.
    pub(crate) fn check(known: Uuid, server: Uuid) -> Result<()> {
        if known == server {
            return Ok(());
        }
        let message = format!("this store has taken over items of another server of ZenML, `{known}`");
        Err(Error::new(Kind::Conflict, message))
    }
}

impl Engine {
    /// Looks whom the store stands for, until that is known; whether it was news.
    ///
    /// # Errors
    /// What the database fails with.
    pub(crate) async fn learn_stand_in(&self) -> Result<bool> {
        if !self.values.is_external() || self.stand_in.0.get().is_some() {
            return Ok(false);
        }
        let Some(server) = StandIn::known(&mut *self.database.read().await?).await? else { return Ok(false) };
        self.values.stand_for(server);
        Ok(self.stand_in.0.set(server).is_ok())
    }

    /// The values of a revision; `None` when they are gone.
    ///
    /// # Errors
    /// What the place of the values fails with.
    pub(crate) async fn values_of(&self, id: SecretId, number: u32, receipt: &Receipt) -> Result<Option<Values>> {
        match self.values.fetch(id, number, receipt).await {
            // another process took it over after this one began
            Err(error) if error.kind() == Kind::Corrupt && self.learn_stand_in().await? => {
                self.values.fetch(id, number, receipt).await
            }
            other => other,
        }
    }
}
