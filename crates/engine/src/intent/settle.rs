//! Finishing or undoing a change that was interrupted.

use super::{Detail, Holder, Intent, Intention, Naming};
use crate::access::{Caller, Origin};
use crate::audit::{Action, Event};
use crate::database::{Change, Work, micros, now};
use crate::engine::Engine;
use crate::once;
use crate::secrets;
use crate::values::Receipt;
use async_trait::async_trait;
use strongroom_core::central::{AccountKind, Role, SecretId};
use strongroom_core::{Description, Error, Kind, Result};
use uuid::Uuid;

/// What a change that is settled is called in the audit trail.
const SETTLED: Action = Action::SecretUpdate;

impl Engine {
    pub(super) async fn settle_now(&self, intent: &Intent) -> Result<()> {
        // from here on, a holder that was only slow cannot end it any more
        let Some(intent) = self.database.change(Claim { intent: intent.clone(), holder: self.holder.clone() }).await?
        else {
            return Ok(()); // somebody else settled it
        };
        let id = intent.id;
        let ending = match &intent.detail.intention {
            Intention::Create(_) => {
                if !self.has_row(id).await? {
                    self.values.remove(id).await?;
                }
                Ending::Nothing
            }
            Intention::Delete => match self.values.latest(id).await? {
                Some(_) => Ending::Nothing,
                None => Ending::Remove,
            },
            Intention::Update { .. } => match self.values.latest(id).await? {
                // any other version was there before, or is somebody else's
                Some(latest) if latest.write == Some(intent.write()) => Ending::Finish(latest.receipt),
                _ => Ending::Nothing,
            },
        };
        let settled = self.database.change(Settle { intent: intent.clone(), ending, kept: self.kept_revisions }).await;
        match settled {
            // its new name was taken meanwhile: the old values are put back
            Err(error) if error.kind() == Kind::AlreadyExists => self.put_back(&intent).await,
            // somebody else settled it
            Err(error) if error.kind() == Kind::Conflict => Ok(()),
            other => other,
        }
    }

    async fn put_back(&self, intent: &Intent) -> Result<()> {
        let id = intent.id;
        let row = secrets::with_receipt(&mut *self.database.read().await?, id, None).await?;
        let ending = match row {
            Some((secret, Some((number, receipt)))) => match self.values_of(id, number, &receipt).await? {
                None => Ending::Nothing,
                Some(values) => {
                    let description = Description::from(&secret);
                    match self.values.store(&description, number, Uuid::new_v4(), &values).await {
                        Ok(receipt) => Ending::Replace(number, receipt),
                        // the old name is from before the place told names: the row has its version, and that is all
                        Err(error) if error.kind() == Kind::Invalid => Ending::Nothing,
                        Err(error) => return Err(error),
                    }
                }
            },
            _ => Ending::Nothing,
        };
        self.database.change(Settle { intent: intent.clone(), ending, kept: self.kept_revisions }).await
    }

    async fn has_row(&self, id: SecretId) -> Result<bool> {
        let mut reader = self.database.read().await?;
        Ok(reader.row("SELECT id FROM secret WHERE id = ?", &[id.into()]).await?.is_some())
    }
}

/// How it ends.
#[derive(Clone)]
enum Ending {
    /// As if it had never begun.
    Nothing,
    /// The secret is gone.
    Remove,
    /// The values arrived under this receipt.
    Finish(Receipt),
    /// The old values were written again, under this receipt.
    Replace(u32, Receipt),
}

/// Takes the intent over: whoever held it cannot end it any more.
struct Claim {
    intent: Intent,
    holder: Holder,
}

#[async_trait]
impl Work for Claim {
    /// `None` when it is not there any more.
    type Done = Option<Intent>;

    async fn run(&mut self, change: &mut Change) -> Result<Option<Intent>> {
        let Self { intent: Intent { id, detail, started }, holder } = self;
        // later than any before, so that it differs
        let now = micros(now()).max(*started + 1);
        let detail = Detail { holder: holder.clone(), ..detail.clone() };
        let text = serde_json::to_string(&detail).map_err(|error| Error::payload("an intent", &error))?;
        let sql = "UPDATE intent SET detail = ?, started = ? WHERE secret_id = ? AND started = ?";
        let params = [text.as_str().into(), now.into(), (*id).into(), (*started).into()];
        let is_ours = change.connection.execute(sql, &params).await? == 1;
        Ok(is_ours.then_some(Intent { id: *id, detail, started: now }))
    }
}

struct Settle {
    intent: Intent,
    ending: Ending,
    kept: u32,
}

#[async_trait]
impl Work for Settle {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { intent, ending, kept } = self;
        intent.end(&mut change.connection).await?;
        let id = intent.id;
        match ending {
            Ending::Nothing => Ok(()),
            Ending::Remove => secrets::remove(change, id).await,
            Ending::Replace(number, receipt) => secrets::replace_receipt(change, id, *number, receipt).await,
            Ending::Finish(receipt) => finish(change, intent, receipt, *kept).await,
        }
    }
}

async fn finish(change: &mut Change, intent: &Intent, receipt: &Receipt, kept: u32) -> Result<()> {
    let Intention::Update { base, keeps_revision, found: _, naming, schema, request, author } =
        &intent.detail.intention
    else {
        return Err(Error::corrupt("an intent is damaged"));
    };
    let (id, number, time) = (intent.id, base + u32::from(!keeps_revision), intent.time());
    naming.check(&mut change.connection, id).await?;
    let Naming { realm, name, is_private } = naming;
    let sql = "UPDATE secret SET realm = ?, name = ?, private = ?, revision = ?, updated = ? WHERE id = ?";
    let params =
        [realm.as_str().into(), name.as_str().into(), (*is_private).into(), number.into(), time.into(), id.into()];
    change.connection.execute(sql, &params).await?;
    if let Some(schema) = schema {
        secrets::set_schema(change, id, schema).await?;
    }
    once::note(change, *request, id, number).await?;
    let caller = author_of(author);
    if *keeps_revision {
        secrets::replace_receipt(change, id, number, receipt).await?;
    } else {
        secrets::add_revision(change, &caller, id, number, time, receipt).await?;
        secrets::trim(change, id, number, kept).await?;
    }
    let event = Event { action: SETTLED, target_id: Some(id), target: name, revision: Some(number), outcome: "done" };
    change.record(&caller, &event).await
}

/// Who began the change; the trail says that it was settled by its request id.
fn author_of((id, name): &(Uuid, String)) -> Caller {
    let origin = Origin { address: None, request_id: "settled".to_owned() };
    Caller { id: *id, name: name.clone(), kind: AccountKind::User, role: Role::Editor, origin }
}
