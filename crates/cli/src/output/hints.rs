//! Hints that are shown once per user, and can be switched off.

/// A hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Secrets managers are the older of ZenML's two ways.
    Deprecated,
    /// A literal secret stood on the command line.
    LiteralSecret,
}

impl Hint {
    /// The name of its marker file.
    pub(super) fn marker(self) -> &'static str {
        match self {
            Self::Deprecated => "secrets-managers-deprecated",
            Self::LiteralSecret => "literal-secret",
        }
    }

    /// What it says.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Deprecated => {
                "secrets managers are deprecated in ZenML in favour of centralized secrets; Strongroom goes on supporting them, and \
                 `strongroom secrets-manager secret migrate` moves their secrets there (shown once; STRONGROOM_NO_HINTS=1 switches hints \
                 off)"
            }
            Self::LiteralSecret => {
                "values on the command line show up in process lists and shell history; \
                 `--key=@file`, `--key=-` (stdin) and `--interactive` are safer"
            }
        }
    }
}
