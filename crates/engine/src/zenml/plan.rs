//! What taking a database over would do: decided before anything is written.

use super::people::User;
use super::source::{Content, Secret, ZenmlDatabase};
use crate::accounts::{by_id, check_name};
use crate::database::Connection;
use crate::engine::{DEFAULT_PROJECT, Engine};
use crate::local::DEFAULT_ACCOUNT;
use crate::secrets::{realm, taken, with_receipt};
use crate::values::StandIn;
use std::collections::{HashMap, HashSet};
use strongroom_core::central::{Account, AccountKind, Named, Role, SecretId, Visibility, check_central_values};
use strongroom_core::{Result, SecretName, Values};
use uuid::Uuid;

/// What becomes of a user of ZenML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountStep {
    /// An account is made, with the same id and without a password.
    Create,
    /// The account is there.
    Known,
    /// Another account of that name and kind is there; it gets the secrets.
    Joined,
    /// It cannot be taken over.
    Refused(String),
}

/// A user of ZenML.
#[derive(Debug, Clone)]
pub struct PlannedAccount {
    /// The id in ZenML.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// Whose account it is.
    pub kind: AccountKind,
    /// What the account that the secrets get may do.
    pub role: Role,
    /// What becomes of it.
    pub step: AccountStep,
    /// The account that the secrets get.
    pub(super) target: Named,
}

/// What becomes of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretStep {
    /// It is made, with the same id.
    Create,
    /// The same, and its values stay where ZenML put them: this store keeps its own there too.
    Adopt,
    /// It is there with the same values.
    Same,
    /// It is there, and gets the values that it had in ZenML.
    Overwrite,
    /// It is there with other values, and stays as it is.
    Conflict,
    /// ZenML's own, such as what a service connector keeps; it is left out.
    Internal,
    /// Its values are in an external store, and not to be had from there; why.
    External(String),
    /// Its values cannot be read.
    Unreadable(String),
    /// It cannot be taken over.
    Refused(String),
}

impl SecretStep {
    /// Whether a secret of a user stays behind.
    pub fn is_left_behind(&self) -> bool {
        match self {
            Self::Create | Self::Adopt | Self::Same | Self::Overwrite | Self::Internal => false,
            Self::Conflict | Self::External(_) | Self::Unreadable(_) | Self::Refused(_) => true,
        }
    }
}

/// A secret of ZenML.
#[derive(Debug, Clone)]
pub struct PlannedSecret {
    /// Its id.
    pub id: SecretId,
    /// Its name.
    pub name: String,
    /// Who sees it.
    pub visibility: Visibility,
    /// The name of its owner.
    pub owner: String,
    /// How many keys it has.
    pub keys: usize,
    /// What becomes of it.
    pub step: SecretStep,
    /// The secret that is there.
    pub(super) existing: Option<SecretId>,
    pub(super) project: Named,
    pub(super) target_owner: Option<Named>,
}

/// What is done, or would be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// All users.
    pub accounts: Vec<PlannedAccount>,
    /// All secrets, in the order of the database.
    pub secrets: Vec<PlannedSecret>,
}

impl ZenmlDatabase {
    /// What taking it over into `engine` would do; a store that is not there yet has nothing in it.
    ///
    /// # Errors
    /// What the database of the store fails with.
    pub async fn plan(&self, engine: Option<&Engine>, overwrite: bool) -> Result<Plan> {
        let mut planner = Planner { engine, overwrite, names: HashMap::new(), realms: HashSet::new() };
        let mut plan = Plan { accounts: vec![], secrets: vec![] };
        for user in &self.users {
            plan.accounts.push(planner.account(user).await?);
        }
        for secret in &self.secrets {
            let planned = planner.secret(secret, self, &plan.accounts).await?;
            plan.secrets.push(planned);
        }
        Ok(plan)
    }
}

/// An account that is there, or will be.
struct Known {
    id: Uuid,
    name: String,
    role: Role,
}

struct Planner<'e> {
    engine: Option<&'e Engine>,
    overwrite: bool,
    /// Of accounts that will be made.
    names: HashMap<String, Uuid>,
    /// Realms and names of secrets that will be made.
    realms: HashSet<(String, String)>,
}

