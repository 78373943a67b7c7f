//! Where the values of the central store are kept.

mod sealed;

pub use sealed::SealedRows;

use async_trait::async_trait;
use std::fmt::Debug;
use strongroom_core::central::SecretId;
use strongroom_core::{Result, Values};

/// What the row of a revision keeps: the sealed values themselves, or the version that a vault gave.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt(pub Vec<u8>);

impl Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Receipt({} bytes)", self.0.len())
    }
}

/// A place that keeps values by secret id. Who they belong to is the catalogue's.
#[async_trait]
pub trait ValueStore: Debug + Send + Sync {
    /// Keeps the values of a revision; what it returns finds them again.
    async fn store(&self, id: SecretId, revision: u32, values: &Values) -> Result<Receipt>;

    /// The values of a revision; `None` when they are gone.
    async fn fetch(&self, id: SecretId, revision: u32, receipt: &Receipt) -> Result<Option<Values>>;

    /// The receipt of what is kept now, whatever the catalogue says; for finishing a write that was interrupted.
    async fn latest(&self, id: SecretId) -> Result<Option<Receipt>>;

    /// Forgets a secret; `false` when nothing was kept.
    async fn remove(&self, id: SecretId) -> Result<bool>;

    /// Whether values are kept outside the database, so that no transaction spans both.
    fn is_external(&self) -> bool;

    /// The word for it in configuration, such as `sql` or `azure`.
    fn kind(&self) -> &str;
}
