//! The audit trail, for administrators.

use super::json;
use crate::refusal::{Answer, Refusal};
use crate::request::{Parameters, Signed, page};
use axum::response::Response;
use strongroom_api::Page;
use strongroom_api::audit::{AuditEntry, AuditSummary, AuditVerdict};

/// A page of the newest ten thousand records.
#[utoipa::path(
    get, path = "/audit",
    params(("page" = Option<usize>, Query), ("size" = Option<usize>, Query), ("sort_by" = Option<String>, Query),
        ("actor" = Option<String>, Query), ("action" = Option<String>, Query), ("target" = Option<String>, Query)),
    responses((status = 200, body = Page<AuditEntry>), (status = 400), (status = 403), (status = 422)),
    security(("bearer" = []))
)]
pub(crate) async fn list(signed: Signed, parameters: Parameters) -> Answer<Response> {
    let query = parameters.query()?;
    Ok(json(&Page::of(signed.acting.audit(&query).await?, page(&query), AuditEntry::from)))
}

/// Up to a thousand records after the one numbered `after`, in order.
#[utoipa::path(
    get, path = "/audit/records", params(("after" = Option<u64>, Query)),
    responses((status = 200, body = Vec<AuditEntry>), (status = 403), (status = 422)), security(("bearer" = []))
)]
pub(crate) async fn records(signed: Signed, parameters: Parameters) -> Answer<Response> {
    let after = i64::try_from(parameters.number::<u64>("after")?.unwrap_or(0))
        .map_err(|_| Refusal::not_understood("`after` is the number of a record"))?;
    let records = signed.acting.audit_after(after).await?;
    Ok(json(&records.into_iter().map(AuditEntry::from).collect::<Vec<_>>()))
}

/// Where the trail ends, signed, and the signed checkpoints.
#[utoipa::path(
    get, path = "/audit/state", responses((status = 200, body = AuditSummary), (status = 403)),
    security(("bearer" = []))
)]
pub(crate) async fn state(signed: Signed) -> Answer<Response> {
    Ok(json(&AuditSummary::from(signed.acting.audit_state().await?)))
}

/// Checks the whole trail.
#[utoipa::path(
    get, path = "/audit/verify", responses((status = 200, body = AuditVerdict), (status = 403)),
    security(("bearer" = []))
)]
pub(crate) async fn verify(signed: Signed) -> Answer<Response> {
    Ok(json(&AuditVerdict::from(signed.acting.verify_audit().await?)))
}
