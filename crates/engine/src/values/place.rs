//! Which place a store keeps its values in: chosen before the first secret, and the same ever after.

use super::{BackendStore, Nowhere, SealedRows, ValueStore};
use crate::database::{Change, Connection};
use crate::keys::KeySource;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use strongroom_core::{Backend, Error, Kind, Result, StoreForm};
use uuid::Uuid;

/// The setting that names the place, from the first secret on.
const SETTING: &str = "values";
/// The word of sealed rows; stores of the first release have those and no setting.
const ROWS: &str = "sql";

/// Where values shall go.
#[derive(Debug, Clone)]
pub enum ValuesAt {
    /// Into the database, sealed.
    Rows,
    /// To a service.
    Service {
        /// The word for it in configuration, such as `azure`.
        kind: &'static str,
        /// What the service is called, whatever its address: the name of a vault.
        name: String,
        /// The service, open.
        backend: Arc<dyn Backend>,
        /// For which generation of ZenML it is written there. Both are read, and it may change from start to start.
        form: StoreForm,
    },
    /// Nowhere: no secret can be made or read.
    Nowhere,
}

impl ValuesAt {
    /// The place, open for the store `server`.
    pub(crate) fn open(self, keys: &KeySource, server: Uuid) -> Arc<dyn ValueStore> {
        match self {
            Self::Rows => Arc::new(SealedRows::new(keys.clone(), server)),
            Self::Service { kind, name: _, backend, form } => Arc::new(BackendStore::new(kind, backend, server, form)),
            Self::Nowhere => Arc::new(Nowhere),
        }
    }

    fn words(&self) -> Option<String> {
        match self {
            Self::Rows => Some(ROWS.to_owned()),
            Self::Service { kind, name, .. } => Some(format!("{kind} {name}")),
            Self::Nowhere => None,
        }
    }
}

/// The place that was asked for, and whether the database has it on record.
#[derive(Debug)]
pub(crate) struct Place {
    /// Such as `azure my-vault`; `None` keeps nothing, wherever values are.
    words: Option<String>,
    is_fixed: AtomicBool,
}

impl Place {
    pub(crate) fn new(values: &ValuesAt) -> Self {
        Self { words: values.words(), is_fixed: AtomicBool::new(false) }
    }

    /// Refuses a store whose values are elsewhere.
    ///
    /// # Errors
    /// [`Kind::Conflict`] naming both places.
    pub(crate) async fn check(&self, connection: &mut Connection) -> Result<()> {
        let Some(words) = &self.words else { return Ok(()) };
        let Some(known) = known(connection).await? else { return Ok(()) };
        if known == *words { Ok(()) } else { Err(elsewhere(&known, words)) }
    }

    /// Puts the place on record, in the transaction that first needs it.
    ///
    /// # Errors
    /// As [`Self::check`]: another process was quicker, and uses another place.
    pub(crate) async fn fix(&self, change: &mut Change) -> Result<()> {
        let Some(words) = &self.words else { return Err(Nowhere::refusal()) };
        if self.is_fixed.load(Ordering::Relaxed) {
            return Ok(());
        }
        match known(&mut change.connection).await? {
            Some(known) if known == *words => {
                // not before it was read: the transaction that writes it may yet fail
                self.is_fixed.store(true, Ordering::Relaxed);
                Ok(())
            }
            Some(known) => Err(elsewhere(&known, words)),
            None => {
                let sql = "INSERT INTO setting (name, content) VALUES (?, ?)";
                change.connection.execute(sql, &[SETTING.into(), words.as_bytes().into()]).await.map(|_| ())
            }
        }
    }
}

/// Whether the rows of revisions hold versions that a vault gave, not values.
pub(crate) async fn is_elsewhere(connection: &mut Connection) -> Result<bool> {
    Ok(known(connection).await?.is_some_and(|known| known != ROWS))
}

async fn known(connection: &mut Connection) -> Result<Option<String>> {
    let row = connection.row("SELECT content FROM setting WHERE name = ?", &[SETTING.into()]).await?;
    match row {
        Some(mut row) => String::from_utf8(row.blob()?)
            .map(Some)
            .map_err(|_| Error::corrupt("the store does not say where its values are")),
        None => {
            let any = connection.row("SELECT id FROM secret LIMIT 1", &[]).await?;
            Ok(any.map(|_| ROWS.to_owned()))
        }
    }
}

fn elsewhere(known: &str, asked: &str) -> Error {
    let shown = |words: &str| match words.split_once(' ') {
        Some((kind, name)) => format!("in `{kind}` (`{name}`)"),
        None => format!("in `{words}`"),
    };
    let hint = match known.split_once(' ') {
        Some((kind, name)) => format!("--secrets-store {kind} with `{name}`, in an option or the configuration"),
        None => format!("--secrets-store {known}, and no other in the environment or the configuration"),
    };
    Error::new(Kind::Conflict, format!("the values of this store are kept {}, not {}", shown(known), shown(asked)))
        .with_hint(hint)
}
