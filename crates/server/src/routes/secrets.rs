//! Secrets.

use super::{in_json, json, null, wiped};
use crate::app::TheApp;
use crate::refusal::{Answer, Refusal};
use crate::request::{Bearer, Dialect, IDEMPOTENCY_KEY, Json, Origin, Parameters, Signed, id, page, unclear};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use strongroom_api::v98::{self, RollbackRequest};
use strongroom_api::{Given, Page, v44};
use strongroom_core::central::{CentralSecret, NewSecret, SecretChange, Secrets, ValuesChange, Visibility};
use strongroom_core::query::Query;
use strongroom_core::{Kind, SecretName};
use strongroom_engine::Reading;
use uuid::Uuid;

/// The answer that tells of a secret which was read; it is wiped when it was sent and nobody remembers it.
fn answer(reading: &Reading, dialect: Dialect, hydrate: bool) -> Response {
    let form = match (dialect, hydrate) {
        (Dialect::V98, false) => 0,
        (Dialect::V98, true) => 1,
        (Dialect::V44, _) => 2,
    };
    let text = reading.answer(form, |secret| match dialect {
        Dialect::V98 => wiped(&v98::secret(secret.clone(), hydrate)),
        Dialect::V44 => wiped(&v44::secret(secret.clone())),
    });
    in_json(text.into())
}

fn written(secret: CentralSecret, dialect: Dialect, hydrate: bool) -> Response {
    match dialect {
        Dialect::V98 => json(&v98::secret(secret, hydrate)),
        Dialect::V44 => json(&v44::secret(secret)),
    }
}

fn name(text: String) -> Answer<SecretName> {
    SecretName::try_from(text).map_err(unclear)
}

fn visibility(scope: &str) -> Answer<Visibility> {
    match scope {
        "workspace" => Ok(Visibility::Public),
        "user" => Ok(Visibility::Private),
        _ => Err(Refusal::not_understood("`scope` is `workspace` or `user`")),
    }
}

/// A page of secrets that the caller sees, without values.
#[utoipa::path(
    get, path = "/secrets",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("sort_by" = Option<String>, Query),
        ("logical_operator" = Option<String>, Query), ("name" = Option<String>, Query),
        ("private" = Option<bool>, Query), ("id" = Option<String>, Query), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Page<v98::Model<v98::SecretBody, v98::Nothing>>), (status = 400), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn list(signed: Signed, dialect: Dialect, parameters: Parameters) -> Answer<Response> {
    parameters.filters_flag("private")?;
    let query: Query<CentralSecret> = parameters.query()?;
    let hydrate = parameters.flag("hydrate", false)?;
    let mut found = None;
    if let Some(text) = parameters.lookup() {
        // stock clients look at one page only, and take a part of a name for the name: whole names come alone
        let mut whole = Query::default();
        (whole.size, whole.page) = (query.size, 1);
        whole.filter("name", &format!("equals:{text}")).map_err(unclear)?;
        found = Some(signed.acting.list(&whole).await?).filter(|page| page.total > 0);
    }
    let found = match found {
        Some(found) => found,
        None => signed.acting.list(&query).await?,
    };
    Ok(match dialect {
        Dialect::V98 => json(&Page::of(found, page(&query), |secret| v98::secret(secret, hydrate))),
        Dialect::V44 => json(&Page::of(found, page(&query), v44::secret)),
    })
}

