//! Removing a secret.

use super::rows;
use crate::access::{Caller, Wish};
use crate::audit::{Action, Event};
use crate::database::{Change, Work};
use crate::engine::Acting;
use crate::intent::{Intent, Intention};
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::Result;
use strongroom_core::central::SecretId;

pub(super) async fn delete(acting: &Acting, id: SecretId) -> Result<()> {
    let Acting { engine, caller, .. } = acting;
    let secret = rows::secret_for(&mut *engine.database.read().await?, caller, Wish::ChangeSecret, id).await?;
    let caller = caller.clone();
    if !engine.values.is_external() {
        return engine.database.change(Delete { caller, id, intent: None }).await;
    }
    let it = Arc::clone(engine);
    let change = move |intent| async move {
        let name = secret.name;
        // values that are gone already are what is wished for
        it.values.remove(id).await.map_err(|error| error.within(format!("cannot delete secret `{name}`")))?;
        it.database.change(Delete { caller, id, intent: Some(intent) }).await
    };
    engine.with_intent(id, Intention::Delete, change).await
}

struct Delete {
    caller: Caller,
    id: SecretId,
    intent: Option<Intent>,
}

#[async_trait]
impl Work for Delete {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { caller, id, intent } = self;
        if let Some(intent) = intent {
            intent.end(&mut change.connection).await?;
        }
        let secret = rows::secret_for(&mut change.connection, caller, Wish::ChangeSecret, *id).await?;
        remove(change, *id).await?;
        let event = Event {
            action: Action::SecretDelete,
            target_id: Some(*id),
            target: secret.name.as_str(),
            revision: Some(secret.revision),
            outcome: "done",
        };
        change.record(caller, &event).await
    }
}

/// Takes the rows of a secret away.
pub(crate) async fn remove(change: &mut Change, id: SecretId) -> Result<()> {
    change.connection.execute("DELETE FROM revision WHERE secret_id = ?", &[id.into()]).await?;
    change.connection.execute("DELETE FROM secret WHERE id = ?", &[id.into()]).await.map(|_| ())
}
