//! Reading values and their history.

use super::rows;
use crate::access::{Wish, hidden};
use crate::audit::Action;
use crate::engine::{Acting, Record};
use strongroom_core::central::{CentralSecret, Named, RevisionMeta, SecretId};
use strongroom_core::{Error, Kind, Result};

pub(super) async fn get(acting: &Acting, id: SecretId, revision: Option<u32>) -> Result<CentralSecret> {
    let Acting { engine, caller, .. } = acting;
    let asked = || id.to_string();
    let found = rows::with_receipt(&mut *engine.database.read().await?, id, revision).await?;
    let (mut secret, receipt) = found.ok_or_else(|| hidden(&asked()))?;
    rows::allow(caller, Wish::SeeSecret, &secret, &asked())?;
    if let Err(refusal) = rows::allow(caller, Wish::ReadValues, &secret, &asked()) {
        let (target, outcome) = (secret.name.to_string(), refusal.kind().as_str());
        let record = Record {
            action: Action::SecretRead,
            target_id: Some(id),
            target,
            revision: Some(secret.revision),
            outcome,
        };
        engine.record(caller, record).await?;
        return Ok(secret);
    }
    let Some((number, receipt)) = receipt else {
        let wanted = revision.unwrap_or(secret.revision);
        return Err(Error::not_found(&format!("revision of `{}`", secret.name), wanted)
            .with_hint("`strongroom secret history` shows those that are kept"));
    };
    let values = engine.values_of(id, number, &receipt).await;
    let outcome = match &values {
        Ok(Some(_)) => "done",
        Ok(None) => Kind::Corrupt.as_str(),
        Err(error) => error.kind().as_str(),
    };
    let target = secret.name.to_string();
    let record = Record { action: Action::SecretRead, target_id: Some(id), target, revision: Some(number), outcome };
    // no value leaves before its record is on disk
    engine.record(caller, record).await?;
    let values = values.map_err(|error| error.within(format!("cannot read secret `{}`", secret.name)))?;
    secret.values = Some(values.ok_or_else(|| gone(&secret, engine.values.kind()))?);
    secret.revision = number;
    Ok(secret)
}

/// What lists tell of a secret.
pub(super) async fn seen(acting: &Acting, id: SecretId) -> Result<CentralSecret> {
    rows::secret_for(&mut *acting.engine.database.read().await?, &acting.caller, Wish::SeeSecret, id).await
}

/// The values are not where they were put.
pub(super) fn gone(secret: &CentralSecret, kind: &str) -> Error {
    Error::corrupt(format!("the values of secret `{}` are not in the store `{kind}`", secret.name))
        .with_hint("restore them there, or update the secret with all its values")
}

pub(super) async fn history(acting: &Acting, id: SecretId) -> Result<Vec<RevisionMeta>> {
    let Acting { engine, caller, .. } = acting;
    let mut reader = engine.database.read().await?;
    let secret = rows::secret_for(&mut reader, caller, Wish::SeeSecret, id).await?;
    let sql = "SELECT number, created, author_id, author FROM revision WHERE secret_id = ? ORDER BY number DESC";
    let rows = reader.rows(sql, &[id.into()]).await?;
    rows.into_iter()
        .map(|mut row| {
            let number = row.count()?;
            let (created, author) = (row.time()?, Named { id: row.id()?, name: row.text()? });
            Ok(RevisionMeta { number, created, author, is_current: number == secret.revision })
        })
        .collect()
}
