//! BackupSecret and RestoreSecret: all versions in one sealed blob that only this instance can open.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Answer;
use crate::call::{Call, Target};
use crate::payload::Payload;
use crate::refusal::Refusal;
use crate::rules::{MAX_VERSIONS_IN_BACKUP, SecretName, Tags};
use crate::store::{Phase, Version};
use crate::wire::{self, Blob, Bundle};

/// Written without padding as the service does; SDKs that re-encode it may add some.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a backup is sealed to: any vault of the instance that made it.
const PLACE: &str = "backup/1";

/// What a backup holds.
#[derive(Serialize, Deserialize)]
struct Backup<'a> {
    name: String,
    #[serde(borrow)]
    versions: Vec<Kept<'a>>,
}

/// One version in a backup. The value is borrowed, or copied by serde when it needed escapes.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    id: String,
    #[serde(borrow)]
    value: std::borrow::Cow<'a, str>,
    content_type: Option<String>,
    enabled: bool,
    not_before: Option<i64>,
    expires: Option<i64>,
    created: i64,
    updated: i64,
    tags: Option<Tags>,
}

pub(crate) async fn backup(call: Call, Target { name, .. }: Target) -> Answer {
    let blob = call.app.store.read(|view| {
        let secret = view.live(call.vault().row, &name, call.now)?;
        let secret = secret.ok_or_else(|| Refusal::not_found(name.as_str()))?;
        if secret.managed {
            return Err(Refusal::managed("backup"));
        }
        let versions = view.history(&secret)?;
        if versions.len() > MAX_VERSIONS_IN_BACKUP {
            return Err(Refusal::bad_parameter(format!(
                "The secret has {} versions; a backup holds no more than {MAX_VERSIONS_IN_BACKUP}",
                versions.len()
            )));
        }
        let versions = versions.iter().map(Kept::of).collect();
        let plain = serde_json::to_vec(&Backup { name: secret.name, versions }).map(Zeroizing::new);
        let plain = plain.map_err(|error| Refusal::internal("a backup could not be written", &error))?;
        Ok(BASE64.encode(view.seal.close(PLACE, &plain)))
    })?;
    Ok(wire::ok(&Blob { value: blob }))
}

/// POST on `/secrets/restore`; on any other name POST is not allowed.
pub(crate) async fn restore(call: Call, Target { name, .. }: Target, body: Result<Payload<Blob>, Refusal>) -> Answer {
    if name.key() != "restore" {
        return Err(Refusal::method_not_allowed(&Method::POST));
    }
    let Payload(Blob { value: blob }) = body?;
    let (secret, current) = call.app.store.change(call.now, |view| {
        let sealed = BASE64.decode(blob).map_err(|_| Refusal::malformed_backup())?;
        let plain = view.seal.open(PLACE, &sealed).ok_or_else(Refusal::malformed_backup)?;
        let Backup { name, versions } = serde_json::from_slice(&plain).map_err(|_| Refusal::malformed_backup())?;
        let name = SecretName::parse(&name).map_err(|_| Refusal::malformed_backup())?;
        let versions: Vec<Version> = versions.into_iter().map(Kept::into_version).collect();
        let current = versions.last().cloned().ok_or_else(Refusal::malformed_backup)?;
        if let Some(there) = view.find(call.vault().row, &name, call.now)? {
            return Err(match there.phase(call.now) {
                Phase::Deleted => Refusal::deleted_but_recoverable(name.as_str()),
                Phase::Deleting => Refusal::name_being_deleted(name.as_str()),
                Phase::Recovering => Refusal::being_recovered(name.as_str()),
                // Recorded: without an inner code, also while a purge is under way.
                Phase::Live | Phase::Purging | Phase::Gone => {
                    Refusal::restore_conflict(&call.id("secrets", name.as_str(), Some(&current.id)))
                }
            });
        }
        let secret = view.add(call.vault().row, &name, false)?;
        for version in &versions {
            view.push(&secret, version)?;
        }
        Ok((secret, current))
    })?;
    Ok(wire::ok(&Bundle::of(&call, &secret, &current)))
}

impl<'a> Kept<'a> {
    fn of(version: &'a Version) -> Self {
        let Version { id, value, content_type, enabled, not_before, expires, created, updated, tags } = version;
        Self {
            id: id.clone(),
            value: value.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default().into(),
            content_type: content_type.clone(),
            enabled: *enabled,
            not_before: *not_before,
            expires: *expires,
            created: *created,
            updated: *updated,
            tags: tags.clone(),
        }
    }

    fn into_version(self) -> Version {
        let Self { id, value, content_type, enabled, not_before, expires, created, updated, tags } = self;
        let value = Some(SecretString::from(value.into_owned()));
        Version { id, value, content_type, enabled, not_before, expires, created, updated, tags }
    }
}
