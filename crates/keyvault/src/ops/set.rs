//! SetSecret: every PUT makes a new version, with the tags it sends and no others.

use secrecy::ExposeSecret;

use super::{Answer, writable};
use crate::call::{Call, Target};
use crate::payload::Payload;
use crate::refusal::Refusal;
use crate::rules;
use crate::store::Version;
use crate::wire::{self, Bundle, SetSecret};

pub(crate) async fn secret(call: Call, Target { name, .. }: Target, Payload(asked): Payload<SetSecret>) -> Answer {
    let SetSecret { value, content_type, attributes, tags } = asked;
    // An empty value is legal (recorded), an absent one is not.
    let value = value.ok_or_else(Refusal::invalid_property)?;
    rules::check(Some(value.expose_secret()), content_type.as_deref(), tags.as_ref())?;
    let attributes = attributes.unwrap_or_default();
    let now = call.seconds();
    let version = Version {
        id: Version::new_id(),
        value: Some(value),
        content_type,
        enabled: attributes.enabled.unwrap_or(true),
        not_before: attributes.nbf,
        expires: attributes.exp,
        created: now,
        updated: now,
        tags,
    };
    let secret = call.app.store.change(call.now, |view| {
        let secret = match writable(view, &call, &name, "set")? {
            Some(secret) => secret,
            None => view.add(call.vault().row, &name, false)?,
        };
        view.push(&secret, &version)?;
        Ok(secret)
    })?;
    Ok(wire::ok(&Bundle::of(&call, &secret, &version).with_value(&version)))
}
