//! Whose an item of a listing is, as seen by one manager.

use super::group::SECRET as GROUP;
use super::{COMPONENT_ID, ManagerLayout, NAMESPACE, SCOPE, SECRET_NAME};
use crate::{ItemName, Scope, SecretName, Tags, Unscoped};
use std::fmt;

/// Tags of a central store of ZenML that keeps its values in the vault: the server, and the secret's id.
const SERVER: &str = "zenml";
const SECRET_ID: &str = "zenml_secret_id";

/// Whose an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// A secret of the manager that looks, or a key of one.
    Own(SecretName),
    /// It would be, but its tags name a secret that cannot be one.
    Misnamed,
    /// It has the name of a secret of the manager that looks and no tags: a write of ZenML's that was interrupted.
    Untagged,
    /// A secret of managers with another scope.
    Scope {
        /// Which secret.
        secret: String,
        /// The scope, in words.
        scope: String,
    },
    /// A secret of a central store.
    CentralStore {
        /// The id of its server.
        server: String,
    },
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(name) => write!(f, "secret `{name}`"),
            Self::Misnamed => f.write_str("its tags name a secret that no secrets manager can have"),
            Self::Untagged => f.write_str("has the name of a secret and none of its tags: a write was interrupted"),
            Self::Scope { secret, scope } => write!(f, "secret `{secret}` of {scope}"),
            Self::CentralStore { server } => write!(f, "belongs to the central store of server `{server}`"),
        }
    }
}

impl ManagerLayout {
    /// Whose an item is; `None` when no secrets manager and no central store wrote it.
    pub fn whose(&self, item: &ItemName, tags: &Tags) -> Option<Whose> {
        if self.filter().matches(tags) {
            return Some(self.secret_of(item, tags).map_or(Whose::Misnamed, Whose::Own));
        }
        if let (Some(server), true) = (tags.get(SERVER), tags.contains_key(SECRET_ID)) {
            return Some(Whose::CentralStore { server: server.clone() });
        }
        if let Some(secret) = tags.get(GROUP) {
            return Some(Whose::Scope { secret: secret.clone(), scope: "scope `none`".to_owned() });
        }
        if let (Some(scope), Some(secret)) = (tags.get(SCOPE), tags.get(SECRET_NAME)) {
            let scope = match (scope.as_str(), tags.get(NAMESPACE), tags.get(COMPONENT_ID)) {
                ("namespace", Some(namespace), _) => format!("namespace `{namespace}`"),
                ("component", _, Some(id)) => format!("component `{id}`"),
                _ => format!("scope `{scope}`"),
            };
            return Some(Whose::Scope { secret: secret.clone(), scope });
        }
        self.looks_own(item).then_some(Whose::Untagged)
    }

    /// Whether an item without tags has a name that only this manager gives.
    fn looks_own(&self, item: &ItemName) -> bool {
        let separator = self.rules.separator.to_string();
        match (&self.scope, self.rules.unscoped) {
            (Scope::None, Unscoped::Whole) => false,
            (Scope::None, Unscoped::PerKey) => {
                let hex = item.as_str().strip_prefix("zenml-").unwrap_or_default();
                hex.len() >= 8 && hex.len().is_multiple_of(8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            (scope, _) => item.as_str().starts_with(&(scope.segments().join(&separator) + &separator)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{NameRule, Owner, Rules};

    static RULES: Rules = Rules {
        service: "Azure Key Vault",
        scopes: true,
        separator: '-',
        names: NameRule { legal: |_| true, words: "", longest: 100 },
        items: NameRule { legal: |_| true, words: "", longest: 255 },
        folds_case: true,
        value_bytes: 25_600,
        tags: 15,
        tag_length: 512,
        compare_and_set: false,
        unscoped: Unscoped::PerKey,
    };

    fn whose(scope: &str, item: &str, tags: &[(&str, &str)]) -> Option<Whose> {
        let attributes = [("scope", scope), ("namespace", "a")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        let owner = Owner { id: uuid::Uuid::nil(), name: "m".into() };
        let layout = ManagerLayout::new(&RULES, &attributes.into_iter().collect(), owner).unwrap();
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        layout.whose(&item.parse().unwrap(), &tags)
    }

    #[test]
    fn what_is_not_ours_is_told_apart_and_what_is_nobodys_is_none() {
        let scope = |secret: &str, scope: &str| Some(Whose::Scope { secret: secret.into(), scope: scope.into() });
        let own = |name: &str| Some(Whose::Own(name.parse().unwrap()));
        let tags = [("zenml_scope", "namespace"), ("zenml_secret_name", "x"), ("zenml_namespace", "a")];
        assert_eq!(whose("namespace", "zenml-namespace-a-x", &tags), own("x"));
        assert_eq!(whose("global", "zenml-namespace-a-x", &tags), scope("x", "namespace `a`"));
        assert_eq!(whose("none", "zenml-namespace-a-x", &tags), scope("x", "namespace `a`"));
        assert_eq!(whose("namespace", "zenml-namespace-a-x", &[]), Some(Whose::Untagged));
        let bad = [("zenml_scope", "namespace"), ("zenml_secret_name", ""), ("zenml_namespace", "a")];
        assert_eq!(whose("namespace", "zenml-namespace-a-", &bad), Some(Whose::Misnamed));
        let key = [("zenml-group-key", "x"), ("zenml-key-name", "k")];
        assert_eq!(whose("none", "zenml-654331724d513d3d", &key), own("x"));
        assert_eq!(whose("global", "zenml-654331724d513d3d", &key), scope("x", "scope `none`"));
        assert_eq!(whose("none", "zenml-654331724d513d3d", &[]), Some(Whose::Untagged));
        let central = [("zenml", "server"), ("zenml_secret_id", "id")];
        assert_eq!(whose("global", "zenml-id", &central), Some(Whose::CentralStore { server: "server".into() }));
        for item in ["zenml-id", "password", "zenml-global"] {
            assert_eq!(whose("global", item, &[]), None, "{item}");
        }
    }
}
