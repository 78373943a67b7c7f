//! Values in the database itself, sealed.

use super::{Latest, Receipt, ValueStore};
use crate::keys::KeySource;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::central::SecretId;
use strongroom_core::seal;
use strongroom_core::{Description, Error, Result, Values, parse_values, write_values};
use uuid::Uuid;

/// Sealed records in the rows of revisions, bound to store, secret and revision.
#[derive(Debug)]
pub struct SealedRows {
    keys: KeySource,
    store: String,
}

impl SealedRows {
    /// Seals with the key in force, for the store of that id.
    pub fn new(keys: KeySource, store: Uuid) -> Self {
        Self { keys, store: store.to_string() }
    }
}

#[async_trait]
impl ValueStore for SealedRows {
    fn check(&self, _: &Description, _: &Values) -> Result<()> {
        Ok(())
    }

    async fn store(&self, secret: &Description, revision: u32, _: Uuid, values: &Values) -> Result<Receipt> {
        let text = write_values(values, &[]);
        let context = [&*self.store, &secret.id.to_string(), &revision.to_string()];
        seal::seal(&*self.keys.sealing()?, &context, text.expose_secret().as_bytes()).map(Receipt)
    }

    async fn fetch(&self, id: SecretId, revision: u32, receipt: &Receipt) -> Result<Option<Values>> {
        let context = [&*self.store, &id.to_string(), &revision.to_string()];
        let text = self.keys.open(&context, &receipt.0)?;
        let text = std::str::from_utf8(&text).map_err(|_| Error::corrupt("the values are no text"))?;
        parse_values("the values", &SecretString::from(text)).map(Some)
    }

    async fn latest(&self, _: SecretId) -> Result<Option<Latest>> {
        Ok(None)
    }

    async fn remove(&self, _: SecretId) -> Result<bool> {
        Ok(true)
    }

    fn tells_names(&self) -> bool {
        false
    }

    fn is_external(&self) -> bool {
        false
    }

    fn stand_for(&self, _: Uuid) {}

    fn kind(&self) -> &'static str {
        "sql"
    }
}
