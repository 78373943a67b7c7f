//! The API keys of service accounts.

use super::{json, null};
use crate::refusal::Answer;
use crate::request::{Json, Parameters, Signed, check_length, id, page};
use axum::extract::Path;
use axum::response::Response;
use strongroom_api::Page;
use strongroom_api::v98::{ApiKeyCreate, ApiKeyRotate, ApiKeyUpdate, KeyBody, KeyMetadata, Model, api_key};
use strongroom_core::central::{Account, AccountKind, Accounts, ApiKey, ApiKeyChange};
use uuid::Uuid;

async fn owner(signed: &Signed, account: Uuid) -> Answer<Account> {
    Ok(signed.acting.account(AccountKind::Service, &account.to_string()).await?)
}

async fn written(signed: &Signed, account: Uuid, key: ApiKey, hydrate: bool) -> Answer<Response> {
    Ok(json(&api_key(key, owner(signed, account).await?, hydrate)))
}

/// A page of the keys of a service account.
#[utoipa::path(
    get, path = "/service_accounts/{account}/api_keys",
    params(("account" = Uuid, Path), ("page" = Option<usize>, Query), ("size" = Option<usize>, Query),
        ("name" = Option<String>, Query), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Page<Model<KeyBody, KeyMetadata>>), (status = 400), (status = 403), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn list(signed: Signed, parameters: Parameters, Path(account): Path<String>) -> Answer<Response> {
    let account = id(&account)?;
    let query = parameters.query()?;
    let hydrate = parameters.flag("hydrate", false)?;
    let found = signed.acting.api_keys(account, &query).await?;
    let owner = owner(&signed, account).await?;
    Ok(json(&Page::of(found, page(&query), |key| api_key(key, owner.clone(), hydrate))))
}

/// Makes a key and shows it, this once. The same `Idempotency-Key` of the same caller makes it once, too: a repetition is a 409,
/// and the key can be rotated.
#[utoipa::path(
    post, path = "/service_accounts/{account}/api_keys", params(("account" = Uuid, Path)), request_body = ApiKeyCreate,
    responses((status = 200, body = Model<KeyBody, KeyMetadata>), (status = 400), (status = 403), (status = 404), (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn create(
    signed: Signed,
    Path(account): Path<String>,
    Json(given): Json<ApiKeyCreate>,
) -> Answer<Response> {
    let account = id(&account)?;
    check_length(&given.name)?;
    let description = given.description.unwrap_or_default();
    let key = signed.acting.create_api_key(account, &given.name, &description).await?;
    written(&signed, account, key, true).await
}

/// One key, by name or id.
#[utoipa::path(
    get, path = "/service_accounts/{account}/api_keys/{key}",
    params(("account" = Uuid, Path), ("key" = String, Path), ("hydrate" = Option<bool>, Query)),
    responses((status = 200, body = Model<KeyBody, KeyMetadata>), (status = 403), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn one(
    signed: Signed,
    parameters: Parameters,
    Path((account, text)): Path<(String, String)>,
) -> Answer<Response> {
    let account = id(&account)?;
    let hydrate = parameters.flag("hydrate", true)?;
    let key = signed.acting.api_key(account, &text).await?;
    written(&signed, account, key, hydrate).await
}

/// Changes a key.
#[utoipa::path(
    put, path = "/service_accounts/{account}/api_keys/{key}",
    params(("account" = Uuid, Path), ("key" = String, Path)), request_body = ApiKeyUpdate,
    responses((status = 200, body = Model<KeyBody, KeyMetadata>), (status = 400), (status = 403), (status = 404), (status = 409), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn update(
    signed: Signed,
    Path((account, text)): Path<(String, String)>,
    Json(given): Json<ApiKeyUpdate>,
) -> Answer<Response> {
    let account = id(&account)?;
    let ApiKeyUpdate { name, description, active } = given;
    name.as_deref().map_or(Ok(()), check_length)?;
    let key = signed.acting.update_api_key(account, &text, ApiKeyChange { name, description, active }).await?;
    written(&signed, account, key, true).await
}

/// Replaces a key and shows the new one, this once. The same `Idempotency-Key` of the same caller does it once, too: a repetition
/// is a 409.
#[utoipa::path(
    put, path = "/service_accounts/{account}/api_keys/{key}/rotate",
    params(("account" = Uuid, Path), ("key" = String, Path)), request_body = ApiKeyRotate,
    responses((status = 200, body = Model<KeyBody, KeyMetadata>), (status = 403), (status = 404), (status = 409), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn rotate(
    signed: Signed,
    Path((account, text)): Path<(String, String)>,
    Json(given): Json<ApiKeyRotate>,
) -> Answer<Response> {
    let account = id(&account)?;
    let key = signed.acting.rotate_api_key(account, &text, given.retain_period_minutes).await?;
    written(&signed, account, key, true).await
}

/// Removes a key; the tokens it got end.
#[utoipa::path(
    delete, path = "/service_accounts/{account}/api_keys/{key}",
    params(("account" = Uuid, Path), ("key" = String, Path)),
    responses((status = 200), (status = 403), (status = 404), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn remove(signed: Signed, Path((account, text)): Path<(String, String)>) -> Answer<Response> {
    signed.acting.delete_api_key(id(&account)?, &text).await?;
    Ok(null())
}
