//! Changing a secret: what is read, changed and written is one revision, or the change begins again.

use super::create::cannot_keep;
use super::{read, rows};
use crate::access::{Caller, Wish, hidden};
use crate::audit::{Action, Event};
use crate::database::{Change, Work, now};
use crate::engine::Acting;
use crate::intent::{Intent, Intention, Naming};
use crate::keys::retired;
use crate::once;
use crate::values::Receipt;
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::central::{CentralSecret, SecretChange, SecretId, ValuesChange, Visibility, check_central_values};
use strongroom_core::{Description, Error, Kind, Result, SecretName, Values, seal};
use time::OffsetDateTime;
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
    let (mut secret, receipt) = found.ok_or_else(|| hidden(&asked))?;
    rows::allow(caller, Wish::ChangeSecret, &secret, &asked)?;
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
    let next = match &wanted.values {
        None => None,
        Some(ValuesChange::Replace(values)) => Some(values.clone()),
        Some(ValuesChange::Patch(pairs)) => {
            let mut values = current.clone().ok_or_else(|| read::gone(&secret, engine.values.kind()))?;
            for (key, value) in pairs {
                match value {
                    Some(value) => values.insert(key.clone(), value.clone()),
                    None => drop(values.remove(key)),
                }
            }
            Some(values)
        }
    };
    let next = next.filter(|next| current.as_ref() != Some(next));
    if let Some(values) = &next {
        check_central_values(values)?;
    }
    let base = secret.revision;
    let realm = |secret: &CentralSecret| {
        rows::realm(secret.visibility, secret.owner.id, secret.project.id, engine.default_project)
    };
    let found = Naming::new(realm(&secret), &secret.name, secret.visibility);
    if let Some(name) = &wanted.name {
        secret.name = name.clone();
    }
    if let Some(visibility) = wanted.visibility {
        secret.visibility = visibility;
    }
    if let Some(schema) = &wanted.schema {
        secret.schema = Some(schema.clone()).filter(|schema| !schema.is_empty());
    }
    let naming = Naming::new(realm(&secret), &secret.name, secret.visibility);
    secret.revision = base + u32::from(next.is_some());
    let keeps_revision = next.is_none();
    // what cannot be found needs no other name
    let kept_again = current.clone().filter(|_| keeps_revision && naming != found && engine.values.tells_names());
    secret.values = next.clone().or(current);
    let write = next.or(kept_again);
    if let Some(values) = &write {
        let description = Description::from(&secret);
        engine.values.check(&description, values).map_err(|error| cannot_keep(error, &secret.name))?;
    }
    let plan = Plan { naming, found, base, keeps_revision, secret, request: wanted.request };
    match carry_out(acting, plan, write, action).await {
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

/// What the row shall say.
#[derive(Clone)]
struct Plan {
    secret: CentralSecret,
    naming: Naming,
    /// What the row must say now, as the rest of the plan is made of it.
    found: Naming,
    base: u32,
    /// Whether the values stay; those that are written are the same.
    keeps_revision: bool,
    request: Option<Uuid>,
}

/// Stores `write`, if anything, and changes the row.
async fn carry_out(acting: &Acting, plan: Plan, write: Option<Values>, action: Action) -> Result<CentralSecret> {
    let Acting { engine, caller, .. } = acting;
    let (id, number) = (plan.secret.id, plan.secret.revision);
    let kept = engine.kept_revisions;
    let caller = caller.clone();
    if !engine.values.is_external() {
        let receipt = match &write {
            Some(values) => {
                let description = Description::from(&plan.secret);
                Some(engine.values.store(&description, number, Uuid::nil(), values).await?)
            }
            None => None,
        };
        return engine.database.change(Update { caller, plan, receipt, intent: None, action, kept }).await;
    }
    // A change of the name alone waits its turn too: an interrupted change that is finished must not take it back.
    let intention = Intention::Update {
        base: plan.base,
        keeps_revision: plan.keeps_revision,
        found: Some(plan.found.clone()),
        naming: plan.naming.clone(),
        author: (caller.id, caller.name.clone()),
    };
    let it = Arc::clone(engine);
    let change = move |intent: Intent| async move {
        let receipt = match &write {
            Some(values) => {
                let description = Description { updated: intent.time(), ..Description::from(&plan.secret) };
                let stored = it.values.store(&description, number, intent.write(), values).await;
                Some(stored.map_err(|error| cannot_keep(error, &plan.secret.name))?)
            }
            None => None,
        };
        it.database.change(Update { caller, plan, receipt, intent: Some(intent), action, kept }).await
    };
    engine.with_intent(id, intention, change).await
}

fn another_revision(secret: &CentralSecret, expected: u32) -> Error {
    let CentralSecret { name, revision, .. } = secret;
    Error::new(Kind::Conflict, format!("secret `{name}` is at revision {revision}, not {expected}"))
        .with_hint("read it again, and make the change to what is there now")
}

struct Update {
    caller: Caller,
    plan: Plan,
    receipt: Option<Receipt>,
    intent: Option<Intent>,
    action: Action,
    kept: u32,
}

#[async_trait]
impl Work for Update {
    type Done = CentralSecret;

    async fn run(&mut self, change: &mut Change) -> Result<CentralSecret> {
        let Self { caller, plan, receipt, intent, action, kept } = self;
        let Plan { secret, naming, found, base, keeps_revision, request } = plan;
        if let Some(intent) = intent {
            intent.end(&mut change.connection).await?;
        }
        let CentralSecret { id, name, visibility, revision, .. } = &*secret;
        let before = rows::secret_for(&mut change.connection, caller, Wish::ChangeSecret, *id).await?;
        if before.revision != *base {
            return Err(another_revision(&before, *base));
        }
        if before.name.as_str() != found.name || (before.visibility == Visibility::Private) != found.is_private {
            return Err(Error::new(Kind::Conflict, format!("secret `{}` was renamed meanwhile", found.name)));
        }
        if rows::taken(&mut change.connection, &naming.realm, name).await?.is_some_and(|other| other != *id) {
            return Err(rows::already_there(*visibility, name));
        }
        once::note(change, *request, *id, *revision).await?;
        let mut done = secret.clone();
        let is_same = receipt.is_none()
            && before.name == *name
            && before.visibility == *visibility
            && before.schema == secret.schema;
        if !is_same {
            done.updated = intent.as_ref().map_or_else(now, Intent::time);
            set(change, &done, &naming.realm).await?;
            match receipt {
                None => {}
                Some(receipt) if *keeps_revision => replace_receipt(change, *id, *revision, receipt).await?,
                Some(receipt) => {
                    add_revision(change, caller, *id, *revision, done.updated, receipt).await?;
                    trim(change, *id, *revision, *kept).await?;
                }
            }
        }
        let event = Event {
            action: *action,
            target_id: Some(*id),
            target: name.as_str(),
            revision: Some(*revision),
            outcome: "done",
        };
        change.record(caller, &event).await?;
        Ok(done)
    }
}

async fn set(change: &mut Change, secret: &CentralSecret, realm: &str) -> Result<()> {
    let CentralSecret { id, name, visibility, schema, revision, updated, .. } = secret;
    let name: &SecretName = name;
    let sql =
        "UPDATE secret SET realm = ?, name = ?, private = ?, schema_name = ?, revision = ?, updated = ? WHERE id = ?";
    let is_private = *visibility == Visibility::Private;
    let params = [
        realm.into(),
        name.as_str().into(),
        is_private.into(),
        schema.as_deref().into(),
        (*revision).into(),
        (*updated).into(),
        (*id).into(),
    ];
    change.connection.execute(sql, &params).await.map(|_| ())
}

pub(crate) async fn add_revision(
    change: &mut Change,
    caller: &Caller,
    id: SecretId,
    number: u32,
    created: OffsetDateTime,
    receipt: &Receipt,
) -> Result<()> {
    let sql = "INSERT INTO revision (secret_id, number, author_id, author, created, receipt) VALUES (?, ?, ?, ?, ?, ?)";
    let bytes: &[u8] = &receipt.0;
    if seal::is_sealed(bytes) {
        let (sealed_with, in_force) = (seal::key_id(bytes)?, change.key_in_force().await?);
        if sealed_with != in_force {
            return Err(retired(&sealed_with, in_force.to_owned()));
        }
    }
    let params =
        [id.into(), number.into(), caller.id.into(), caller.name.as_str().into(), created.into(), bytes.into()];
    change.connection.execute(sql, &params).await.map(|_| ())
}

/// The values of a revision are the same, kept anew.
pub(crate) async fn replace_receipt(change: &mut Change, id: SecretId, number: u32, receipt: &Receipt) -> Result<()> {
    let sql = "UPDATE revision SET receipt = ? WHERE secret_id = ? AND number = ?";
    let bytes: &[u8] = &receipt.0;
    change.connection.execute(sql, &[bytes.into(), id.into(), number.into()]).await.map(|_| ())
}

pub(crate) async fn trim(change: &mut Change, id: SecretId, current: u32, kept: u32) -> Result<()> {
    let sql = "DELETE FROM revision WHERE secret_id = ? AND number <= ?";
    change.connection.execute(sql, &[id.into(), current.saturating_sub(kept).into()]).await.map(|_| ())
}
