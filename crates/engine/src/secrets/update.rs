//! Changing a secret: what is read, changed and written is one revision, or the change begins again.

mod carry_out;
mod plan;

use super::{read, rows};
use crate::access::{Wish, hidden};
use crate::audit::Action;
use crate::engine::Acting;
pub(crate) use carry_out::set_schema;
use plan::Plan;
use strongroom_core::central::{CentralSecret, SecretChange, SecretId, ValuesChange};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// How often a change begins again because another came between.
const ATTEMPTS: u32 = 64;

pub(super) async fn update(
    acting: &Acting,
    id: SecretId,
    change: SecretChange,
    action: Action,
) -> Result<CentralSecret> {
    for attempt in 1.. {
        match update_once(acting, id, &change, action).await {
            Err(error)
                if error.kind() == Kind::Conflict
                    && (acting.engine.keys.learn(&error) || change.if_revision.is_none())
                    && attempt < ATTEMPTS =>
            {
                tokio::task::yield_now().await;
            }
            other => return other,
        }
    }
    unreachable!("the last attempt returns")
}

async fn update_once(acting: &Acting, id: SecretId, wanted: &SecretChange, action: Action) -> Result<CentralSecret> {
    let Acting { engine, caller, .. } = acting;
    let asked = id.to_string();
    let found = rows::with_receipt(&mut *engine.database.read().await?, id, None).await?;
    let (secret, receipt) = found.ok_or_else(|| hidden(&asked))?;
    rows::allow(caller, Wish::ChangeSecret, &secret, &asked)?;
    rows::check_schema(wanted.schema.as_deref())?;
    if let Some(done) = already_done(acting, id, wanted.request).await? {
        return Ok(done);
    }
    if wanted.visibility.is_some_and(|visibility| visibility != secret.visibility) {
        rows::allow(caller, Wish::ChangeVisibility, &secret, &asked)?;
    }
    if let Some(expected) = wanted.if_revision
        && expected != secret.revision
    {
        return Err(another_revision(&secret, expected));
    }
    let current = match &receipt {
        Some((number, receipt)) => engine.values_of(id, *number, receipt).await,
        None => Ok(None),
    };
    let current = match current {
        // what cannot be read is mended by writing all of it
        Err(error) if error.kind() == Kind::Corrupt && matches!(wanted.values, Some(ValuesChange::Replace(_))) => None,
        other => other.map_err(|error| error.within(format!("cannot read secret `{}`", secret.name)))?,
    };
    let plan = Plan::new(engine, secret, current, wanted)?;
    match carry_out::carry_out(acting, plan, action).await {
        // the same request was quicker on its other way here
        Err(error) if error.kind() == Kind::Conflict => already_done(acting, id, wanted.request).await?.ok_or(error),
        other => other,
    }
}

/// What the same request did before, if it did: the values that it wrote, while they are kept.
async fn already_done(acting: &Acting, id: SecretId, request: Option<Uuid>) -> Result<Option<CentralSecret>> {
    let Some(request) = request else { return Ok(None) };
    let sql = "SELECT revision FROM request WHERE id = ? AND secret_id = ?";
    let row = acting.engine.database.read().await?.row(sql, &[request.into(), id.into()]).await?;
    let Some(revision) = row.map(|mut row| row.count()).transpose()? else { return Ok(None) };
    match read::get(acting, id, Some(revision)).await {
        Err(error) if error.kind() == Kind::NotFound => read::get(acting, id, None).await.map(Some),
        other => other.map(Some),
    }
}

fn another_revision(secret: &CentralSecret, expected: u32) -> Error {
    let CentralSecret { name, revision, .. } = secret;
    Error::new(Kind::Conflict, format!("secret `{name}` is at revision {revision}, not {expected}"))
        .with_hint("read it again, and make the change to what is there now")
}
