//! Writing an intention down, when the turn of the secret has come.

use super::{Detail, Intent, Intention, Naming};
use crate::database::{Change, Work, micros, now};
use crate::values::Place;
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::central::SecretId;
use strongroom_core::{Error, Kind, Result};

/// Refuses what cannot be carried out: a name that is taken, or another revision.
pub(super) struct Begin {
    pub(super) id: SecretId,
    pub(super) detail: Detail,
    pub(super) place: Arc<Place>,
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
