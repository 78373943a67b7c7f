//! The account of this machine's own command line: whoever may open the files may do everything.

use crate::access::{Caller, Origin};
use crate::audit::{Action, Event};
use crate::database::{Change, Work, now};
use crate::engine::Engine;
use async_trait::async_trait;
use strongroom_core::Result;
use strongroom_core::central::{AccountKind, Role};
use uuid::Uuid;

/// What ZenML calls the account that is always there.
pub(crate) const DEFAULT_ACCOUNT: &str = "default";

impl Engine {
    /// The caller of this machine's own command line: the account `default`, made on first use, without a password.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn local_caller(&self, origin: Origin) -> Result<Caller> {
        let sql = "SELECT id FROM account WHERE name = ?";
        let found = self.database.read().await?.row(sql, &[DEFAULT_ACCOUNT.into()]).await?;
        let id = match found {
            Some(mut row) => row.id()?,
            None => self.database.change(MakeDefault { origin: origin.clone() }).await?,
        };
        Ok(caller(id, origin))
    }
}

fn caller(id: Uuid, origin: Origin) -> Caller {
    Caller { id, name: DEFAULT_ACCOUNT.to_owned(), kind: AccountKind::User, role: Role::Admin, origin }
}

struct MakeDefault {
    origin: Origin,
}

#[async_trait]
impl Work for MakeDefault {
    type Done = Uuid;

    async fn run(&mut self, change: &mut Change) -> Result<Uuid> {
        let sql = "SELECT id FROM account WHERE name = ?";
        if let Some(mut row) = change.connection.row(sql, &[DEFAULT_ACCOUNT.into()]).await? {
            return row.id(); // another process was quicker
        }
        let (id, now) = (Uuid::new_v4(), now());
        let sql = "INSERT INTO account (id, kind, name, full_name, email, description, role, active, password, \
             password_changed, created, updated) VALUES (?, 'user', ?, '', NULL, '', 'admin', 1, NULL, NULL, ?, ?)";
        change.connection.execute(sql, &[id.into(), DEFAULT_ACCOUNT.into(), now.into(), now.into()]).await?;
        let event = Event {
            action: Action::AccountCreate,
            target_id: Some(id),
            target: DEFAULT_ACCOUNT,
            revision: None,
            outcome: "done",
        };
        change.record(&caller(id, self.origin.clone()), &event).await?;
        Ok(id)
    }
}
