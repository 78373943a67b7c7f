//! A store that is switched off: everything but secrets works.

use super::{Latest, Receipt, ValueStore};
use async_trait::async_trait;
use strongroom_core::central::SecretId;
use strongroom_core::{Description, Error, Kind, Result, Values};
use uuid::Uuid;

/// Keeps nothing and says so.
#[derive(Debug)]
pub(crate) struct Nowhere;

impl Nowhere {
    /// The word for it in configuration.
    pub(crate) const KIND: &'static str = "none";

    /// Why no secret can be had.
    pub(crate) fn refusal() -> Error {
        Error::new(
            Kind::Unsupported,
            "No secrets store is configured. Please configure a secrets store to create and manage ZenML secrets.",
        )
        .with_hint("the server was started with `--secrets-store none`")
    }
}

#[async_trait]
impl ValueStore for Nowhere {
    fn check(&self, _: &Description, _: &Values) -> Result<()> {
        Err(Self::refusal())
    }

    async fn store(&self, _: &Description, _: u32, _: Uuid, _: &Values) -> Result<Receipt> {
        Err(Self::refusal())
    }

    async fn fetch(&self, _: SecretId, _: u32, _: &Receipt) -> Result<Option<Values>> {
        Err(Self::refusal())
    }

    async fn latest(&self, _: SecretId) -> Result<Option<Latest>> {
        Err(Self::refusal())
    }

    async fn remove(&self, _: SecretId) -> Result<bool> {
        Err(Self::refusal())
    }

    fn tells_names(&self) -> bool {
        false
    }

    fn is_external(&self) -> bool {
        false
    }

    fn stand_for(&self, _: Uuid) {}

    fn kind(&self) -> &'static str {
        Self::KIND
    }
}
