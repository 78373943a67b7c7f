//! UpdateSecret: changes what is said about a version, never its value. Without a version it is the current one
//! (recorded; ZenML's manager relies on it). Disabled versions can be updated.

use super::Answer;
use crate::call::{Call, Target};
use crate::payload::Payload;
use crate::refusal::Refusal;
use crate::rules;
use crate::wire::{self, Bundle, UpdateSecret};

pub(crate) async fn secret(call: Call, target: Target, Payload(asked): Payload<UpdateSecret>) -> Answer {
    let UpdateSecret { content_type, attributes, tags } = asked;
    rules::check(None, content_type.as_deref(), tags.as_ref())?;
    let attributes = attributes.unwrap_or_default();
    let (secret, version) = call.app.store.change(call.now, |view| {
        let not_found = || Refusal::not_found(&target.id());
        let secret = view.live(call.vault().row, &target.name, call.now)?.ok_or_else(not_found)?;
        if secret.managed {
            return Err(Refusal::managed("update"));
        }
        let mut version = view.version(&secret, target.version.as_deref())?.ok_or_else(not_found)?;
        version.enabled = attributes.enabled.unwrap_or(version.enabled);
        version.not_before = attributes.nbf.or(version.not_before);
        version.expires = attributes.exp.or(version.expires);
        version.content_type = content_type.or(version.content_type);
        // Tags replace the whole map (recorded); without tags the map stays.
        version.tags = tags.or(version.tags);
        version.updated = call.seconds();
        view.amend(&secret, &version)?;
        Ok((secret, version))
    })?;
    Ok(wire::ok(&Bundle::of(&call, &secret, &version)))
}
