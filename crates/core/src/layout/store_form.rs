//! What the items of a central store tell beside the values: one form for each generation of ZenML.

use crate::central::{CentralSecret, SecretId, Visibility};
use crate::{Error, NameRule, Result, Rules, SecretName, Tags, python_time};
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

/// The longest name that ZenML 0.44 puts into a tag.
const LONGEST_NAME: usize = 256;

/// Which generation of ZenML an item is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoreForm {
    /// ZenML 0.44, to which the tags tell all but the values. 0.98 reads it too.
    V0_44,
    /// ZenML 0.98, to which the tags tell store and secret.
    #[default]
    V0_98,
}

/// A secret without its values.
#[derive(Debug, Clone)]
pub struct Description {
    /// Its id.
    pub id: SecretId,
    /// Its name.
    pub name: SecretName,
    /// Who sees it.
    pub visibility: Visibility,
    /// Who made it.
    pub owner: Uuid,
    /// The project (0.44: workspace) it was made in.
    pub project: Uuid,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When its name, visibility or values last changed.
    pub updated: OffsetDateTime,
}

impl From<&CentralSecret> for Description {
    fn from(secret: &CentralSecret) -> Self {
        let CentralSecret { id, name, visibility, owner, project, created, updated, .. } = secret;
        Self {
            id: *id,
            name: name.clone(),
            visibility: *visibility,
            owner: owner.id,
            project: project.id,
            created: *created,
            updated: *updated,
        }
    }
}

impl StoreForm {
    /// As typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V0_44 => "0.44",
            Self::V0_98 => "0.98",
        }
    }

    /// Whether an item tells more than a change of values changes.
    pub fn tells_names(self) -> bool {
        match self {
            Self::V0_44 => true,
            Self::V0_98 => false,
        }
    }

    /// The tags of this form that come behind those of store and secret, in the order in which ZenML writes them.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] when that generation of ZenML takes no such name.
    pub(super) fn tags(self, secret: &Description, rules: &Rules) -> Result<Tags> {
        let Description { id: _, name, visibility, owner, project, created, updated } = secret;
        if self == Self::V0_98 {
            return Ok(Tags::new());
        }
        let rule = NameRule { legal: rules.names.legal, words: rules.names.words, longest: LONGEST_NAME };
        rule.check("secret name", name.as_str()).map_err(|error| {
            let rule = format!("its tags take 1 to {LONGEST_NAME} {}", rules.names.words);
            error
                .within(format!("`{name}` is no name for ZenML 0.44 in {}", rules.service))
                .with_hint(format!("{rule}; `format=0.98` of the secrets store takes any name"))
        })?;
        let scope = match visibility {
            Visibility::Public => "workspace",
            Visibility::Private => "user",
        };
        let pairs = [
            ("zenml_secret_name", name.to_string()),
            ("zenml_secret_scope", scope.to_owned()),
            ("zenml_secret_workspace", project.to_string()),
            ("zenml_secret_user", owner.to_string()),
            ("zenml_secret_created", python_time(*created)),
            ("zenml_secret_updated", python_time(*updated)),
        ];
        Ok(pairs.into_iter().map(|(tag, value)| (tag.to_owned(), value)).collect())
    }
}

impl fmt::Display for StoreForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StoreForm {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "0.44" => Ok(Self::V0_44),
            "0.98" => Ok(Self::V0_98),
            _ => Err(Error::invalid(format!("`{text}` is no form of ZenML's items"))
                .with_hint("forms: 0.44 (names and owners in tags), 0.98")),
        }
    }
}
