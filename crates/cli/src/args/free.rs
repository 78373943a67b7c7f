//! The free-form `--key=value` pairs of a command line.

use std::fmt;
use zeroize::Zeroizing;

/// One `--key=value`, as typed. The value may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// A proper identifier.
    pub(crate) key: String,
    /// What stood after the first `=`, not yet expanded.
    pub(crate) value: Zeroizing<String>,
}

/// All of them, in the order they stood.
pub(crate) type FreeForm = Vec<Pair>;

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=***", self.key)
    }
}
