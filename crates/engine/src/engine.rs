//! The central store, open: its database, where its values are, and who it is.

use crate::access::Caller;
use crate::accounts::Passwords;
use crate::audit::Action;
use crate::database::{Change, Connection, Database, DatabaseUrl, Dialect, Work, now};
use crate::intent::Holder;
use crate::keys::KeySource;
use crate::memory::Memory;
use crate::sign_in::{Failures, Signer};
use crate::values::{Place, StandIn, ValueStore, ValuesAt};
use async_trait::async_trait;
use aws_lc_rs::hmac;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use strongroom_core::central::SecretId;
use strongroom_core::seal;
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;
use zeroize::Zeroizing;

/// The project that is always there.
pub(crate) const DEFAULT_PROJECT: &str = "default";

/// How to open a central store.
#[derive(Debug)]
pub struct EngineOptions {
    /// Where the catalogue is.
    pub database: DatabaseUrl,
    /// The keys that seal.
    pub keys: KeySource,
    /// Where values go.
    pub values: ValuesAt,
    /// How many revisions of a secret are kept.
    pub kept_revisions: u32,
}

impl EngineOptions {
    /// Values sealed in the database, ten revisions of each.
    pub fn new(database: DatabaseUrl, keys: impl Into<KeySource>) -> Self {
        Self { database, keys: keys.into(), values: ValuesAt::Rows, kept_revisions: 10 }
    }
}

/// The service in-process. What callers may do with it is [`Acting`]'s.
#[derive(Debug)]
pub struct Engine {
    pub(crate) database: Database,
    pub(crate) values: Arc<dyn ValueStore>,
    pub(crate) place: Arc<Place>,
    pub(crate) stand_in: StandIn,
    pub(crate) keys: KeySource,
    pub(crate) server_id: Uuid,
    pub(crate) default_project: Uuid,
    pub(crate) kept_revisions: u32,
    /// Signs tokens.
    pub(crate) signer: Signer,
    digests: hmac::Key,
    /// Failed sign-ins.
    pub(crate) failures: Failures,
    /// Where passwords wait to be hashed.
    pub(crate) passwords: Passwords,
    /// What was read lately.
    pub(crate) memory: Memory,
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
    /// What the request calls itself, for when it is sent again.
    pub(crate) request_key: Option<Arc<[u8]>>,
}

impl Acting {
    /// The engine, for what needs no caller.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }
}

impl Engine {
    /// Opens the store; makes it on first use.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when the database does not answer, [`Kind::Unsupported`] when a newer release wrote it,
    /// [`Kind::Corrupt`] when it is none of ours, [`Kind::Conflict`] when its values are kept elsewhere.
    pub async fn open(options: EngineOptions) -> Result<Arc<Self>> {
        let database = Database::open(&options.database).await?;
        let known = known(&mut *database.read().await?).await?;
        let known = match known {
            Some(known) => known,
            None => database.change(Begin { keys: options.keys.clone() }).await?,
        };
        let Known { server_id, default_project, signing } = known;
        let EngineOptions { keys, values, kept_revisions, .. } = options;
        keys.seals_with(&seal::key_id(&signing)?);
        let signing = keys.open(&SIGNING, &signing).map_err(|error| {
            error.within("the key does not open the store").with_hint("name the key file that the store was made with")
        })?;
        let signer = Signer::new(server_id, &signing);
        let digests = hmac::Key::new(hmac::HMAC_SHA256, &signing);
        let place = Arc::new(Place::new(&values));
        place.check(&mut *database.read().await?).await?;
        let values = values.open(&keys, server_id);
        let (holder, under_way) = (Holder::this(), Mutex::default());
        let (failures, memory) = (Failures::default(), Memory::default());
        let engine = Arc::new(Self {
            database,
            values,
            place,
            stand_in: StandIn::default(),
            keys,
            server_id,
            default_project,
            kept_revisions,
            signer,
            digests,
            failures,
            passwords: Passwords::default(),
            memory,
            holder,
            under_way,
        });
        engine.learn_stand_in().await?;
        Ok(engine)
    }

    /// The engine on behalf of `caller`.
    pub fn acting(self: &Arc<Self>, caller: Caller) -> Acting {
        Acting { engine: Arc::clone(self), caller, request_key: None }
    }

    /// Tells this store from all others; all replicas have the same.
    pub fn server_id(&self) -> Uuid {
        self.server_id
    }

