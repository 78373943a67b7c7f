//! Values in a service, one item per secret, in ZenML's form.
//!
//! A receipt is the service's own version, and a version never changes; so what was read or written lately is remembered by
//! it, and of many who want one version at once, one asks the service.

use super::{Latest, Receipt, ValueStore};
use async_trait::async_trait;
use moka::future::Cache;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use strongroom_core::central::SecretId;
use strongroom_core::{
    Backend, DeleteMode, Description, Error, Item, Kind, PutMode, Result, Revision, StoreForm, StoreLayout, Values,
};
use uuid::Uuid;

/// Values are in memory this long at most: as long as what is deleted in the service itself may still be read.
const LIFE: Duration = Duration::from_secs(60);
/// All that is remembered is this many bytes at most.
const SIZE: u64 = 8 << 20;

/// Any back-end as the place of values. Calls: store 1, fetch 1 or none, remove 2.
#[derive(Debug)]
pub struct BackendStore {
    kind: &'static str,
    backend: Arc<dyn Backend>,
    layout: StoreLayout,
    /// The server of ZenML whose items were taken over, if any were.
    stands_for: OnceLock<Uuid>,
    memory: Cache<(SecretId, Vec<u8>), Arc<Values>>,
}

/// Why there are no values; told to all who asked at once.
enum Miss {
    Absent,
    Failed(Error),
}

impl BackendStore {
    /// The values of the store `server`, in a service that configuration calls `kind`, written in that form.
    pub fn new(kind: &'static str, backend: Arc<dyn Backend>, server: Uuid, form: StoreForm) -> Self {
        let layout = StoreLayout::new(backend.rules(), server, form);
        let weight = |_: &(SecretId, Vec<u8>), values: &Arc<Values>| {
            let bytes: usize = values.iter().map(|(key, value)| key.len() + value.expose().len() + 64).sum();
            u32::try_from(bytes + 256).unwrap_or(u32::MAX)
        };
        let memory = Cache::builder().max_capacity(SIZE).weigher(weight).time_to_live(LIFE).build();
        Self { kind, backend, layout, stands_for: OnceLock::new(), memory }
    }

    fn layout(&self) -> StoreLayout {
        match self.stands_for.get() {
            None => self.layout,
            Some(server) => self.layout.standing_for(*server),
        }
    }

    async fn read(&self, id: SecretId, receipt: &Receipt) -> Result<Arc<Values>, Miss> {
        let version = std::str::from_utf8(&receipt.0)
            .map_err(|_| Miss::Failed(Error::corrupt("the version of the values is damaged")))?;
        let revision = Revision(version.to_owned());
        // a store that ZenML began has no versions on record: the latest is meant
        let at = (!version.is_empty()).then_some(&revision);
        let item =
            self.backend.get(&self.layout().item_name(id), at).await.map_err(|error| Miss::Failed(ours(error)))?;
        let item = item.ok_or(Miss::Absent)?;
        self.layout().decode(id, &item).map(Arc::new).map_err(|error| Miss::Failed(ours(error)))
    }

    /// The item of a secret, if it is there and this store's.
    async fn owned(&self, id: SecretId) -> Result<Option<Item>> {
        let item = self.backend.get(&self.layout().item_name(id), None).await?;
        Ok(item.filter(|item| self.layout().verify(id, &item.tags).is_ok()))
    }
}

/// A refusal of the service is about the server, not about who asks the server.
fn ours(error: Error) -> Error {
    let (kind, message) = match error.kind() {
        Kind::Unauthenticated => (Kind::Unavailable, "the server cannot sign in to the place of the values"),
        Kind::Forbidden if error.is_of_item() => (Kind::Corrupt, "the values are disabled in the place where they are"),
        Kind::Forbidden => (Kind::Unavailable, "the server is not allowed to use the place of the values"),
        Kind::Conflict | Kind::AlreadyExists => (Kind::Corrupt, "the place of the values is somebody else's"),
        _ => return error,
    };
    let hint = error.hint().map(str::to_owned);
    let outer = Error::new(kind, message).with_source(error);
    match hint {
        Some(hint) => outer.with_hint(hint),
        None => outer,
    }
}

#[async_trait]
impl ValueStore for BackendStore {
    fn check(&self, secret: &Description, values: &Values) -> Result<()> {
        self.layout().encode(secret, values, Uuid::nil()).map(drop)
    }

    async fn store(&self, secret: &Description, _: u32, write: Uuid, values: &Values) -> Result<Receipt> {
        let layout = self.layout();
        let mut item = layout.encode(secret, values, write)?;
        if self.stands_for.get().is_some() && self.tells_names() {
            // tags of 0.44 name user and workspace, and ZenML has other ids for some than the catalogue
            if let Some(before) = self.owned(secret.id).await.map_err(ours)? {
                layout.keep_owner(&mut item, &before);
            }
        }
        let Revision(version) = self.backend.put(&item, PutMode::Upsert).await.map_err(ours)?;
        let receipt = version.into_bytes();
        self.memory.insert((secret.id, receipt.clone()), Arc::new(values.clone())).await;
        Ok(Receipt(receipt))
    }

    async fn fetch(&self, id: SecretId, _: u32, receipt: &Receipt) -> Result<Option<Values>> {
        let found = if receipt.0.is_empty() {
            self.read(id, receipt).await.map_err(Arc::new)
        } else {
            self.memory.try_get_with((id, receipt.0.clone()), self.read(id, receipt)).await
        };
        match found {
            Ok(values) => Ok(Some((*values).clone())),
            Err(miss) => match &*miss {
                Miss::Absent => Ok(None),
                Miss::Failed(error) => Err(error.copy()),
            },
        }
    }

    async fn latest(&self, id: SecretId) -> Result<Option<Latest>> {
        let item = self.owned(id).await.map_err(ours)?.filter(|item| !item.is_revived);
        let Some(item) = item else { return Ok(None) };
        let write = self.layout.write_of(&item.tags);
        let Revision(version) = item.revision.unwrap_or(Revision(String::new()));
        Ok(Some(Latest { receipt: Receipt(version.into_bytes()), write }))
    }

    async fn remove(&self, id: SecretId) -> Result<bool> {
        // what is another store's stays; what may not be looked at, such as a disabled item, is ours by the catalogue
        match self.owned(id).await {
            Ok(None) => return Ok(false),
            Ok(Some(_)) => {}
            Err(error) if error.kind() == Kind::Forbidden => {}
            Err(error) => return Err(ours(error)),
        }
        self.backend.delete(&self.layout().item_name(id), DeleteMode::Unawaited).await.map_err(ours)
    }

    fn tells_names(&self) -> bool {
        self.layout.form().tells_names()
    }

    fn is_external(&self) -> bool {
        true
    }

    fn stand_for(&self, server: Uuid) {
        // the database has one for ever
        let _ = self.stands_for.set(server);
    }

    fn kind(&self) -> &str {
        self.kind
    }
}
