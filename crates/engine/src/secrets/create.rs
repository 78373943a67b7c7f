//! Making a secret.

use super::rows;
use crate::access::{Caller, Wish, authorize};
use crate::audit::{Action, Event};
use crate::database::{Change, Work, now};
use crate::engine::{Acting, DEFAULT_PROJECT, Engine};
use crate::intent::{Intent, Intention, Naming};
use crate::values::{Place, Receipt, StandIn};
use async_trait::async_trait;
use std::sync::Arc;
use strongroom_core::central::{CentralSecret, Named, NewSecret, check_central_values};
use strongroom_core::{Description, Error, Kind, Result, SecretName};
use uuid::Uuid;

pub(super) async fn create(acting: &Acting, new: NewSecret) -> Result<CentralSecret> {
    let Acting { engine, caller, .. } = acting;
    authorize(caller, Wish::ChangeSecret, None)?;
    check_central_values(&new.values)?;
    rows::check_schema(new.schema.as_deref())?;
    let NewSecret { name, visibility, values, schema, project, id } = new;
    let now = now();
    let project = match project.filter(|project| *project != engine.default_project) {
        None => Named { id: engine.default_project, name: DEFAULT_PROJECT.to_owned() },
        Some(id) => Named { id, name: project_name(acting, id).await? },
    };
    let owner = Named { id: caller.id, name: caller.name.clone() };
    let secret = CentralSecret {
        id: id.unwrap_or_else(Uuid::new_v4),
        name,
        visibility,
        owner,
        project,
        schema,
        revision: 1,
        created: now,
        updated: now,
        values: Some(values),
    };
    insert(engine, caller, secret, Action::SecretCreate).await
}

/// Makes a secret as it is given, whoever its owner; `caller` is who does it.
pub(crate) async fn insert(
    engine: &Arc<Engine>,
    caller: &Caller,
    secret: CentralSecret,
    action: Action,
) -> Result<CentralSecret> {
    let id = secret.id;
    let realm = rows::realm(secret.visibility, secret.owner.id, secret.project.id, engine.default_project);
    let values = secret.values.clone().unwrap_or_default();
    let description = Description::from(&secret);
    engine.values.check(&description, &values).map_err(|error| cannot_keep(error, &secret.name))?;
    let (caller, place) = (caller.clone(), Arc::clone(&engine.place));
    if !engine.values.is_external() {
        loop {
            let receipt = engine.values.store(&description, 1, Uuid::nil(), &values).await?;
            let (caller, secret, realm, place) = (caller.clone(), secret.clone(), realm.clone(), Arc::clone(&place));
            let work = Create { caller, secret, realm, receipt, place, intent: None, adopts: None, action };
            match engine.database.change(work).await {
                // the key was rotated since this process asked: with the new one it works
                Err(error) if engine.keys.learn(&error) => {}
                done => return done,
            }
        }
    }
    let naming = Naming::new(realm.clone(), &secret.name, secret.visibility);
    let it = Arc::clone(engine);
    let change = move |intent: Intent| async move {
        let stored = it.values.store(&description, 1, intent.write(), &values).await;
        let receipt = stored.map_err(|error| cannot_keep(error, &secret.name))?;
        let intent = Some(intent);
        it.database.change(Create { caller, secret, realm, receipt, place, intent, adopts: None, action }).await
    };
    engine.with_intent(id, Intention::Create(naming), change).await
}

/// Makes the rows of a secret whose values a server of ZenML left in the place of the values; they stay as they are.
pub(crate) async fn adopt(
    engine: &Arc<Engine>,
    caller: &Caller,
    secret: CentralSecret,
    (server, receipt): (Uuid, Receipt),
) -> Result<()> {
    let realm = rows::realm(secret.visibility, secret.owner.id, secret.project.id, engine.default_project);
    let (caller, place, action) = (caller.clone(), Arc::clone(&engine.place), Action::SecretImport);
    let work = Create { caller, secret, realm, receipt, place, intent: None, adopts: Some(server), action };
    engine.database.change(work).await?;
    engine.learn_stand_in().await.map(|_| ())
}

/// The place of the values does not take them.
pub(super) fn cannot_keep(error: Error, name: &SecretName) -> Error {
    error.within(format!("cannot keep the values of secret `{name}`"))
}

async fn project_name(acting: &Acting, id: Uuid) -> Result<String> {
    let mut reader = acting.engine.database.read().await?;
    let row = reader.row("SELECT name FROM project WHERE id = ?", &[id.into()]).await?;
    row.ok_or_else(|| Error::not_found("project", id))?.text()
}

struct Create {
    caller: Caller,
    secret: CentralSecret,
    realm: String,
    receipt: Receipt,
    place: Arc<Place>,
    intent: Option<Intent>,
    /// The server of ZenML that wrote its values.
    adopts: Option<Uuid>,
    action: Action,
}

#[async_trait]
impl Work for Create {
    type Done = CentralSecret;

    async fn run(&mut self, change: &mut Change) -> Result<CentralSecret> {
        let Self { caller, secret, realm, receipt, place, intent, adopts, action } = self;
        place.fix(change).await?;
        if let Some(server) = adopts {
            StandIn::fix(change, *server).await?;
        }
        if let Some(intent) = intent {
            intent.end(&mut change.connection).await?;
        }
        let CentralSecret { id, name, visibility, .. } = &*secret;
        let is_private = *visibility == strongroom_core::central::Visibility::Private;
        if rows::taken(&mut change.connection, realm, name).await?.is_some() {
            return Err(rows::already_there(*visibility, name));
        }
        let sql = "INSERT INTO secret (id, realm, name, private, owner_id, project_id, schema_name, revision, created, \
             updated) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)";
        change
            .connection
            .execute(
                sql,
                &[
                    (*id).into(),
                    realm.as_str().into(),
                    name.as_str().into(),
                    is_private.into(),
                    secret.owner.id.into(),
                    secret.project.id.into(),
                    secret.schema.as_deref().into(),
                    secret.created.into(),
                    secret.updated.into(),
                ],
            )
            .await
            .map_err(|error| match error.kind() {
                Kind::AlreadyExists => Error::already_exists("a secret of the id", id),
                Kind::Conflict => Error::new(Kind::Unauthenticated, "the account that owns it is gone"),
                _ => error,
            })?;
        let Named { id: author, name: author_name } = secret.owner.clone();
        let author = Caller { id: author, name: author_name, ..caller.clone() };
        super::revisions::add_revision(change, &author, *id, 1, secret.created, receipt).await?;
        let event =
            Event { action: *action, target_id: Some(*id), target: name.as_str(), revision: Some(1), outcome: "done" };
        change.record(caller, &event).await?;
        Ok(secret.clone())
    }
}
