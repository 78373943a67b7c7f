//! Names and limits of Key Vault secrets, as the service enforces them.
//!
//! Sources: Microsoft's "About Azure Key Vault secrets" and "Object identifiers" pages; the value limit in bytes and
//! the tag count from the threads Azure/azure-sdk-for-node#2198 and hashicorp/terraform-provider-azurerm#16947.

use std::collections::BTreeMap;

use crate::refusal::Refusal;

/// Longest name of a secret.
pub const MAX_NAME: usize = 127;
/// Largest value, in bytes of UTF-8: 25 KB.
pub const MAX_VALUE: usize = 25_600;
/// Most tags on a version.
pub const MAX_TAGS: usize = 15;
/// Longest name or value of a tag, in characters. Older documentation says 256, newer and the portal 512.
pub const MAX_TAG: usize = 512;
/// Longest content type, in characters.
pub const MAX_CONTENT_TYPE: usize = 255;
/// Most versions of a secret that can still be backed up.
pub const MAX_VERSIONS_IN_BACKUP: usize = 500;
/// Largest page of a list, and the size taken when a request names none.
pub const PAGE: usize = 25;

/// Tags of a version.
pub(crate) type Tags = BTreeMap<String, String>;

/// The name of a secret as a request spells it: 1 to 127 letters, digits and hyphens; compared without case.
#[derive(Debug, Clone)]
pub(crate) struct SecretName(String);

impl SecretName {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let legal = (1..=MAX_NAME).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if legal { Ok(Self(text.to_owned())) } else { Err(Refusal::invalid_name(text)) }
    }

    /// The name as it was spelled.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is unique within a vault.
    pub(crate) fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Refuses what is too long or too much in a new or changed version.
pub(crate) fn check(value: Option<&str>, content_type: Option<&str>, tags: Option<&Tags>) -> Result<(), Refusal> {
    let fits = |text: &str, most: usize| text.chars().count() <= most;
    let good = value.is_none_or(|value| value.len() <= MAX_VALUE)
        && content_type.is_none_or(|text| fits(text, MAX_CONTENT_TYPE))
        && tags.is_none_or(|tags| {
            tags.len() <= MAX_TAGS
                && tags.iter().all(|(name, value)| !name.is_empty() && fits(name, MAX_TAG) && fits(value, MAX_TAG))
        });
    if good { Ok(()) } else { Err(Refusal::invalid_property()) }
}

/// API versions the secrets service was ever published with (azure-rest-api-specs, data-plane/Secrets and before).
const API_VERSIONS: &[&str] = &[
    "2015-06-01",
    "2016-10-01",
    "7.0-preview",
    "7.0",
    "7.1-preview",
    "7.1",
    "7.2-preview",
    "7.2",
    "7.3-preview",
    "7.3",
    "7.4-preview.1",
    "7.4",
    "7.5-preview.1",
    "7.5",
    "7.6-preview.1",
    "7.6-preview.2",
    "7.6",
    "2025-06-01-preview",
    "2025-06-01",
    "2025-07-01",
    "2026-01-01-preview",
    "2026-03-01-preview",
    "2026-04-01",
    "2026-05-01-preview",
    "2026-07-01-preview",
];

/// The newest stable one, named in the refusal of an unknown one.
const NEWEST: &str = "2026-04-01";

/// Refuses a missing or unknown API version.
pub(crate) fn api_version(asked: Option<&str>) -> Result<&str, Refusal> {
    match asked {
        None | Some("") => Err(Refusal::bad_parameter("api-version must be specified")),
        Some(known) if API_VERSIONS.contains(&known) => Ok(known),
        Some(unknown) => Err(Refusal::bad_parameter(format!(
            "The specified version ({unknown}) is not recognized. Consider using the latest supported version ({NEWEST})."
        ))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names() {
        let longest = "a".repeat(127);
        for good in ["a", "-", "0", "A-b-9", longest.as_str()] {
            assert!(SecretName::parse(good).is_ok(), "{good}");
        }
        let too_long = "a".repeat(128);
        for bad in ["", "a_b", "a.b", "a/b", "a b", "ä", "..", too_long.as_str()] {
            assert!(SecretName::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(SecretName::parse("My-Secret").unwrap().key(), "my-secret");
    }

    #[test]
    fn limits_are_inclusive() {
        let tags = |count: usize| (0..count).map(|n| (n.to_string(), String::new())).collect::<Tags>();
        assert!(check(Some(&"é".repeat(12_800)), Some(&"é".repeat(255)), Some(&tags(15))).is_ok());
        assert!(check(Some(&format!("{}x", "é".repeat(12_800))), None, None).is_err(), "25,601 bytes");
        assert!(check(None, Some(&"x".repeat(256)), None).is_err());
        assert!(check(None, None, Some(&tags(16))).is_err());
        let long = Tags::from([("a".repeat(512), "b".repeat(512))]);
        assert!(check(None, None, Some(&long)).is_ok());
        for (name, value) in
            [("a".repeat(513), String::new()), ("a".into(), "b".repeat(513)), (String::new(), "b".into())]
        {
            assert!(check(None, None, Some(&Tags::from([(name, value)]))).is_err());
        }
    }

    #[test]
    fn api_versions() {
        assert!(API_VERSIONS.contains(&NEWEST));
        for good in ["2016-10-01", "7.0", "7.6", "2025-07-01", "2026-04-01", "2026-07-01-preview"] {
            assert!(api_version(Some(good)).is_ok(), "{good}");
        }
        for bad in [None, Some(""), Some("7.7"), Some("2026-04-02"), Some("v1")] {
            assert!(api_version(bad).is_err(), "{bad:?}");
        }
    }
}