impl Planner<'_> {
    async fn account(&mut self, user: &User) -> Result<PlannedAccount> {
        let User { id, name, is_service, role, .. } = user;
        let kind = if *is_service { AccountKind::Service } else { AccountKind::User };
        let own = Known { id: *id, name: name.clone(), role: *role };
        let (step, target) = self.account_step(own, kind).await?;
        if step == AccountStep::Create {
            self.names.insert(name.clone(), *id);
        }
        let Known { role, .. } = target;
        let target = Named { id: target.id, name: target.name };
        Ok(PlannedAccount { id: *id, name: name.clone(), kind, role, step, target })
    }

    /// What becomes of it, and the account that there will be.
    async fn account_step(&self, own: Known, kind: AccountKind) -> Result<(AccountStep, Known)> {
        let name = &*own.name;
        if let Err(error) = check_name(kind, name) {
            return Ok((AccountStep::Refused(error.to_string()), own));
        }
        let taken = "an account of another kind has that name".to_owned();
        if self.names.contains_key(name) {
            return Ok((AccountStep::Refused(taken), own));
        }
        // the command line of the store has an account of this name, or makes it before anything is taken over
        let is_local = name == DEFAULT_ACCOUNT && kind == AccountKind::User;
        let absent = |own: Known| match is_local {
            true => (AccountStep::Joined, Known { role: Role::Admin, ..own }),
            false => (AccountStep::Create, own),
        };
        let Some(engine) = self.engine else { return Ok(absent(own)) };
        let mut reader = engine.database.read().await?;
        let known = |account: Account| Known { id: account.id, name: account.name, role: account.role };
        if let Some(account) = by_id(&mut reader, own.id).await? {
            return Ok((AccountStep::Known, known(account)));
        }
        let row = reader.row("SELECT id FROM account WHERE name = ?", &[name.into()]).await?;
        let Some(mut row) = row else { return Ok(absent(own)) };
        match by_id(&mut reader, row.id()?).await? {
            Some(other) if other.kind == kind => Ok((AccountStep::Joined, known(other))),
            _ => Ok((AccountStep::Refused(taken), own)),
        }
    }

    async fn secret(
        &mut self,
        secret: &Secret,
        of: &ZenmlDatabase,
        accounts: &[PlannedAccount],
    ) -> Result<PlannedSecret> {
        let owner = accounts.iter().find(|account| Some(account.id) == secret.owner);
        let mut planned = PlannedSecret {
            id: secret.id,
            name: secret.name.clone(),
            visibility: secret.visibility,
            owner: owner.map(|owner| owner.name.clone()).unwrap_or_default(),
            keys: 0,
            step: SecretStep::Create,
            existing: None,
            project: self.project(secret.workspace, of).await?,
            target_owner: owner.map(|owner| owner.target.clone()),
        };
        planned.step = match &secret.content {
            _ if secret.is_internal => SecretStep::Internal,
            Content::Elsewhere(reason) => SecretStep::External(reason.clone()),
            Content::Unreadable(problem) => SecretStep::Unreadable(problem.clone()),
            Content::Here(values) | Content::There(values, _) => {
                planned.keys = values.len();
                match owner {
                    None => SecretStep::Refused("its owner is not in the database".to_owned()),
                    Some(PlannedAccount { step: AccountStep::Refused(_), .. }) => {
                        SecretStep::Refused("its owner is not taken over".to_owned())
                    }
                    Some(_) => self.secret_step(&mut planned, values).await?,
                }
            }
        };
        if let (Content::There(..), Some(server), SecretStep::Create) = (&secret.content, of.server, &planned.step) {
            planned.step = self.adopt_step(server).await?;
        }
        Ok(planned)
    }

    async fn secret_step(&mut self, planned: &mut PlannedSecret, values: &Values) -> Result<SecretStep> {
        let name = match planned.name.parse::<SecretName>() {
            Ok(name) => name,
            Err(error) => return Ok(SecretStep::Refused(error.to_string())),
        };
        if let Err(error) = check_central_values(values) {
            return Ok(SecretStep::Refused(error.to_string()));
        }
        let owner = planned.target_owner.as_ref().map(|owner| owner.id).unwrap_or_default();
        let default = self.engine.map(|engine| engine.default_project).unwrap_or_default();
        let realm = realm(planned.visibility, owner, planned.project.id, default);
        if let Some(engine) = self.engine {
            let mut reader = engine.database.read().await?;
            if let Some(step) = self.beside(engine, &mut reader, planned, &realm, &name, values).await? {
                return Ok(step);
            }
        }
        match self.realms.insert((realm, planned.name.clone())) {
            true => Ok(SecretStep::Create),
            false => Ok(SecretStep::Refused("another secret of that name is in the database".to_owned())),
        }
    }

    /// What becomes of a secret whose values are in the vault already.
    async fn adopt_step(&self, server: Uuid) -> Result<SecretStep> {
        let known = match self.engine {
            Some(engine) => StandIn::known(&mut *engine.database.read().await?).await?,
            None => None,
        };
        Ok(match known.map_or(Ok(()), |known| StandIn::check(known, server)) {
            Ok(()) => SecretStep::Adopt,
            Err(error) => SecretStep::Refused(error.to_string()),
        })
    }

    /// What becomes of it when it, or another of its name, is there.
    async fn beside(
        &self,
        engine: &Engine,
        reader: &mut Connection,
        planned: &mut PlannedSecret,
        realm: &str,
        name: &SecretName,
        values: &Values,
    ) -> Result<Option<SecretStep>> {
        let by_id = with_receipt(reader, planned.id, None).await?;
        let found = match by_id {
            Some(found) => Some(found),
            None => match taken(reader, realm, name).await? {
                Some(id) => with_receipt(reader, id, None).await?,
                None => None,
            },
        };
        let Some((there, receipt)) = found else { return Ok(None) };
        planned.existing = Some(there.id);
        let current = match receipt {
            Some((number, receipt)) => engine.values_of(there.id, number, &receipt).await.unwrap_or_default(),
            None => None,
        };
        Ok(Some(match current.as_ref() == Some(values) {
            true => SecretStep::Same,
            false if self.overwrite => SecretStep::Overwrite,
            false => SecretStep::Conflict,
        }))
    }

    /// The project that stands for a workspace of 0.44.
    async fn project(&self, workspace: Option<Uuid>, of: &ZenmlDatabase) -> Result<Named> {
        let default = self.engine.map(|engine| engine.default_project).unwrap_or_default();
        let standard = Named { id: default, name: DEFAULT_PROJECT.to_owned() };
        let Some(id) = workspace else { return Ok(standard) };
        let Some(name) = of.workspaces.get(&id).filter(|name| *name != DEFAULT_PROJECT) else { return Ok(standard) };
        let Some(engine) = self.engine else { return Ok(Named { id, name: name.clone() }) };
        let mut reader = engine.database.read().await?;
        let row = reader.row("SELECT id FROM project WHERE name = ?", &[name.as_str().into()]).await?;
        let known = row.map(|mut row| row.id()).transpose()?;
        Ok(Named { id: known.unwrap_or(id), name: name.clone() })
    }
}
