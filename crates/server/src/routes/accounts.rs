//! Users.

use super::{json, null};
use crate::refusal::{Answer, Refusal};
use crate::request::{Dialect, Json, Parameters, Signed, check_length, page, unclear};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use strongroom_api::v98::{self, AccountCreate, AccountUpdate};
use strongroom_api::{Page, v44};
use strongroom_core::central::{Account, AccountChange, AccountKind, Accounts, NewAccount, Role};

fn written(account: Account, dialect: Dialect, hydrate: bool) -> Response {
    match dialect {
        Dialect::V98 => json(&v98::user(account, hydrate)),
        Dialect::V44 => json(&v44::user(account)),
    }
}

/// The account to be made; without a word about its role it may change secrets, as in ZenML.
pub(super) fn new_account(kind: AccountKind, given: AccountCreate) -> Answer<NewAccount> {
    check_length(&given.name)?;
    let AccountCreate { name, full_name, email, description, password, is_admin, role, active } = given;
    let role = match role {
        Some(role) => role.parse().map_err(unclear)?,
        None if is_admin == Some(true) => Role::Admin,
        None => Role::Editor,
    };
    Ok(NewAccount {
        kind,
        name,
        full_name: full_name.unwrap_or_default(),
        email,
        description: description.unwrap_or_default(),
        role,
        password: password.filter(|_| kind == AccountKind::User),
        active: active.unwrap_or(true),
    })
}

/// The change that is asked for. Making somebody no administrator any more makes an editor.
pub(super) fn account_change(given: AccountUpdate) -> Answer<AccountChange> {
    given.name.as_deref().map_or(Ok(()), check_length)?;
    let AccountUpdate { name, full_name, email, description, password, old_password, is_admin, role, active } = given;
    let role = match (role, is_admin) {
        (Some(role), _) => Some(role.parse().map_err(unclear)?),
        (None, Some(true)) => Some(Role::Admin),
        (None, Some(false)) => Some(Role::Editor),
        (None, None) => None,
    };
    Ok(AccountChange { name, full_name, email, description, role, active, password, old_password })
}

/// The account that calls.
#[utoipa::path(get, path = "/current-user", responses((status = 200, body = v98::Model<v98::UserBody, v98::UserMetadata>)), security(("bearer" = [])))]
pub(crate) async fn current(signed: Signed, dialect: Dialect, parameters: Parameters) -> Answer<Response> {
    let hydrate = parameters.flag("hydrate", true)?;
    Ok(written(signed.acting.current().await?, dialect, hydrate))
}

/// Changes the account that calls.
#[utoipa::path(
    put, path = "/current-user", request_body = AccountUpdate,
    responses((status = 200, body = v98::Model<v98::UserBody, v98::UserMetadata>), (status = 400), (status = 403), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn update_current(
    signed: Signed,
    dialect: Dialect,
    Json(given): Json<AccountUpdate>,
) -> Answer<Response> {
    let caller = &signed.recognized.caller;
    let change = account_change(given)?;
    Ok(written(signed.acting.update_account(caller.kind, &caller.id.to_string(), change).await?, dialect, true))
}

/// A page of users.
#[utoipa::path(
    get, path = "/users",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("sort_by" = Option<String>, Query),
        ("name" = Option<String>, Query), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Page<v98::Model<v98::UserBody, v98::UserMetadata>>), (status = 400), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn list(signed: Signed, dialect: Dialect, parameters: Parameters) -> Answer<Response> {
    let query = parameters.query()?;
    let hydrate = parameters.flag("hydrate", false)?;
    let found = signed.acting.accounts(AccountKind::User, &query).await?;
    Ok(match dialect {
        Dialect::V98 => json(&Page::of(found, page(&query), |account| v98::user(account, hydrate))),
        Dialect::V44 => json(&Page::of(found, page(&query), v44::user)),
    })
}

/// Makes a user. The same `Idempotency-Key` of the same caller makes it once.
#[utoipa::path(
    post, path = "/users", request_body = AccountCreate,
    responses((status = 200, body = v98::Model<v98::UserBody, v98::UserMetadata>), (status = 400), (status = 403), (status = 409), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn create(signed: Signed, dialect: Dialect, Json(given): Json<AccountCreate>) -> Answer<Response> {
    let new = new_account(AccountKind::User, given)?;
    Ok(written(signed.acting.create_account(new).await?, dialect, true))
}

/// One user, by name or id.
#[utoipa::path(
    get, path = "/users/{user}", params(("user" = String, Path), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = v98::Model<v98::UserBody, v98::UserMetadata>), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn one(
    signed: Signed,
    dialect: Dialect,
    parameters: Parameters,
    Path(text): Path<String>,
) -> Answer<Response> {
    let hydrate = parameters.flag("hydrate", true)?;
    Ok(written(signed.acting.account(AccountKind::User, &text).await?, dialect, hydrate))
}

/// Changes a user.
#[utoipa::path(
    put, path = "/users/{user}", params(("user" = String, Path)), request_body = AccountUpdate,
    responses((status = 200, body = v98::Model<v98::UserBody, v98::UserMetadata>), (status = 400), (status = 403), (status = 404), (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn update(
    signed: Signed,
    dialect: Dialect,
    Path(text): Path<String>,
    Json(given): Json<AccountUpdate>,
) -> Answer<Response> {
    let change = account_change(given)?;
    Ok(written(signed.acting.update_account(AccountKind::User, &text, change).await?, dialect, true))
}

/// Removes a user.
#[utoipa::path(
    delete, path = "/users/{user}", params(("user" = String, Path)),
    responses((status = 200), (status = 403), (status = 404)), security(("bearer" = []))
)]
pub(crate) async fn remove(signed: Signed, Path(text): Path<String>) -> Answer<Response> {
    if text.is_empty() {
        return Err(Refusal::plain(StatusCode::NOT_FOUND, "Not Found"));
    }
    signed.acting.delete_account(AccountKind::User, &text).await?;
    Ok(null())
}
