//! What is fixed when an embedded Key Vault starts.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use strongroom_core::{Error, Result};

use crate::switches::Timing;

/// How an embedded Key Vault is to run. [`Options::default`] is one vault in memory on a free loopback port.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the first vault listens; port 0 takes a free one. Further vaults get free ports of the same address.
    pub listen: SocketAddr,
    /// The vaults to serve, at least one, each name once.
    pub vaults: Vec<VaultName>,
    /// Where secrets, keys and certificate authority are kept.
    pub storage: Storage,
    /// Further names in the certificate, such as `my-vault.vault.azure.net` for clients with a hosts file. With
    /// `login.microsoftonline.com` among them, the challenge of a vault dialled by its Azure name leads there.
    pub dns_names: Vec<String>,
    /// Days a deleted secret can be recovered, 7 to 90.
    pub recoverable_days: u16,
    /// Refuse purging, as a vault with purge protection does.
    pub purge_protection: bool,
    /// How long delete, recover and purge stay in progress; [`crate::Switches`] can change it later.
    pub timing: Timing,
    /// Empty pages with a next link to send after each page of a list, as the real service was recorded doing;
    /// [`crate::Switches`] can change it later.
    pub empty_pages: usize,
}

/// Where an embedded Key Vault keeps what it knows.
#[derive(Debug, Clone)]
pub enum Storage {
    /// Nowhere: everything, keys included, is gone after the stop. Only the CA certificate is written, to a
    /// temporary folder, as clients need it as a file.
    Memory,
    /// In this folder, created 0700 with files 0600. Values in the database are sealed with a key that lies beside
    /// it, so a copied database alone shows none. One server at a time.
    Directory(PathBuf),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            vaults: vec![VaultName::default()],
            storage: Storage::Memory,
            dns_names: Vec::new(),
            recoverable_days: 90,
            purge_protection: false,
            timing: Timing::default(),
            empty_pages: 0,
        }
    }
}

impl Options {
    /// Refuses what could not be served.
    pub(crate) fn check(&self) -> Result<()> {
        if self.vaults.is_empty() {
            return Err(Error::invalid("an embedded Key Vault needs at least one vault"));
        }
        if let Some(twice) = self.vaults.iter().enumerate().find(|(at, name)| self.vaults[..*at].contains(name)) {
            return Err(Error::invalid(format!("vault `{}` is named twice", twice.1)));
        }
        if !(7..=90).contains(&self.recoverable_days) {
            return Err(Error::invalid(format!("{} recoverable days are not within 7 to 90", self.recoverable_days)));
        }
        Ok(())
    }
}

/// The name of a vault: 3 to 24 letters, digits and hyphens, beginning with a letter, ending with a letter or digit,
/// without two hyphens in a row. Case makes no difference, as the name is part of a host name; it is kept in lower case.
///
/// Source: Microsoft's resource naming rules for `Microsoft.KeyVault/vaults`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaultName(String);

impl VaultName {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for VaultName {
    /// `strongroom`, the vault that is there when none is named.
    fn default() -> Self {
        Self("strongroom".into())
    }
}

impl fmt::Display for VaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for VaultName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let legal = (3..=24).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && !text.ends_with('-')
            && !text.contains("--");
        if legal {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(Error::invalid(format!("`{text}` is not a Key Vault name")).with_hint(
                "3 to 24 letters, digits and single hyphens, beginning with a letter, ending with a letter or digit",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn vault_names() {
        assert_eq!("My-Vault".parse::<VaultName>().unwrap().as_str(), "my-vault");
        for bad in ["", "ab", "a23456789012345678901234x", "1abc", "a--b", "ab-", "a_b", "a.b", "käse"] {
            assert!(bad.parse::<VaultName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn options_that_cannot_be_served() {
        let good = Options::default();
        assert!(good.check().is_ok());
        let name = VaultName::default();
        assert!(Options { vaults: vec![], ..good.clone() }.check().is_err());
        assert!(Options { vaults: vec![name.clone(), name], ..good.clone() }.check().is_err());
        for days in [0, 6, 91] {
            assert!(Options { recoverable_days: days, ..good.clone() }.check().is_err(), "{days}");
        }
    }
}