/// One secret with its values, as they are or as they were at a revision.
#[utoipa::path(
    get, path = "/secrets/{secret}",
    params(("secret" = Uuid, Path), ("hydrate" = Option<bool>, Query), ("revision" = Option<u32>, Query)),
    responses((status = 200, body = v98::Model<v98::SecretBody, v98::Nothing>), (status = 404), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn one(
    State(app): TheApp,
    dialect: Dialect,
    origin: Origin,
    Bearer(bearer): Bearer,
    parameters: Parameters,
    Path(text): Path<String>,
) -> Answer<Response> {
    let (hydrate, revision) = (parameters.flag("hydrate", true), parameters.number("revision"));
    match (id(&text), revision) {
        (Ok(id), Ok(None)) => {
            let reading = app.engine.read(&bearer, origin.0, id).await?;
            Ok(answer(&reading, dialect, hydrate?))
        }
        (id, revision) => {
            // first of all who asks: who is nobody learns nothing of what is wrong with the rest
            let caller = Box::pin(app.engine.authenticate(&bearer, origin.0)).await?.caller;
            let secret = app.engine.acting(caller).get(id?, revision?).await?;
            Ok(written(secret, dialect, hydrate?))
        }
    }
}

/// Makes a secret. The same `Idempotency-Key` of the same caller makes it once.
#[utoipa::path(
    post, path = "/secrets", request_body = v98::SecretCreate,
    responses((status = 200, body = v98::Model<v98::SecretBody, v98::Nothing>), (status = 400), (status = 403),
        (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn create(
    State(app): TheApp,
    signed: Signed,
    dialect: Dialect,
    headers: HeaderMap,
    Json(given): Json<v98::SecretCreate>,
) -> Answer<Response> {
    let v98::SecretCreate { name: text, private, values, schema } = given;
    let visibility = if private { Visibility::Private } else { Visibility::Public };
    let new = NewSecret { visibility, schema, ..NewSecret::new(name(text)?, values.values()) };
    made(&app.engine, &signed, &headers, new, dialect).await
}

/// Makes a secret in a workspace: 0.44's way, and a deprecated one of 0.98.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/secrets", params(("workspace" = String, Path)), request_body = v44::SecretCreate,
    responses((status = 200), (status = 400), (status = 403), (status = 404), (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn create_in_workspace(
    State(app): TheApp,
    signed: Signed,
    dialect: Dialect,
    Path(text): Path<String>,
    headers: HeaderMap,
    Json(given): Json<v44::SecretCreate>,
) -> Answer<Response> {
    let project = signed.acting.project(&text).await?;
    let v44::SecretCreate { name: text, scope, user, workspace, values, private } = given;
    let illegal = |message: &str| Refusal::new(StatusCode::FORBIDDEN, "IllegalOperationError", message);
    if user.is_some_and(|user| user != signed.recognized.caller.id) {
        return Err(illegal("Creating secrets for a user other than yourself is not supported."));
    }
    if workspace.is_some_and(|workspace| workspace != project.id) {
        return Err(illegal("Creating secrets outside of the workspace scope of this endpoint is not supported."));
    }
    let visibility = match scope {
        Some(scope) => visibility(&scope)?,
        None if private == Some(true) => Visibility::Private,
        None => Visibility::Public,
    };
    let new = NewSecret { visibility, project: Some(project.id), ..NewSecret::new(name(text)?, values.values()) };
    made(&app.engine, &signed, &headers, new, dialect).await
}

async fn made(
    engine: &strongroom_engine::Engine,
    signed: &Signed,
    headers: &HeaderMap,
    mut new: NewSecret,
    dialect: Dialect,
) -> Answer<Response> {
    // a retry asks for the same id, and finds that it is there
    let key =
        headers.get(IDEMPOTENCY_KEY).map(|key| engine.request_secret(signed.recognized.caller.id, key.as_bytes()));
    new.id = key;
    match (signed.acting.create(new).await, key) {
        (Ok(secret), _) => Ok(written(secret, dialect, true)),
        (Err(error), Some(id)) if error.kind() == Kind::AlreadyExists => match signed.acting.get(id, None).await {
            Ok(secret) => Ok(written(secret, dialect, true)),
            Err(_) => Err(error.into()),
        },
        (Err(error), _) => Err(error.into()),
    }
}

/// Changes a secret. `if_version` is the revision that the change was made for; another one is a 409. The same
/// `Idempotency-Key` of the same caller changes it once.
#[utoipa::path(
    put, path = "/secrets/{secret}",
    params(("secret" = Uuid, Path), ("patch_values" = Option<bool>, Query), ("if_version" = Option<u32>, Query)),
    request_body = v98::SecretUpdate,
    responses((status = 200, body = v98::Model<v98::SecretBody, v98::Nothing>), (status = 400), (status = 403),
        (status = 404), (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn update(
    State(app): TheApp,
    signed: Signed,
    dialect: Dialect,
    parameters: Parameters,
    Path(text): Path<String>,
    headers: HeaderMap,
    Json(given): Json<Update>,
) -> Answer<Response> {
    let id = id(&text)?;
    let caller = signed.recognized.caller.id;
    let is_patch = parameters.flag("patch_values", false)?;
    let Update { name: text, private, scope, values, schema, user, workspace } = given;
    if user.is_some() || workspace.is_some() {
        let secret = signed.acting.list_one(id).await?;
        let moves = user.is_some_and(|user| user != secret.owner.id);
        if moves || workspace.is_some_and(|workspace| workspace != secret.project.id) {
            let what = if moves { "user" } else { "workspace" };
            let message = format!("Cannot change the {what} of a secret.");
            return Err(Refusal::new(StatusCode::FORBIDDEN, "IllegalOperationError", message));
        }
    }
    let private = private.map(|private| if private { Visibility::Private } else { Visibility::Public });
    let change = SecretChange {
        name: text.map(name).transpose()?,
        visibility: scope.as_deref().map(visibility).transpose()?.or(private),
        values: values.map(|values| match is_patch {
            true => ValuesChange::Patch(values.changes()),
            false => ValuesChange::Replace(values.values()),
        }),
        schema,
        if_revision: parameters.number("if_version")?,
        request: headers.get(IDEMPOTENCY_KEY).map(|key| app.engine.request_change(caller, id, key.as_bytes())),
    };
    Ok(written(signed.acting.update(id, change).await?, dialect, true))
}

/// A change in the words of both versions.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Update {
    name: Option<String>,
    private: Option<bool>,
    scope: Option<String>,
    values: Option<Given>,
    schema: Option<String>,
    user: Option<Uuid>,
    workspace: Option<Uuid>,
}

/// Removes a secret and all its revisions.
#[utoipa::path(
    delete, path = "/secrets/{secret}", params(("secret" = Uuid, Path)),
    responses((status = 200), (status = 403), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn remove(signed: Signed, Path(text): Path<String>) -> Answer<Response> {
    signed.acting.delete(id(&text)?).await?;
    Ok(null())
}

/// The revisions of a secret that are kept, newest first.
#[utoipa::path(
    get, path = "/secrets/{secret}/history", params(("secret" = Uuid, Path)),
    responses((status = 200, body = Vec<v98::Revision>), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn history(signed: Signed, Path(text): Path<String>) -> Answer<Response> {
    let found = signed.acting.history(id(&text)?).await?;
    Ok(json(&found.into_iter().map(v98::revision).collect::<Vec<_>>()))
}

/// Writes the values of an earlier revision again, as a new one. The same `Idempotency-Key` of the same caller does it once.
#[utoipa::path(
    post, path = "/secrets/{secret}/rollback", params(("secret" = Uuid, Path)), request_body = RollbackRequest,
    responses((status = 200, body = v98::Model<v98::SecretBody, v98::Nothing>), (status = 403), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn rollback(
    signed: Signed,
    dialect: Dialect,
    Path(text): Path<String>,
    Json(given): Json<RollbackRequest>,
) -> Answer<Response> {
    Ok(written(signed.acting.rollback(id(&text)?, given.revision).await?, dialect, true))
}

fn no_backup(what: &str) -> Refusal {
    let message = format!("Unable to {what} secrets: No backup secrets store is configured.");
    Refusal::new(StatusCode::NOT_IMPLEMENTED, "NotImplementedError", message)
}

/// Says that there is no second store to copy to.
#[utoipa::path(put, path = "/secrets_operations/backup", responses((status = 501)), security(("bearer" = [])))]
pub(crate) async fn backup() -> Refusal {
    no_backup("backup")
}

/// Says that there is no second store to copy from.
#[utoipa::path(put, path = "/secrets_operations/restore", responses((status = 501)), security(("bearer" = [])))]
pub(crate) async fn restore() -> Refusal {
    no_backup("restore")
}
