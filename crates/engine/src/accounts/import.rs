//! Taking an account over from elsewhere, with its id and times.

use super::rows::{self, kind_text, what};
use crate::access::Caller;
use crate::audit::{Action, Event};
use crate::database::{Change, Work};
use async_trait::async_trait;
use strongroom_core::central::Account;
use strongroom_core::{Error, Result};

/// An account without a password: nobody signs in with it before an administrator gives it one.
pub(crate) struct Take {
    pub(crate) caller: Caller,
    pub(crate) account: Account,
}

#[async_trait]
impl Work for Take {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { caller, account } = self;
        let Account { id, kind, name, full_name, email, description, role, active, created, updated } = &*account;
        if rows::account_id(&mut change.connection, name).await?.is_some() {
            return Err(Error::already_exists(what(*kind), name));
        }
        let sql = "INSERT INTO account (id, kind, name, full_name, email, description, role, active, password, \
             password_changed, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?)";
        let params = [
            (*id).into(),
            kind_text(*kind).into(),
            name.as_str().into(),
            full_name.as_str().into(),
            email.as_deref().into(),
            description.as_str().into(),
            role.as_str().into(),
            (*active).into(),
            (*created).into(),
            (*updated).into(),
        ];
        change.connection.execute(sql, &params).await?;
        let event = Event {
            action: Action::AccountCreate,
            target_id: Some(*id),
            target: name,
            revision: None,
            outcome: "done",
        };
        change.record(caller, &event).await
    }
}
