//! Taking users and secrets over, as planned. What is done is done: a second run goes on where the first one ended.

use super::people::User;
use super::plan::{AccountStep, Plan, SecretStep};
use super::source::{Content, Secret, ZenmlDatabase};
use crate::access::{Caller, Wish, authorize};
use crate::accounts::Take;
use crate::audit::Action;
use crate::database::{Change, Work, now};
use crate::engine::Engine;
use crate::secrets::{self, insert};
use crate::values::Receipt;
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::central::{
    Account, CentralSecret, Named, SecretChange, SecretId, Secrets, ValuesChange, Visibility,
};
use strongroom_core::{Error, Kind, Result, Values};
use uuid::Uuid;

impl ZenmlDatabase {
    /// Does what was planned, and tells what became of each. `progress` is called after each secret.
    ///
    /// # Errors
    /// [`Kind::Forbidden`] for all but administrators, and what the database of the store fails with. What one secret is refused for
    /// is told of in the answer.
    pub async fn take_over(
        &self,
        engine: &Arc<Engine>,
        caller: &Caller,
        mut plan: Plan,
        mut progress: impl FnMut(),
    ) -> Result<Plan> {
        authorize(caller, Wish::ManageAccounts, None)?;
        for (account, user) in plan.accounts.iter_mut().zip(&self.users) {
            if account.step == AccountStep::Create {
                let work = Take { caller: caller.clone(), account: account_of(user) };
                if let Err(error) = fatal(engine.database.change(work).await)? {
                    account.step = AccountStep::Refused(error);
                }
            }
        }
        for (planned, secret) in plan.secrets.iter_mut().zip(&self.secrets) {
            let Some(owner) = &planned.target_owner else { continue };
            let taken = || taken(secret, owner, &planned.project);
            let done = match (&planned.step, &secret.content, planned.existing) {
                (SecretStep::Create, Content::Here(values), _) => create(engine, caller, taken()?, values).await,
                (SecretStep::Adopt, Content::There(_, receipt), _) => {
                    adopt(engine, caller, taken()?, self.server, receipt).await
                }
                (SecretStep::Overwrite, Content::Here(values) | Content::There(values, _), Some(existing)) => {
                    overwrite(engine, caller, existing, values).await
                }
                _ => Ok(()),
            };
            if let Err(error) = fatal(done)? {
                planned.step = SecretStep::Refused(error);
            }
            progress();
        }
        Ok(plan)
    }
}

/// What ends the run is an error; what only one of many is refused for is its message.
fn fatal(done: Result<()>) -> Result<Result<(), String>> {
    match done {
        Ok(()) => Ok(Ok(())),
        Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Unauthenticated | Kind::Corrupt) => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}

/// ZenML's passwords are not taken over.
fn account_of(user: &User) -> Account {
    let User { id, name, full_name, email, description, is_service, role, active, created, updated } = user;
    Account {
        id: *id,
        kind: match is_service {
            true => strongroom_core::central::AccountKind::Service,
            false => strongroom_core::central::AccountKind::User,
        },
        name: name.clone(),
        full_name: full_name.chars().take(255).collect(),
        email: email.as_ref().map(|email| email.chars().take(255).collect()),
        description: description.clone(),
        role: *role,
        active: *active,
        created: *created,
        updated: *updated,
    }
}

/// The secret as it shall be, without values.
fn taken(secret: &Secret, owner: &Named, project: &Named) -> Result<CentralSecret> {
    Ok(CentralSecret {
        id: secret.id,
        name: secret.name.parse()?,
        visibility: secret.visibility,
        owner: owner.clone(),
        project: project.clone(),
        schema: None,
        revision: 1,
        created: secret.created,
        updated: secret.updated,
        values: None,
    })
}

async fn create(engine: &Arc<Engine>, caller: &Caller, taken: CentralSecret, values: &Values) -> Result<()> {
    take_project(engine, &taken.project).await?;
    let taken = CentralSecret { values: Some(values.clone()), ..taken };
    insert(engine, caller, taken, Action::SecretImport).await.map(|_| ())
}

async fn adopt(
    engine: &Arc<Engine>,
    caller: &Caller,
    taken: CentralSecret,
    server: Option<Uuid>,
    receipt: &Receipt,
) -> Result<()> {
    let server = server.ok_or_else(|| Error::corrupt("the database does not say which server of ZenML it is"))?;
    take_project(engine, &taken.project).await?;
    secrets::adopt(engine, caller, taken, (server, receipt.clone())).await
}

async fn take_project(engine: &Engine, Named { id, name }: &Named) -> Result<()> {
    if *id == engine.default_project {
        return Ok(());
    }
    engine.database.change(TakeProject { id: *id, name: name.clone() }).await
}

/// Private secrets are their owners': they are not overwritten for them.
async fn overwrite(engine: &Arc<Engine>, caller: &Caller, id: SecretId, values: &Values) -> Result<()> {
    let acting = engine.acting(caller.clone());
    let there = acting.list_one(id).await.map_err(|error| match error.kind() {
        Kind::NotFound => Error::new(Kind::Forbidden, "only its owner may overwrite a private secret"),
        _ => error,
    })?;
    debug_assert!(there.visibility == Visibility::Public || there.owner.id == caller.id);
    let change = SecretChange { values: Some(ValuesChange::Replace(values.clone())), ..SecretChange::default() };
    acting.update(id, change).await.map(|_| ())
}

/// The project that stands for a workspace, unless it is there.
struct TakeProject {
    id: Uuid,
    name: String,
}

#[async_trait]
impl Work for TakeProject {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Self { id, name } = self;
        let connection = &mut change.connection;
        if connection.row("SELECT id FROM project WHERE id = ?", &[(*id).into()]).await?.is_some() {
            return Ok(());
        }
        let (name, now) = (name.as_str(), now());
        let sql =
            "INSERT INTO project (id, name, display_name, description, created, updated) VALUES (?, ?, ?, '', ?, ?)";
        connection.execute(sql, &[(*id).into(), name.into(), name.into(), now.into(), now.into()]).await.map(|_| ())
    }
}
