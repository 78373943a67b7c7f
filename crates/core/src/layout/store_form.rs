//! What the items of a central store tell beside the values: one form for each generation of ZenML.

use crate::central::{CentralSecret, SecretId, Visibility};
use crate::{Error, NameRule, Result, Rules, SecretName, Tags, python_time};
use std::fmt;
use std::str::FromStr;
use time::format_description::FormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

/// The longest name that ZenML 0.44 puts into a tag.
const LONGEST_NAME: usize = 256;

const NAME: &str = "zenml_secret_name";
const SCOPE: &str = "zenml_secret_scope";
const WORKSPACE: &str = "zenml_secret_workspace";
const USER: &str = "zenml_secret_user";
const CREATED: &str = "zenml_secret_created";
const UPDATED: &str = "zenml_secret_updated";
/// What Python writes.
const NAIVE: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]");

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

impl Description {
    /// What the tags of an item of 0.44 tell of the secret `id`.
    ///
    /// # Errors
    /// [`crate::Kind::Corrupt`] naming the tag that is missing or damaged; of an item of 0.98 that is the name.
    pub fn told_by(id: SecretId, tags: &Tags) -> Result<Self> {
        let damaged = |tag: &str| Error::corrupt(format!("its tag `{tag}` is missing or damaged"));
        let text = |tag: &str| tags.get(tag).ok_or_else(|| damaged(tag));
        let uuid = |tag| text(tag)?.parse::<Uuid>().map_err(|_| damaged(tag));
        let time = |tag| {
            let time = PrimitiveDateTime::parse(text(tag)?, NAIVE).map_err(|_| damaged(tag))?;
            Ok::<_, Error>(time.assume_utc())
        };
        Ok(Self {
            id,
            name: text(NAME)?.parse().map_err(|_| damaged(NAME))?,
            visibility: match &**text(SCOPE)? {
                "workspace" => Visibility::Public,
                "user" => Visibility::Private,
                _ => return Err(damaged(SCOPE)),
            },
            owner: uuid(USER)?,
            project: uuid(WORKSPACE)?,
            created: time(CREATED)?,
            updated: time(UPDATED)?,
        })
    }
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

    /// Gives `tags` the user and the workspace of the item that was there: 0.44 changes neither, and knows them by the ids that
    /// it gave them.
    pub(super) fn keep_owner(self, tags: &mut Tags, before: &Tags) {
        for tag in [WORKSPACE, USER] {
            if let (Some(kept), Some(value)) = (before.get(tag), tags.get_mut(tag)) {
                kept.clone_into(value);
            }
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
            (NAME, name.to_string()),
            (SCOPE, scope.to_owned()),
            (WORKSPACE, project.to_string()),
            (USER, owner.to_string()),
            (CREATED, python_time(*created)),
            (UPDATED, python_time(*updated)),
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
