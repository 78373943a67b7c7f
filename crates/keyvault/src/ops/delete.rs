//! DeleteSecret: always the whole secret, always softly. The answer comes at once; that it took effect shows later.

use super::Answer;
use crate::call::{Call, Target};
use crate::refusal::Refusal;
use crate::store::Phase;
use crate::switches::millis;
use crate::wire::{self, Bundle};

const DAY: i64 = 86_400;

pub(crate) async fn secret(call: Call, Target { name, .. }: Target) -> Answer {
    let busy_until = call.now + millis(call.app.switches.timing().delete);
    let purge = call.seconds() + i64::from(call.app.retention.days) * DAY;
    let (secret, version) = call.app.store.change(call.now, |view| {
        let found = view.find(call.vault().row, &name, call.now)?;
        let mut secret = match found.map(|secret| (secret.phase(call.now), secret)) {
            Some((Phase::Live, secret)) if secret.managed => return Err(Refusal::managed("delete")),
            Some((Phase::Live, secret)) => secret,
            Some((Phase::Recovering, _)) => return Err(Refusal::being_recovered(name.as_str())),
            Some((Phase::Deleting | Phase::Deleted | Phase::Purging | Phase::Gone, _)) | None => {
                return Err(Refusal::not_found(name.as_str()));
            }
        };
        let version = view.version(&secret, None)?.ok_or_else(|| Refusal::not_found(name.as_str()))?;
        view.bury(&mut secret, call.seconds(), purge, busy_until)?;
        Ok((secret, version))
    })?;
    Ok(wire::ok(&Bundle::of(&call, &secret, &version).deleted(&call, &secret)))
}
