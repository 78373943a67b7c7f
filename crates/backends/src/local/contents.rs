//! What is in a secrets file, in either form.

use super::plain::Plain;
use super::sealed::Sealed;
use secrecy::SecretString;
use strongroom_core::{Result, Revision};
use zeroize::Zeroizing;

/// The items of a file.
#[derive(Debug)]
pub(super) enum Contents {
    /// ZenML's form.
    Plain(Plain),
    /// Ours.
    Sealed(Sealed),
}

impl Contents {
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Plain(plain) => plain.names().collect(),
            Self::Sealed(sealed) => sealed.names().collect(),
        }
    }

    pub(super) fn get(&self, name: &str) -> Result<Option<SecretString>> {
        match self {
            Self::Plain(plain) => plain.get(name),
            Self::Sealed(sealed) => Ok(sealed.get(name)),
        }
    }

    /// Changes whenever the item does; the same item in the same file may get another one in another process.
    pub(super) fn revision(&self, name: &str) -> Option<Revision> {
        match self {
            Self::Plain(plain) => plain.fingerprint(name),
            Self::Sealed(sealed) => sealed.fingerprint(name),
        }
        .map(Revision)
    }

    pub(super) fn set(&mut self, name: &str, value: &SecretString) -> Result<()> {
        match self {
            Self::Plain(plain) => plain.set(name, value),
            Self::Sealed(sealed) => {
                sealed.set(name, value);
                Ok(())
            }
        }
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        match self {
            Self::Plain(plain) => plain.remove(name),
            Self::Sealed(sealed) => sealed.remove(name),
        }
    }

    /// The file's bytes.
    pub(super) fn write(&self) -> Result<Zeroizing<Vec<u8>>> {
        match self {
            Self::Plain(plain) => Ok(plain.write()),
            Self::Sealed(sealed) => sealed.write(),
        }
    }
}
