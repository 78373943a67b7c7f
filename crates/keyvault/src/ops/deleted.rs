//! GetDeletedSecret, RecoverDeletedSecret and PurgeDeletedSecret.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Answer;
use crate::call::{Call, Target};
use crate::refusal::Refusal;
use crate::rules::SecretName;
use crate::store::{Phase, Secret, View};
use crate::switches::millis;
use crate::wire::{self, Bundle};

pub(crate) async fn secret(call: Call, Target { name, .. }: Target) -> Answer {
    let (secret, version) = call.app.store.read(|view| {
        let not_found = || Refusal::deleted_not_found(name.as_str());
        let secret = view.find(call.vault().row, &name, call.now)?;
        let secret = secret.filter(|secret| secret.phase(call.now) == Phase::Deleted).ok_or_else(not_found)?;
        let version = view.version(&secret, None)?.ok_or_else(not_found)?;
        Ok((secret, version))
    })?;
    // Recorded: the deleted view refuses a disabled secret as the live one does.
    if !version.enabled {
        return Err(Refusal::disabled());
    }
    Ok(wire::ok(&Bundle::of(&call, &secret, &version).deleted(&call, &secret)))
}

pub(crate) async fn recover(call: Call, Target { name, .. }: Target) -> Answer {
    let busy_until = call.now + millis(call.app.switches.timing().recover);
    let (secret, version) = call.app.store.change(call.now, |view| {
        let mut secret = buried(view, &call, &name)?;
        let version = view.version(&secret, None)?.ok_or_else(|| Refusal::deleted_not_found(name.as_str()))?;
        view.unbury(&mut secret, busy_until)?;
        Ok((secret, version))
    })?;
    Ok(wire::ok(&Bundle::of(&call, &secret, &version)))
}

pub(crate) async fn purge(call: Call, Target { name, .. }: Target) -> Result<Response, Refusal> {
    let busy_until = call.now + millis(call.app.switches.timing().purge);
    call.app.store.change(call.now, |view| {
        let mut secret = buried(view, &call, &name)?;
        if call.app.retention.purge_protection {
            return Err(Refusal::purge_protected(call.vault().name.as_str()));
        }
        view.purge(&mut secret, busy_until)
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The deleted secret of that name, if its delete is over and no other operation is on its way.
fn buried(view: &View<'_>, call: &Call, name: &SecretName) -> Result<Secret, Refusal> {
    let found = view.find(call.vault().row, name, call.now)?;
    match found.map(|secret| (secret.phase(call.now), secret)) {
        Some((Phase::Deleted, secret)) => Ok(secret),
        Some((Phase::Deleting | Phase::Purging, _)) => Err(Refusal::being_deleted()),
        Some((Phase::Recovering, _)) => Err(Refusal::being_recovered(name.as_str())),
        Some((Phase::Live | Phase::Gone, _)) | None => Err(Refusal::deleted_not_found(name.as_str())),
    }
}
