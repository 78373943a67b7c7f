//! The three ways to show data.

use clap::ValueEnum;
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;
use strongroom_core::Error;

/// How data is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutputFormat {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
}

impl fmt::Display for OutputFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Yaml => "yaml",
        })
    }
}

impl FromStr for OutputFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        [Self::Table, Self::Json, Self::Yaml].into_iter().find(|format| format.to_string() == text).ok_or_else(|| {
            Error::invalid(format!("`{text}` is not an output format")).with_hint("formats: table, json, yaml")
        })
    }
}
