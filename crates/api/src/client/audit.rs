//! The audit trail over HTTP.

use super::Client;
use super::send::Request;
use crate::audit::{AuditEntry, AuditSummary, AuditVerdict};
use async_trait::async_trait;
use reqwest::Method;
use strongroom_core::Result;
use strongroom_core::central::{Audit, AuditRecord, AuditState, Verdict};
use strongroom_core::query::{Page, Query};

#[async_trait]
impl Audit for Client {
    async fn audit(&self, query: &Query<AuditRecord>) -> Result<Page<AuditRecord>> {
        self.page(&["audit"], query, AuditEntry::read).await
    }

    async fn audit_after(&self, after: i64) -> Result<Vec<AuditRecord>> {
        let mut request = Request::new(Method::GET, &["audit", "records"], "the audit trail");
        request.query.push(("after", after.to_string()));
        self.ask::<Vec<AuditEntry>>(request).await?.into_iter().map(AuditEntry::read).collect()
    }

    async fn audit_state(&self) -> Result<AuditState> {
        let path = ["audit", "state"];
        self.ask::<AuditSummary>(Request::new(Method::GET, &path, "the audit trail")).await?.read()
    }

    async fn verify_audit(&self) -> Result<Verdict> {
        let path = ["audit", "verify"];
        self.ask::<AuditVerdict>(Request::new(Method::GET, &path, "the audit trail")).await.map(Verdict::from)
    }
}
