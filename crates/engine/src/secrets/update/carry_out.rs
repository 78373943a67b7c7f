//! Carrying a plan out: the values first, then the row.

use super::another_revision;
use super::plan::Plan;
use crate::access::{Caller, Wish};
use crate::audit::{Action, Event};
use crate::database::{Change, Work, now};
use crate::engine::Acting;
use crate::intent::{Intent, Intention};
use crate::once;
use crate::secrets::create::cannot_keep;
use crate::secrets::revisions::{add_revision, replace_receipt, trim};
use crate::secrets::rows;
use crate::values::Receipt;
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::central::{CentralSecret, SecretId, Visibility};
use strongroom_core::{Description, Error, Kind, Result, SecretName};
use uuid::Uuid;

/// Stores what is to be written, if anything, and changes the row.
///
/// # Errors
/// [`Kind::Conflict`] when somebody else changed the secret meanwhile, or made the same request; [`Kind::AlreadyExists`] when its
/// new name is taken; those of the place of the values and of the database.
pub(super) async fn carry_out(acting: &Acting, plan: Plan, action: Action) -> Result<CentralSecret> {
    let Acting { engine, caller, .. } = acting;
    let (id, number) = (plan.secret.id, plan.secret.revision);
    let kept = engine.kept_revisions;
    let caller = caller.clone();
    if !engine.values.is_external() {
        let receipt = match &plan.write {
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
        schema: plan.schema.clone(),
        request: plan.request,
        author: (caller.id, caller.name.clone()),
    };
    let it = Arc::clone(engine);
    let change = move |intent: Intent| async move {
        let receipt = match &plan.write {
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
        let Plan { secret, naming, found, base, keeps_revision, write: _, schema, request } = plan;
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
        done.schema = match schema {
            Some(schema) => named(schema).map(str::to_owned),
            None => before.schema.clone(),
        };
        let is_same = receipt.is_none()
            && before.name == *name
            && before.visibility == *visibility
            && before.schema == done.schema;
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

/// The row says another schema from now on; an empty one is none.
pub(crate) async fn set_schema(change: &mut Change, id: SecretId, schema: &str) -> Result<()> {
    let sql = "UPDATE secret SET schema_name = ? WHERE id = ?";
    change.connection.execute(sql, &[named(schema).into(), id.into()]).await.map(|_| ())
}

fn named(schema: &str) -> Option<&str> {
    Some(schema).filter(|schema| !schema.is_empty())
}
