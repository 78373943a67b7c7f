//! Which service keeps the values of a server.

use std::fmt;
use std::str::FromStr;
use strongroom_core::{Error, Kind, Result};

/// Where values go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreKind {
    /// Into the database, sealed.
    Sql,
    /// To a Key Vault.
    Azure,
    /// Nowhere.
    Disabled,
}

impl StoreKind {
    /// As typed.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Azure => "azure",
            Self::Disabled => "none",
        }
    }
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StoreKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.to_ascii_lowercase().as_str() {
            "sql" => Ok(Self::Sql),
            "azure" => Ok(Self::Azure),
            "none" => Ok(Self::Disabled),
            "aws" | "gcp" | "hashicorp" | "custom" => {
                Err(Error::new(Kind::Unsupported, format!("secrets store `{text}` is not built in yet"))
                    .with_hint("secrets stores: sql, azure, none"))
            }
            _ => {
                Err(Error::invalid(format!("`{text}` is no secrets store"))
                    .with_hint("secrets stores: sql, azure, none"))
            }
        }
    }
}
