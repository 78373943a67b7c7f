//! The audit trail.

use super::json;
use crate::refusal::Answer;
use crate::request::{Parameters, Signed, page};
use axum::response::Response;
use serde::Serialize;
use strongroom_api::{Page, python_time};
use strongroom_engine::AuditRecord;
use utoipa::ToSchema;
use uuid::Uuid;

/// A record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entry {
    /// Its place in the trail.
    seq: i64,
    /// When it happened, in UTC.
    at: String,
    /// Who did it.
    actor_id: Uuid,
    /// The name of the account.
    actor: String,
    /// What was done.
    action: String,
    /// To what.
    target_id: Option<Uuid>,
    /// Its name.
    target: String,
    /// Which revision of it.
    revision: Option<u32>,
    /// From where.
    address: String,
    /// In which request.
    request_id: String,
    /// `done`, or the kind of the error.
    outcome: String,
}

fn entry(record: AuditRecord) -> Entry {
    let AuditRecord {
        seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome, ..
    } = record;
    let at = python_time(at);
    Entry { seq, at, actor_id, actor, action, target_id, target, revision, address, request_id, outcome }
}

/// What checking found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verdict {
    /// How many records there are.
    records: i64,
    /// How many signed checkpoints they agree with.
    checkpoints: usize,
    /// The first record that somebody changed, if any.
    broken_at: Option<i64>,
}

/// A page of the audit trail, for administrators.
#[utoipa::path(
    get, path = "/audit",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("sort_by" = Option<String>, Query),
        ("actor" = Option<String>, Query), ("action" = Option<String>, Query), ("target" = Option<String>, Query)),
    responses((status = 200, body = Page<Entry>), (status = 400), (status = 403), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn list(signed: Signed, parameters: Parameters) -> Answer<Response> {
    let query = parameters.query()?;
    Ok(json(&Page::of(signed.acting.audit(&query).await?, page(&query), entry)))
}

/// Checks the whole trail, for administrators.
#[utoipa::path(
    get, path = "/audit/verify", responses((status = 200, body = Verdict), (status = 403)), security(("bearer" = []))
)]
pub(crate) async fn verify(signed: Signed) -> Answer<Response> {
    let strongroom_engine::Verdict { records, checkpoints, broken_at } = signed.acting.verify_audit().await?;
    Ok(json(&Verdict { records, checkpoints, broken_at }))
}
