//! What is done and to which vault, as messages and hints name it.

use std::fmt;
use strongroom_core::ItemName;

/// A vault in messages and in the commands that hints suggest.
#[derive(Debug)]
pub(super) struct Vault {
    /// Where it answers.
    pub(super) url: String,
    /// What `az` calls it.
    pub(super) name: String,
}

impl fmt::Display for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// What a call does, in words for messages, and the permission it needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doing<'a> {
    List,
    Read(&'a ItemName),
    Write(&'a ItemName),
    Delete(&'a ItemName),
    LookAtDeleted(&'a ItemName),
    Recover(&'a ItemName),
    Purge(&'a ItemName),
}

impl fmt::Display for Doing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List => f.write_str("list the secrets"),
            Self::Read(name) => write!(f, "read `{name}`"),
            Self::Write(name) => write!(f, "write `{name}`"),
            Self::Delete(name) => write!(f, "delete `{name}`"),
            Self::LookAtDeleted(name) => write!(f, "look at deleted `{name}`"),
            Self::Recover(name) => write!(f, "recover `{name}`"),
            Self::Purge(name) => write!(f, "purge deleted `{name}`"),
        }
    }
}

impl Doing<'_> {
    /// The least of Azure's roles that may do this.
    pub(super) fn role(self) -> &'static str {
        match self {
            Self::List | Self::Read(_) => "Key Vault Secrets User",
            Self::Write(_) | Self::Delete(_) | Self::LookAtDeleted(_) | Self::Recover(_) | Self::Purge(_) => {
                "Key Vault Secrets Officer"
            }
        }
    }

    /// What an access policy calls it.
    pub(super) fn permission(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read(_) | Self::LookAtDeleted(_) => "get",
            Self::Write(_) => "set",
            Self::Delete(_) => "delete",
            Self::Recover(_) => "recover",
            Self::Purge(_) => "purge",
        }
    }
}
