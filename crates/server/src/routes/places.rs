//! Projects, which 0.44 calls workspaces, and the stack that is always there.

use super::{json, null};
use crate::app::TheApp;
use crate::refusal::Answer;
use crate::request::{Dialect, Json, Parameters, Signed, check_length, id, page};
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use strongroom_api::v98::{self, Nothing};
use strongroom_api::{Page, v44};
use strongroom_core::Error;
use strongroom_core::central::Accounts;
use utoipa::ToSchema;

/// A project to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ProjectCreate {
    /// Its name.
    #[schema(max_length = 255)]
    name: String,
    /// Its name for people.
    display_name: Option<String>,
    /// What it is for.
    description: Option<String>,
}

/// A page of projects.
#[utoipa::path(
    get, path = "/projects",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("name" = Option<String>, Query),
        ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Page<v98::Model<v98::ProjectBody, v98::ProjectMetadata>>), (status = 400), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn projects(signed: Signed, parameters: Parameters) -> Answer<Response> {
    let query = parameters.query()?;
    let hydrate = parameters.flag("hydrate", false)?;
    let found = signed.acting.projects(&query).await?;
    Ok(json(&Page::of(found, page(&query), |project| v98::project(project, hydrate))))
}

/// Makes a project. The same `Idempotency-Key` of the same caller makes it once.
#[utoipa::path(
    post, path = "/projects", request_body = ProjectCreate,
    responses((status = 200, body = v98::Model<v98::ProjectBody, v98::ProjectMetadata>), (status = 400), (status = 403), (status = 409), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn create_project(signed: Signed, Json(given): Json<ProjectCreate>) -> Answer<Response> {
    let ProjectCreate { name, display_name, description } = given;
    check_length(&name)?;
    let display_name = display_name.filter(|text| !text.is_empty()).unwrap_or_else(|| name.clone());
    let project = signed.acting.create_project(&name, &display_name, &description.unwrap_or_default()).await?;
    Ok(json(&v98::project(project, true)))
}

/// One project, by name or id.
#[utoipa::path(
    get, path = "/projects/{project}", params(("project" = String, Path), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = v98::Model<v98::ProjectBody, v98::ProjectMetadata>), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn project(signed: Signed, parameters: Parameters, Path(text): Path<String>) -> Answer<Response> {
    let hydrate = parameters.flag("hydrate", true)?;
    Ok(json(&v98::project(signed.acting.project(&text).await?, hydrate)))
}

/// Removes a project without secrets.
#[utoipa::path(
    delete, path = "/projects/{project}", params(("project" = String, Path)),
    responses((status = 200), (status = 403), (status = 404), (status = 409)), security(("bearer" = []))
)]
pub(crate) async fn remove_project(signed: Signed, Path(text): Path<String>) -> Answer<Response> {
    signed.acting.delete_project(&text).await?;
    Ok(null())
}

/// A page of workspaces.
#[utoipa::path(
    get, path = "/workspaces",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("name" = Option<String>, Query)),
    responses((status = 200), (status = 400), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn workspaces(signed: Signed, parameters: Parameters) -> Answer<Response> {
    let query = parameters.query()?;
    Ok(json(&Page::of(signed.acting.projects(&query).await?, page(&query), v44::workspace)))
}

/// One workspace, by name or id.
#[utoipa::path(
    get, path = "/workspaces/{workspace}", params(("workspace" = String, Path)),
    responses((status = 200), (status = 404)), security(("bearer" = []))
)]
pub(crate) async fn workspace(signed: Signed, Path(text): Path<String>) -> Answer<Response> {
    Ok(json(&v44::workspace(signed.acting.project(&text).await?)))
}

/// A page with the stack that is always there, if it is asked for.
#[utoipa::path(
    get, path = "/stacks", params(("name" = Option<String>, Query), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Page<v98::Model<v98::StackBody, v98::StackMetadata>>), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn stacks(
    State(app): TheApp,
    signed: Signed,
    dialect: Dialect,
    parameters: Parameters,
) -> Answer<Response> {
    parameters.flag("hydrate", false)?;
    let stack = app.engine.default_stack();
    let name = parameters.get("name").map_or("default", |name| name.strip_prefix("equals:").unwrap_or(name));
    let wanted = parameters.get("id").map_or(Some(stack), |id| id.strip_prefix("equals:").unwrap_or(id).parse().ok());
    let is_asked = name == "default" && wanted == Some(stack);
    let project = signed.acting.project("default").await?;
    Ok(match dialect {
        // stock clients read the components even of a list
        Dialect::V98 => {
            json(&Page::whole(is_asked.then(|| v98::default_stack(stack, &project, true)).into_iter().collect()))
        }
        Dialect::V44 => {
            let caller = signed.acting.current().await?;
            json(&Page::whole(is_asked.then(|| v44::default_stack(stack, caller, project)).into_iter().collect()))
        }
    })
}

/// The stack that is always there.
#[utoipa::path(
    get, path = "/stacks/{stack}", params(("stack" = Uuid, Path)),
    responses((status = 200, body = v98::Model<v98::StackBody, v98::StackMetadata>), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn stack(
    State(app): TheApp,
    signed: Signed,
    dialect: Dialect,
    Path(text): Path<String>,
) -> Answer<Response> {
    let (wanted, stack) = (id(&text)?, app.engine.default_stack());
    if wanted != stack {
        return Err(Error::not_found("stack", wanted).into());
    }
    let project = signed.acting.project("default").await?;
    Ok(match dialect {
        Dialect::V98 => json(&v98::default_stack(stack, &project, true)),
        Dialect::V44 => json(&v44::default_stack(stack, signed.acting.current().await?, project)),
    })
}

/// The components there are: none, stacks are kept by each user's own command line.
#[utoipa::path(get, path = "/components", responses((status = 200, body = Page<Nothing>)), security(("bearer" = [])))]
pub(crate) async fn components() -> Response {
    json(&Page::<Nothing>::whole(Vec::new()))
}
