//! Option values that may hold secrets.

use std::fmt;
use zeroize::Zeroizing;

/// A text that is never shown, and wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct Sealed(Zeroizing<String>);

impl Sealed {
    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Sealed {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
