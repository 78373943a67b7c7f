//! GetSecret: the current version or the one named. Expired and not yet valid ones are given out all the same.

use super::Answer;
use crate::call::{Call, Target};
use crate::refusal::Refusal;
use crate::wire::{self, Bundle};

pub(crate) async fn secret(call: Call, target: Target) -> Answer {
    let (secret, version) = call.app.store.read(|view| {
        let secret = view.live(call.vault().row, &target.name, call.now)?;
        let secret = secret.ok_or_else(|| Refusal::not_found(&target.id()))?;
        let version = view.version(&secret, target.version.as_deref())?;
        Ok((secret, version.ok_or_else(|| Refusal::not_found(&target.id()))?))
    })?;
    if !version.enabled {
        return Err(Refusal::disabled());
    }
    Ok(wire::ok(&Bundle::of(&call, &secret, &version).with_value(&version)))
}
