//! The operations on secrets, one file each. Source: Azure Key Vault REST 2026-04-01 and recorded answers.

pub(crate) mod backup;
pub(crate) mod delete;
pub(crate) mod deleted;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod set;
pub(crate) mod update;

use axum::response::Response;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::rules::SecretName;
use crate::store::{Phase, Secret, View};

/// What every operation answers.
type Answer = Result<Response, Refusal>;

/// The secret that may be written to under `name`: the live one, or none. Anything else of that name refuses.
fn writable(view: &View<'_>, call: &Call, name: &SecretName, operation: &str) -> Result<Option<Secret>, Refusal> {
    let Some(secret) = view.find(call.vault().row, name, call.now)? else { return Ok(None) };
    match secret.phase(call.now) {
        Phase::Live if secret.managed => Err(Refusal::managed(operation)),
        Phase::Live => Ok(Some(secret)),
        Phase::Recovering => Err(Refusal::being_recovered(name.as_str())),
        Phase::Deleted => Err(Refusal::deleted_but_recoverable(name.as_str())),
        Phase::Deleting | Phase::Purging => Err(Refusal::name_being_deleted(name.as_str())),
        Phase::Gone => Ok(None),
    }
}