    /// The id of the stack that every client finds: the same for ever.
    pub fn default_stack(&self) -> Uuid {
        Uuid::new_v8(self.digest("stack", b"default")[..16].try_into().expect("a digest is longer"))
    }

    /// The id of the secret that a request with this idempotency key of that account makes.
    pub fn request_secret(&self, account: Uuid, key: &[u8]) -> Uuid {
        let text = [account.as_bytes(), key].concat();
        Uuid::new_v8(self.digest("request", &text)[..16].try_into().expect("a digest is longer"))
    }

    /// The id of the change that a request with this idempotency key of that account makes to a secret.
    pub fn request_change(&self, account: Uuid, secret: SecretId, key: &[u8]) -> Uuid {
        let text = [account.as_bytes(), secret.as_bytes(), key].concat();
        Uuid::new_v8(self.digest("change", &text)[..16].try_into().expect("a digest is longer"))
    }

    /// Returns when the database answers.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when it does not, or when its file was taken away.
    pub async fn is_ready(&self) -> Result<()> {
        self.database.is_there()?;
        self.database.read().await?.row("SELECT seq FROM audit_head WHERE id = 1", &[]).await.map(|_| ())
    }

    /// Which database keeps the catalogue.
    pub fn database_kind(&self) -> Dialect {
        self.database.dialect()
    }

    /// The keyed hash of something random that is to be recognised; `use_of` tells what it is for.
    pub(crate) fn digest(&self, use_of: &str, text: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.digests);
        context.update(b"strongroom/digest/1");
        context.update(&(use_of.len() as u64).to_be_bytes());
        context.update(use_of.as_bytes());
        context.update(text);
        context.sign().as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
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
    const QUIET: bool = true;

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let Record { action, target_id, target, revision, outcome } = &self.event;
        let (action, target_id, revision, outcome) = (*action, *target_id, *revision, *outcome);
        change.record(&self.caller, &crate::audit::Event { action, target_id, target, revision, outcome }).await
    }
}

/// What a store knows of itself.
struct Known {
    server_id: Uuid,
    default_project: Uuid,
    /// The secret that signs tokens, sealed.
    signing: Vec<u8>,
}

/// The place that the signing secret is sealed for.
pub(crate) const SIGNING: [&str; 2] = ["strongroom/setting", "signing"];

async fn known(connection: &mut Connection) -> Result<Option<Known>> {
    let Some(mut row) = connection.row("SELECT content FROM setting WHERE name = 'server'", &[]).await? else {
        return Ok(None);
    };
    let damaged = || Error::corrupt("the store does not know itself");
    let server_id = Uuid::from_slice(&row.blob()?).map_err(|_| damaged())?;
    let row = connection.row("SELECT id FROM project WHERE name = ?", &[DEFAULT_PROJECT.into()]).await?;
    let default_project = row.ok_or_else(damaged)?.id()?;
    let row = connection.row("SELECT content FROM setting WHERE name = 'signing'", &[]).await?;
    let signing = row.ok_or_else(damaged)?.blob()?;
    Ok(Some(Known { server_id, default_project, signing }))
}

/// What a new store has in it.
struct Begin {
    keys: KeySource,
}

#[async_trait]
impl Work for Begin {
    type Done = Known;

    async fn run(&mut self, change: &mut Change) -> Result<Known> {
        let connection = &mut change.connection;
        if let Some(known) = known(connection).await? {
            return Ok(known); // another process was quicker
        }
        let (server_id, default_project, now) = (Uuid::new_v4(), Uuid::new_v4(), now());
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *secret)
            .map_err(|error| Error::new(Kind::Unavailable, "no random bytes").with_source(error.to_string()))?;
        let signing = seal::seal(self.keys.keys().newest(), &SIGNING, &*secret)?;
        let id: &[u8] = server_id.as_bytes();
        let sql = "INSERT INTO setting (name, content) VALUES (?, ?)";
        connection.execute(sql, &["server".into(), id.into()]).await?;
        connection.execute(sql, &["signing".into(), signing.as_slice().into()]).await?;
        connection
            .execute(
                "INSERT INTO project (id, name, display_name, description, created, updated) VALUES (?, ?, ?, '', ?, ?)",
                &[default_project.into(), DEFAULT_PROJECT.into(), DEFAULT_PROJECT.into(), now.into(), now.into()],
            )
            .await?;
        Ok(Known { server_id, default_project, signing })
    }
}
