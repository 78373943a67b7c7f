//! Roles as ZenML 0.44's `user create` asks for them.

use super::json;
use crate::refusal::{Answer, Refusal};
use crate::request::{Json, Parameters, Signed};
use axum::response::Response;
use strongroom_api::{Page, v44};
use strongroom_core::central::{AccountChange, AccountKind, Accounts, Role};

/// The roles there are.
#[utoipa::path(
    get, path = "/roles", params(("name" = Option<String>, Query)), responses((status = 200)), security(("bearer" = []))
)]
pub(crate) async fn list(parameters: Parameters) -> Response {
    let wanted = parameters.get("name").map(|name| name.strip_prefix("equals:").unwrap_or(name));
    let fits = |role: &Role| wanted.is_none_or(|wanted| role.as_str() == wanted);
    json(&Page::whole(Role::ALL.into_iter().filter(fits).map(v44::role).collect()))
}

/// Gives a user a role, in place of the one before.
#[utoipa::path(
    post, path = "/role_assignments", request_body = v44::RoleAssignmentRequest,
    responses((status = 200), (status = 403), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn assign(signed: Signed, Json(given): Json<v44::RoleAssignmentRequest>) -> Answer<Response> {
    let role = Role::ALL.into_iter().find(|role| v44::role_id(*role) == given.role);
    let role = role.ok_or_else(|| Refusal::not_understood("there is no such role"))?;
    let change = AccountChange { role: Some(role), ..AccountChange::default() };
    let account = signed.acting.update_account(AccountKind::User, &given.user.to_string(), change).await?;
    Ok(json(&v44::role_assignment(account)))
}
