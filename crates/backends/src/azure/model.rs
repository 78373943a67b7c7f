//! Between our items and the SDK's models. Values are exposed here, and only here.

use azure_core::http::Url;
use azure_security_keyvault_secrets::models::{Secret, SecretAttributes, SecretProperties, SetSecretParameters};
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::{Item, ItemMeta, ItemName, Result, Revision, Tags, Validity};

/// What a PUT carries: value and tags at once.
pub(super) fn body(item: &Item) -> SetSecretParameters {
    let Validity { from, until } = item.validity;
    let attributes = (from.is_some() || until.is_some()).then(|| SecretAttributes {
        not_before: from,
        expires: until,
        ..SecretAttributes::default()
    });
    SetSecretParameters {
        content_type: item.content_type.clone(),
        secret_attributes: attributes,
        tags: Some(item.tags.clone().into_iter().collect()),
        value: Some(item.value.expose_secret().to_owned()),
    }
}

/// A secret with its value, under the name that was asked for.
pub(super) fn item(name: &ItemName, secret: Secret) -> Item {
    Item {
        name: name_of(secret.id.as_deref()).unwrap_or_else(|| name.clone()),
        value: SecretString::from(secret.value.unwrap_or_default()),
        tags: tags(secret.tags),
        identity: Tags::new(),
        content_type: secret.content_type,
        validity: validity(secret.attributes.as_ref()),
        revision: Some(revision(secret.id.as_deref())),
        is_revived: false,
    }
}

/// One line of a listing; `None` for what Strongroom leaves alone: certificates, and names it could not ask for.
pub(super) fn meta(properties: SecretProperties) -> Option<ItemMeta> {
    if properties.managed == Some(true) {
        return None;
    }
    let attributes = properties.attributes.as_ref();
    Some(ItemMeta {
        name: name_of(properties.id.as_deref())?,
        tags: tags(properties.tags),
        enabled: attributes.and_then(|attributes| attributes.enabled) != Some(false),
        validity: validity(attributes),
        updated: attributes.and_then(|attributes| attributes.updated),
    })
}

/// The version in a secret's id (`…/secrets/NAME/VERSION`).
pub(super) fn revision(id: Option<&str>) -> Revision {
    Revision(segments(id).nth(2).unwrap_or_default())
}

/// Whether a text can be a version: hex digits, and nothing that would lead to another path.
pub(super) fn check_revision(revision: &Revision) -> Result<()> {
    let legal = !revision.0.is_empty() && revision.0.chars().all(|c| c.is_ascii_hexdigit());
    if legal { Ok(()) } else { Err(strongroom_core::Error::invalid(format!("`{}` is not a version", revision.0))) }
}

fn name_of(id: Option<&str>) -> Option<ItemName> {
    segments(id).nth(1)?.parse().ok()
}

fn segments(id: Option<&str>) -> impl Iterator<Item = String> {
    let url = id.and_then(|id| Url::parse(id).ok());
    let segments = url.as_ref().and_then(|url| url.path_segments()).into_iter().flatten();
    segments.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn tags(tags: Option<std::collections::HashMap<String, String>>) -> Tags {
    tags.unwrap_or_default().into_iter().collect()
}

fn validity(attributes: Option<&SecretAttributes>) -> Validity {
    attributes.map_or_else(Validity::default, |attributes| Validity {
        from: attributes.not_before,
        until: attributes.expires,
    })
}
