//! What all listeners of one embedded Key Vault share.

use std::fs::File;
use std::sync::Arc;

use crate::authority::Tokens;
use crate::identity::Identity;
use crate::options::VaultName;
use crate::store::Store;
use crate::switches::Switches;

/// The state behind every route.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) identity: Identity,
    pub(crate) tokens: Tokens,
    pub(crate) vaults: Vec<Vault>,
    pub(crate) retention: Retention,
    pub(crate) switches: Arc<Switches>,
    /// `https://localhost:PORT` of the first listener.
    pub(crate) authority: String,
    /// Whether the certificate covers Azure's own authority, so that a challenge may lead there.
    pub(crate) serves_azure_authority: bool,
    /// Held as long as anything may still write to the folder.
    pub(crate) _lock: Option<File>,
}

/// One vault: its row in the database and its name.
pub(crate) struct Vault {
    pub(crate) row: i64,
    pub(crate) name: VaultName,
}

/// The state of one listener's routes: its own vault is the one that a host without a vault's name gets.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) app: Arc<App>,
    pub(crate) vault: usize,
    pub(crate) port: u16,
}

/// How long deleted secrets are kept, and whether they may be purged before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retention {
    pub(crate) days: u16,
    pub(crate) purge_protection: bool,
}

impl Retention {
    /// The recovery level that says the same (REST `DeletionRecoveryLevel`): `Purgeable` in it means that a purge can
    /// succeed, `Customized` that the days are not the default 90.
    pub(crate) fn level(self) -> &'static str {
        match (self.days, self.purge_protection) {
            (90, false) => "Recoverable+Purgeable",
            (90, true) => "Recoverable",
            (_, false) => "CustomizedRecoverable+Purgeable",
            (_, true) => "CustomizedRecoverable",
        }
    }
}
