//! Service accounts.

use super::accounts::{account_change, new_account};
use super::{json, null};
use crate::refusal::Answer;
use crate::request::{Json, Parameters, Signed, page};
use axum::extract::Path;
use axum::response::Response;
use strongroom_api::Page;
use strongroom_api::v98::{
    AccountCreate, AccountUpdate, Model, ServiceAccountBody, ServiceAccountMetadata, service_account,
};
use strongroom_core::central::{AccountKind, Accounts};

const KIND: AccountKind = AccountKind::Service;

/// A page of service accounts.
#[utoipa::path(
    get, path = "/service_accounts",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("sort_by" = Option<String>, Query),
        ("name" = Option<String>, Query), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Page<Model<ServiceAccountBody, ServiceAccountMetadata>>), (status = 400), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn list(signed: Signed, parameters: Parameters) -> Answer<Response> {
    let query = parameters.query()?;
    let hydrate = parameters.flag("hydrate", false)?;
    let found = signed.acting.accounts(KIND, &query).await?;
    Ok(json(&Page::of(found, page(&query), |account| service_account(account, hydrate))))
}

/// Makes a service account. The same `Idempotency-Key` of the same caller makes it once.
#[utoipa::path(
    post, path = "/service_accounts", request_body = AccountCreate,
    responses((status = 200, body = Model<ServiceAccountBody, ServiceAccountMetadata>), (status = 400), (status = 403), (status = 409), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn create(signed: Signed, Json(given): Json<AccountCreate>) -> Answer<Response> {
    let account = signed.acting.create_account(new_account(KIND, given)?).await?;
    Ok(json(&service_account(account, true)))
}

/// One service account, by name or id.
#[utoipa::path(
    get, path = "/service_accounts/{account}", params(("account" = String, Path), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Model<ServiceAccountBody, ServiceAccountMetadata>), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn one(signed: Signed, parameters: Parameters, Path(text): Path<String>) -> Answer<Response> {
    let hydrate = parameters.flag("hydrate", true)?;
    Ok(json(&service_account(signed.acting.account(KIND, &text).await?, hydrate)))
}

/// Changes a service account.
#[utoipa::path(
    put, path = "/service_accounts/{account}", params(("account" = String, Path)), request_body = AccountUpdate,
    responses((status = 200, body = Model<ServiceAccountBody, ServiceAccountMetadata>), (status = 400), (status = 403), (status = 404), (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn update(
    signed: Signed,
    Path(text): Path<String>,
    Json(given): Json<AccountUpdate>,
) -> Answer<Response> {
    let account = signed.acting.update_account(KIND, &text, account_change(given)?).await?;
    Ok(json(&service_account(account, true)))
}

/// Removes a service account and its keys.
#[utoipa::path(
    delete, path = "/service_accounts/{account}", params(("account" = String, Path)),
    responses((status = 200), (status = 403), (status = 404)), security(("bearer" = []))
)]
pub(crate) async fn remove(signed: Signed, Path(text): Path<String>) -> Answer<Response> {
    signed.acting.delete_account(KIND, &text).await?;
    Ok(null())
}
