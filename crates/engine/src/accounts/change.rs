//! Making, changing and removing accounts, one transaction each.

use super::rows::{self, kind_text, what};
use crate::access::Caller;
use crate::audit::{Action, Event};
use crate::database::{Change, Connection, Work, now};
use crate::engine::Acting;
use crate::once;
use async_trait::async_trait;
use secrecy::SecretString;
use strongroom_core::central::{Account, AccountChange, NewAccount, Role};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

impl Acting {
    /// Who changes the own password must know the old one, if there is one.
    pub(super) async fn prove(&self, id: Uuid, old: Option<&SecretString>) -> Result<()> {
        let row =
            self.engine.database.read().await?.row("SELECT password FROM account WHERE id = ?", &[id.into()]).await?;
        let Some(hash) = row.map(|mut row| row.optional_text()).transpose()?.flatten() else { return Ok(()) };
        let old = old.cloned().unwrap_or_default();
        match self.engine.passwords.turn().await?.is_password(old, Some(hash)).await {
            true => Ok(()),
            false => Err(Error::new(Kind::Forbidden, "the old password is not right")),
        }
    }
}

pub(super) struct Create {
    pub(super) caller: Caller,
    pub(super) account: NewAccount,
    pub(super) password: Option<String>,
    /// See [`Acting::request`].
    pub(super) request: Option<Uuid>,
}

#[async_trait]
impl Work for Create {
    type Done = Account;

    async fn run(&mut self, change: &mut Change) -> Result<Account> {
        let Self { caller, account, password, request } = self;
        if let Some(made) = once::made_before(&mut change.connection, *request).await? {
            return rows::by_id(&mut change.connection, made).await?.ok_or_else(once::is_gone);
        }
        let (id, now) = (Uuid::new_v4(), now());
        let NewAccount { kind, name, full_name, email, description, role, active, password: _ } = account.clone();
        if rows::account_id(&mut change.connection, &name).await?.is_some() {
            return Err(Error::already_exists(what(kind), name));
        }
        let sql = "INSERT INTO account (id, kind, name, full_name, email, description, role, active, password, \
             password_changed, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let changed = password.as_ref().map(|_| now);
        change
            .connection
            .execute(
                sql,
                &[
                    id.into(),
                    kind_text(kind).into(),
                    name.as_str().into(),
                    full_name.as_str().into(),
                    email.as_deref().into(),
                    description.as_str().into(),
                    role.as_str().into(),
                    active.into(),
                    password.as_deref().into(),
                    changed.into(),
                    now.into(),
                    now.into(),
                ],
            )
            .await?;
        once::note(change, *request, id, 1).await?;
        record(change, caller, Action::AccountCreate, id, &name).await?;
        Ok(Account { id, kind, name, full_name, email, description, role, active, created: now, updated: now })
    }
}

pub(super) struct Update {
    pub(super) caller: Caller,
    pub(super) id: Uuid,
    pub(super) change: AccountChange,
    pub(super) password: Option<String>,
}

#[async_trait]
impl Work for Update {
    type Done = Account;

    async fn run(&mut self, change: &mut Change) -> Result<Account> {
        let Self { caller, id, change: wanted, password } = self;
        let connection = &mut change.connection;
        let before = rows::by_id(connection, *id).await?.ok_or_else(|| Error::not_found("account", *id))?;
        let wanted = wanted.clone();
        let mut after = Account {
            name: wanted.name.unwrap_or(before.name.clone()),
            full_name: wanted.full_name.unwrap_or(before.full_name.clone()),
            email: wanted.email.or(before.email.clone()),
            description: wanted.description.unwrap_or(before.description.clone()),
            role: wanted.role.unwrap_or(before.role),
            active: wanted.active.unwrap_or(before.active),
            ..before.clone()
        };
        if is_lost(&before, Some(&after)) {
            keep_an_administrator(connection, *id).await?;
        }
        if rows::account_id(connection, &after.name).await?.is_some_and(|other| other != *id) {
            return Err(Error::already_exists(what(after.kind), after.name));
        }
        after.updated = now();
        let sql = "UPDATE account SET name = ?, full_name = ?, email = ?, description = ?, role = ?, active = ?, updated = ? \
             WHERE id = ?";
        let Account { name, full_name, email, description, role, active, updated, .. } = &after;
        connection
            .execute(
                sql,
                &[
                    name.as_str().into(),
                    full_name.as_str().into(),
                    email.as_deref().into(),
                    description.as_str().into(),
                    role.as_str().into(),
                    (*active).into(),
                    (*updated).into(),
                    (*id).into(),
                ],
            )
            .await?;
        if let Some(password) = password {
            // the tokens that were got with the old one end
            let sql = "UPDATE account SET password = ?, password_changed = ? WHERE id = ?";
            connection.execute(sql, &[password.as_str().into(), (*updated).into(), (*id).into()]).await?;
        }
        let name = name.clone();
        record(change, caller, Action::AccountUpdate, *id, &name).await?;
        Ok(after)
    }
}

pub(super) struct Delete {
    pub(super) caller: Caller,
    pub(super) id: Uuid,
}

#[async_trait]
impl Work for Delete {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { caller, id } = self;
        let connection = &mut change.connection;
        let before = rows::by_id(connection, *id).await?.ok_or_else(|| Error::not_found("account", *id))?;
        if is_lost(&before, None) {
            keep_an_administrator(connection, *id).await?;
        }
        let owned = connection.row("SELECT id FROM secret WHERE owner_id = ?", &[(*id).into()]).await?;
        if owned.is_some() {
            let message = format!("{} `{}` owns secrets", what(before.kind), before.name);
            return Err(Error::new(Kind::Forbidden, message).with_hint("remove its secrets first, or make it inactive"));
        }
        connection.execute("DELETE FROM api_key WHERE account_id = ?", &[(*id).into()]).await?;
        connection.execute("DELETE FROM device WHERE account_id = ?", &[(*id).into()]).await?;
        connection.execute("DELETE FROM account WHERE id = ?", &[(*id).into()]).await?;
        record(change, caller, Action::AccountDelete, *id, &before.name).await
    }
}

/// Whether an administrator who could sign in can no more.
fn is_lost(before: &Account, after: Option<&Account>) -> bool {
    let rules = |account: &Account| account.active && account.role == Role::Admin;
    rules(before) && !after.is_some_and(rules)
}

async fn keep_an_administrator(connection: &mut Connection, but: Uuid) -> Result<()> {
    let sql = "SELECT id FROM account WHERE role = 'admin' AND active = 1 AND id <> ?";
    match connection.row(sql, &[but.into()]).await? {
        Some(_) => Ok(()),
        None => Err(Error::new(Kind::Forbidden, "this is the last administrator").with_hint("make another one first")),
    }
}

async fn record(change: &mut Change, caller: &Caller, action: Action, id: Uuid, name: &str) -> Result<()> {
    change.record(caller, &Event { action, target_id: Some(id), target: name, revision: None, outcome: "done" }).await
}
