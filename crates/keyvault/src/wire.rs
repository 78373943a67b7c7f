//! JSON shapes of requests and answers. Absent fields are left out, never null, but for the last page's `nextLink`.
//!
//! Source: Azure Key Vault REST 2026-04-01 (`SecretBundle`, `DeletedSecretBundle`, `SecretItem`) and recorded answers,
//! whose order of fields is kept.

use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::app::Retention;
use crate::call::Call;
use crate::rules::Tags;
use crate::store::{Secret, Version};

/// What `x-ms-keyvault-region` says.
pub(crate) const REGION: &str = "local";

/// Body of PUT.
#[derive(Deserialize)]
pub(crate) struct SetSecret {
    pub(crate) value: Option<SecretString>,
    #[serde(rename = "contentType")]
    pub(crate) content_type: Option<String>,
    pub(crate) attributes: Option<AttributesAsked>,
    pub(crate) tags: Option<Tags>,
}

/// Body of PATCH: what is absent stays.
#[derive(Deserialize)]
pub(crate) struct UpdateSecret {
    #[serde(rename = "contentType")]
    pub(crate) content_type: Option<String>,
    pub(crate) attributes: Option<AttributesAsked>,
    pub(crate) tags: Option<Tags>,
}

/// The attributes a client may set. Dates may be negative: one SDK wraps dates after 2038 to 32 bits.
#[derive(Deserialize, Default)]
pub(crate) struct AttributesAsked {
    pub(crate) enabled: Option<bool>,
    pub(crate) nbf: Option<i64>,
    pub(crate) exp: Option<i64>,
}

/// Body of restore, and answer to backup.
#[derive(Serialize, Deserialize)]
pub(crate) struct Blob {
    pub(crate) value: String,
}

/// One secret in an answer; also one item of a list.
#[derive(Serialize)]
pub(crate) struct Bundle<'a> {
    #[serde(rename = "recoveryId", skip_serializing_if = "Option::is_none")]
    recovery_id: Option<String>,
    #[serde(rename = "deletedDate", skip_serializing_if = "Option::is_none")]
    deleted_date: Option<i64>,
    #[serde(rename = "scheduledPurgeDate", skip_serializing_if = "Option::is_none")]
    scheduled_purge_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(rename = "contentType", skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed: Option<bool>,
    attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a Tags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}

#[derive(Serialize)]
struct Attributes {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    created: i64,
    updated: i64,
    #[serde(rename = "recoveryLevel")]
    recovery_level: &'static str,
    #[serde(rename = "recoverableDays")]
    recoverable_days: u16,
}

impl<'a> Bundle<'a> {
    /// A version, with its id, without its value.
    pub(crate) fn of(call: &Call, secret: &Secret, version: &'a Version) -> Self {
        let Retention { days, .. } = call.app.retention;
        let Version { id, value: _, content_type, enabled, not_before, expires, created, updated, tags } = version;
        Self {
            recovery_id: None,
            deleted_date: None,
            scheduled_purge_date: None,
            value: None,
            content_type: content_type.as_deref(),
            id: call.id("secrets", &secret.name, Some(id)),
            managed: secret.managed.then_some(true),
            attributes: Attributes {
                enabled: *enabled,
                nbf: *not_before,
                exp: *expires,
                created: *created,
                updated: *updated,
                recovery_level: call.app.retention.level(),
                recoverable_days: days,
            },
            tags: tags.as_ref(),
            kid: secret.managed.then(|| call.id("keys", &secret.name, Some(id))),
        }
    }

    /// The same with the value: the one place where a value goes out.
    pub(crate) fn with_value(mut self, version: &'a Version) -> Self {
        self.value = version.value.as_ref().map(ExposeSecret::expose_secret);
        self
    }

    /// The same as an item of `/secrets` or `/deletedsecrets`: the id names no version.
    pub(crate) fn without_version(mut self, call: &Call, secret: &Secret) -> Self {
        self.id = call.id("secrets", &secret.name, None);
        self.kid = None;
        self
    }

    /// The same as seen in the deleted view.
    pub(crate) fn deleted(mut self, call: &Call, secret: &Secret) -> Self {
        self.recovery_id = Some(call.id("deletedsecrets", &secret.name, None));
        self.deleted_date = secret.deleted;
        self.scheduled_purge_date = secret.purge;
        self
    }
}

/// One page of a list. `nextLink` is null on the last one.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    pub(crate) value: Vec<Bundle<'a>>,
    #[serde(rename = "nextLink")]
    pub(crate) next_link: Option<String>,
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let bytes = serde_json::to_vec(body).expect("maps with string keys and numbers always become JSON");
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

/// A 200 with JSON.
pub(crate) fn ok(body: &impl Serialize) -> Response {
    json(StatusCode::OK, body)
}
