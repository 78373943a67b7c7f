//! Where the values of the central store are kept.

mod backend;
mod nowhere;
mod place;
mod sealed;
mod stand_in;

pub use backend::BackendStore;
pub(crate) use nowhere::Nowhere;
pub use place::ValuesAt;
pub(crate) use place::{Place, is_elsewhere};
pub use sealed::SealedRows;
pub(crate) use stand_in::StandIn;

use async_trait::async_trait;
use std::fmt::Debug;
use strongroom_core::central::SecretId;
use strongroom_core::{Description, Result, Values};
use uuid::Uuid;

/// What the row of a revision keeps: the sealed values themselves, or the version that a vault gave.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt(pub Vec<u8>);

impl Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Receipt({} bytes)", self.0.len())
    }
}

/// What a place outside the database keeps now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// What finds it again.
    pub receipt: Receipt,
    /// Which write it was; `None` when it was none of ours.
    pub write: Option<Uuid>,
}

/// A place that keeps values by secret id. Who they belong to is the catalogue's.
#[async_trait]
pub trait ValueStore: Debug + Send + Sync {
    /// Whether the place would take a secret with these values; asks it nothing.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Invalid`] when they are too large for it, or it cannot tell the name.
    fn check(&self, secret: &Description, values: &Values) -> Result<()>;

    /// Keeps the values of a revision; what it returns finds them again. `write` tells this write from all others.
    async fn store(&self, secret: &Description, revision: u32, write: Uuid, values: &Values) -> Result<Receipt>;

    /// The values of a revision; `None` when they are gone.
    async fn fetch(&self, id: SecretId, revision: u32, receipt: &Receipt) -> Result<Option<Values>>;

    /// What is kept now, whatever the catalogue says; for finishing a write that was interrupted.
    async fn latest(&self, id: SecretId) -> Result<Option<Latest>>;

    /// Forgets a secret; `false` when nothing was kept.
    async fn remove(&self, id: SecretId) -> Result<bool>;

    /// Whether the place tells name and visibility, so that values are stored again when one of them changes.
    fn tells_names(&self) -> bool;

    /// Whether values are kept outside the database, so that no transaction spans both.
    fn is_external(&self) -> bool;

    /// From now on, items of that server of ZenML are this store's too, and what is written is that server's.
    fn stand_for(&self, server: Uuid);

    /// The word for it in configuration, such as `sql` or `azure`.
    fn kind(&self) -> &str;
}
