//! The central store, open: its database, where its values are, and who it is.

use crate::access::Caller;
use crate::audit::Action;
use crate::database::{Change, Database, DatabaseUrl, Dialect, Work, now};
use crate::intent::Holder;
use crate::values::{SealedRows, ValueStore};
use async_trait::async_trait;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use strongroom_core::central::SecretId;
use strongroom_core::seal::Key;
use strongroom_core::{Error, Result};
use uuid::Uuid;

/// The project that is always there.
pub(crate) const DEFAULT_PROJECT: &str = "default";

/// How to open a central store.
#[derive(Debug)]
pub struct EngineOptions {
    /// Where the catalogue is.
    pub database: DatabaseUrl,
    /// The key that seals.
    pub key: Arc<Key>,
    /// How many revisions of a secret are kept.
    pub kept_revisions: u32,
}

impl EngineOptions {
    /// Values sealed in the database, ten revisions of each.
    pub fn new(database: DatabaseUrl, key: Arc<Key>) -> Self {
        Self { database, key, kept_revisions: 10 }
    }
}

/// The service in-process. What callers may do with it is [`Acting`]'s.
#[derive(Debug)]
pub struct Engine {
    pub(crate) database: Database,
    pub(crate) values: Arc<dyn ValueStore>,
    pub(crate) server_id: Uuid,
    pub(crate) default_project: Uuid,
    pub(crate) kept_revisions: u32,
    #[allow(dead_code)] // sign-in comes next
    pub(crate) key: Arc<Key>,
    /// This process, in the intents it writes down.
    pub(crate) holder: Holder,
    /// The secrets that this process is changing outside the database.
    pub(crate) under_way: Mutex<HashSet<SecretId>>,
}

/// The engine on behalf of one caller: implements [`strongroom_core::central::Secrets`] and
/// [`strongroom_core::central::Accounts`].
#[derive(Debug, Clone)]
pub struct Acting {
    pub(crate) engine: Arc<Engine>,
    pub(crate) caller: Caller,
}

impl Engine {
    /// Opens the store; makes it on first use.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Unavailable`] when the database does not answer, [`strongroom_core::Kind::Unsupported`] when a newer
    /// release wrote it, [`strongroom_core::Kind::Corrupt`] when it is none of ours.
    pub async fn open(options: EngineOptions) -> Result<Arc<Self>> {
        let database = Database::open(&options.database).await?;
        let (server_id, default_project) = match known(&database).await? {
            Some(known) => known,
            None => database.change(Begin).await?,
        };
        let values = Arc::new(SealedRows::new(Arc::clone(&options.key), server_id));
        let EngineOptions { key, kept_revisions, .. } = options;
        let (holder, under_way) = (Holder::this(), Mutex::default());
        Ok(Arc::new(Self { database, values, server_id, default_project, kept_revisions, key, holder, under_way }))
    }

    /// The engine on behalf of `caller`.
    pub fn acting(self: &Arc<Self>, caller: Caller) -> Acting {
        Acting { engine: Arc::clone(self), caller }
    }

    /// Tells this store from all others; all replicas have the same.
    pub fn server_id(&self) -> Uuid {
        self.server_id
    }

    /// Which database keeps the catalogue.
    pub fn database_kind(&self) -> Dialect {
        self.database.dialect()
    }

    /// Where values are kept: `sql`, `azure`, ….
    pub fn store_kind(&self) -> &str {
        self.values.kind()
    }

    /// Writes one record of the audit trail, on disk when this returns.
    pub(crate) async fn record(&self, caller: &Caller, event: Record) -> Result<()> {
        self.database.change(Recording { caller: caller.clone(), event }).await
    }
}

/// What a record of its own says.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) action: Action,
    pub(crate) target_id: Option<Uuid>,
    pub(crate) target: String,
    pub(crate) revision: Option<u32>,
    pub(crate) outcome: &'static str,
}

struct Recording {
    caller: Caller,
    event: Record,
}

#[async_trait]
impl Work for Recording {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Record { action, target_id, target, revision, outcome } = &self.event;
        let (action, target_id, revision, outcome) = (*action, *target_id, *revision, *outcome);
        change.record(&self.caller, &crate::audit::Event { action, target_id, target, revision, outcome }).await
    }
}

async fn known(database: &Database) -> Result<Option<(Uuid, Uuid)>> {
    let mut reader = database.read().await?;
    let Some(mut row) = reader.row("SELECT content FROM setting WHERE name = 'server'", &[]).await? else {
        return Ok(None);
    };
    let server = Uuid::from_slice(&row.blob()?).map_err(|_| Error::corrupt("the id of the store is damaged"))?;
    let row = reader.row("SELECT id FROM project WHERE name = ?", &[DEFAULT_PROJECT.into()]).await?;
    Ok(Some((server, row.ok_or_else(|| Error::corrupt("the default project is missing"))?.id()?)))
}

/// What a new store has in it.
struct Begin;

#[async_trait]
impl Work for Begin {
    type Done = (Uuid, Uuid);

    async fn run(&mut self, change: &mut Change) -> Result<Self::Done> {
        let (server, project, now) = (Uuid::new_v4(), Uuid::new_v4(), now());
        let connection = &mut change.connection;
        if let Some(mut row) = connection.row("SELECT content FROM setting WHERE name = 'server'", &[]).await? {
            // another process was quicker
            let server =
                Uuid::from_slice(&row.blob()?).map_err(|_| Error::corrupt("the id of the store is damaged"))?;
            let row = connection.row("SELECT id FROM project WHERE name = ?", &[DEFAULT_PROJECT.into()]).await?;
            return Ok((server, row.ok_or_else(|| Error::corrupt("the default project is missing"))?.id()?));
        }
        let id: &[u8] = server.as_bytes();
        connection.execute("INSERT INTO setting (name, content) VALUES ('server', ?)", &[id.into()]).await?;
        connection
            .execute(
                "INSERT INTO project (id, name, display_name, description, created, updated) VALUES (?, ?, ?, '', ?, ?)",
                &[project.into(), DEFAULT_PROJECT.into(), DEFAULT_PROJECT.into(), now.into(), now.into()],
            )
            .await?;
        Ok((server, project))
    }
}
