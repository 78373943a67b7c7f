//! Taking users and secrets over, as planned. What is done is done: a second run goes on where the first one ended.

use super::plan::{AccountStep, Plan, SecretStep};
use super::source::{Content, Secret, User, ZenmlDatabase};
use crate::access::{Caller, Wish, authorize};
use crate::accounts::Take;
use crate::audit::Action;
use crate::database::{Change, Work, now};
use crate::engine::Engine;
use crate::secrets::insert;
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::central::{
    Account, CentralSecret, Named, Role, SecretChange, SecretId, Secrets, ValuesChange, Visibility,
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
            let (Content::Here(values), Some(owner)) = (&secret.content, &planned.target_owner) else { continue };
            let done = match (&planned.step, planned.existing) {
                (SecretStep::Create, _) => create(engine, caller, secret, owner, &planned.project, values).await,
                (SecretStep::Overwrite, Some(existing)) => overwrite(engine, caller, existing, values).await,
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

/// ZenML's passwords are not taken over, and roles of 0.44 are not read: who was no administrator of 0.98 may change secrets.
fn account_of(user: &User) -> Account {
    let User { id, name, full_name, email, description, is_service, is_admin, active, created, updated } = user;
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
        role: if *is_admin { Role::Admin } else { Role::Editor },
        active: *active,
        created: *created,
        updated: *updated,
    }
}

async fn create(
    engine: &Arc<Engine>,
    caller: &Caller,
    secret: &Secret,
    owner: &Named,
    project: &Named,
    values: &Values,
) -> Result<()> {
    if project.id != engine.default_project {
        engine.database.change(TakeProject { id: project.id, name: project.name.clone() }).await?;
    }
    let taken = CentralSecret {
        id: secret.id,
        name: secret.name.parse()?,
        visibility: secret.visibility,
        owner: owner.clone(),
        project: project.clone(),
        schema: None,
        revision: 1,
        created: secret.created,
        updated: secret.updated,
        values: Some(values.clone()),
    };
    insert(engine, caller, taken, Action::SecretImport).await.map(|_| ())
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
