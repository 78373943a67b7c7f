//! API keys of service accounts: `ZENKEY_` and base64 of `{"id", "key"}`, as ZenML 0.98 writes them.
//!
//! A key is 256 random bits, so that its keyed hash is all that is kept.

use super::rows;
use crate::access::Caller;
use crate::audit::{Action, Event};
use crate::database::{self, Connection, Row, Work, now};
use crate::engine::Acting;
use crate::once;
use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::SecretString;
use serde::Deserialize;
use strongroom_core::central::{AccountKind, ApiKey, ApiKeyChange, Named};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

/// What a key begins with.
const PREFIX: &str = "ZENKEY_";
const SELECT: &str = "SELECT k.id, k.name, k.description, k.active, a.id, a.name, k.retain_minutes, k.created, k.updated, \
     k.last_login, k.last_rotated FROM api_key k JOIN account a ON a.id = k.account_id WHERE k.account_id = ?";

/// The parts of a key's text.
#[derive(Deserialize)]
pub(crate) struct KeyText {
    pub(crate) id: Uuid,
    key: String,
}

impl KeyText {
    /// The parts of `text`; the prefix may be left out.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`], without any of the text.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let decoded = BASE64_STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map(Zeroizing::new);
        decoded
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| Error::new(Kind::Unauthenticated, "error decoding API key"))
    }

    /// What is hashed.
    pub(crate) fn secret(&self) -> &str {
        &self.key
    }
}

impl Drop for KeyText {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// The text of a key.
fn key_text(id: Uuid, secret: &str) -> SecretString {
    // as Python's json.dumps has it
    let json = Zeroizing::new(format!("{{\"id\": \"{id}\", \"key\": \"{secret}\"}}"));
    SecretString::from(format!("{PREFIX}{}", BASE64_STANDARD.encode(json.as_bytes())))
}

fn random_secret() -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)
        .map_err(|error| Error::new(Kind::Unavailable, "no random bytes").with_source(error.to_string()))?;
    Ok(Zeroizing::new(hex::encode(*bytes)))
}

fn api_key(row: &mut Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.id()?,
        name: row.text()?,
        description: row.text()?,
        active: row.flag()?,
        account: Named { id: row.id()?, name: row.text()? },
        retain_minutes: row.count()?,
        created: row.time()?,
        updated: row.time()?,
        last_login: row.optional_time()?,
        last_rotated: row.optional_time()?,
        key: None,
    })
}

/// All keys of an account.
pub(super) async fn of_account(connection: &mut Connection, account: Uuid) -> Result<Vec<ApiKey>> {
    service(connection, account).await?;
    connection.rows(SELECT, &[account.into()]).await?.iter_mut().map(api_key).collect()
}

async fn service(connection: &mut Connection, account: Uuid) -> Result<Named> {
    let found = rows::by_id(connection, account).await?.filter(|found| found.kind == AccountKind::Service);
    let found = found.ok_or_else(|| Error::not_found("service account", account))?;
    Ok(Named { id: found.id, name: found.name })
}

/// The key of that name or id.
pub(super) async fn named(connection: &mut Connection, account: Uuid, text: &str) -> Result<ApiKey> {
    let id = Uuid::parse_str(text).ok();
    let all = of_account(connection, account).await?;
    let found = all.iter().position(|key| key.name == text).or_else(|| all.iter().position(|key| Some(key.id) == id));
    let mut all = all;
    found.map(|at| all.swap_remove(at)).ok_or_else(|| Error::not_found("API key", text))
}

fn check_name(name: &str) -> Result<()> {
    match name.trim().is_empty() || name.chars().count() > 255 {
        false => Ok(()),
        true => Err(Error::invalid("the name of an API key has 1 to 255 characters")),
    }
}

pub(super) async fn create(acting: &Acting, account: Uuid, name: &str, description: &str) -> Result<ApiKey> {
    check_name(name)?;
    let (id, secret) = (Uuid::new_v4(), random_secret()?);
    let digest = acting.engine.digest("api-key", secret.as_bytes());
    let (name, description) = (name.to_owned(), description.to_owned());
    let request = acting.request(&format!("API key of {account}"));
    let work = Create { caller: acting.caller.clone(), account, id, name, description, digest, request };
    let mut key = acting.engine.database.change(work).await?;
    key.key = Some(key_text(id, &secret));
    Ok(key)
}

struct Create {
    caller: Caller,
    account: Uuid,
    id: Uuid,
    name: String,
    description: String,
    digest: [u8; 32],
    /// See [`Acting::request`].
    request: Option<Uuid>,
}

#[async_trait]
impl Work for Create {
    type Done = ApiKey;

    async fn run(&mut self, change: &mut database::Change) -> Result<ApiKey> {
        let Self { caller, account, id, name, description, digest, request } = self;
        let owner = service(&mut change.connection, *account).await?;
        if let Some(made) = once::made_before(&mut change.connection, *request).await? {
            return Err(was_shown(&mut change.connection, *account, made, "made").await);
        }
        let now = now();
        let sql = "INSERT INTO api_key (id, account_id, name, description, active, digest, generation, retain_minutes, \
             created, updated) VALUES (?, ?, ?, ?, 1, ?, 1, 0, ?, ?)";
        let params = [
            (*id).into(),
            (*account).into(),
            name.as_str().into(),
            description.as_str().into(),
            digest.as_slice().into(),
            now.into(),
            now.into(),
        ];
        change.connection.execute(sql, &params).await.map_err(|error| match error.kind() {
            Kind::AlreadyExists => Error::already_exists("API key", &name),
            _ => error,
        })?;
        once::note(change, *request, *id, 1).await?;
        record(change, caller, Action::KeyCreate, *id, &format!("{}/{name}", owner.name)).await?;
        named(&mut change.connection, *account, &id.to_string()).await
    }
}

/// Why the same request does not get the key that it made or rotated: it is not kept.
async fn was_shown(connection: &mut Connection, account: Uuid, id: Uuid, done: &str) -> Error {
    match named(connection, account, &id.to_string()).await {
        Ok(key) => {
            let message = format!("API key `{}` was {done} by an earlier request and shown then; rotate it", key.name);
            Error::new(Kind::AlreadyExists, message)
        }
        Err(error) if error.kind() == Kind::NotFound => once::is_gone(),
        Err(error) => error,
    }
}

/// What happens to a key that is there.
#[derive(Clone)]
pub(super) enum Change {
    Update(ApiKeyChange),
    Rotate(u32),
    Delete,
}

pub(super) async fn change(
    acting: &Acting,
    account: Uuid,
    text: &str,
    change: Change,
    action: Action,
) -> Result<ApiKey> {
    if let Change::Update(ApiKeyChange { name: Some(name), .. }) = &change {
        check_name(name)?;
    }
    let found = named(&mut *acting.engine.database.read().await?, account, text).await?;
    let secret = random_secret()?;
    let digest = acting.engine.digest("api-key", secret.as_bytes());
    let is_new = matches!(change, Change::Rotate(_));
    let request = acting.request(&format!("rotation of API key {}", found.id)).filter(|_| is_new);
    let work = Alter { caller: acting.caller.clone(), account, id: found.id, change, digest, action, request };
    let mut key = acting.engine.database.change(work).await?;
    key.key = is_new.then(|| key_text(found.id, &secret));
    Ok(key)
}

struct Alter {
    caller: Caller,
    account: Uuid,
    id: Uuid,
    change: Change,
    digest: [u8; 32],
    action: Action,
    /// See [`Acting::request`]; of a rotation only.
    request: Option<Uuid>,
}

#[async_trait]
impl Work for Alter {
    type Done = ApiKey;

    async fn run(&mut self, change: &mut database::Change) -> Result<ApiKey> {
        let Self { caller, account, id, change: wanted, digest, action, request } = self;
        // a second rotation would end the key that the first one was told to retain
        if let Some(rotated) = once::made_before(&mut change.connection, *request).await? {
            return Err(was_shown(&mut change.connection, *account, rotated, "rotated").await);
        }
        once::note(change, *request, *id, 1).await?;
        let before = named(&mut change.connection, *account, &id.to_string()).await?;
        let now = now();
        record(change, caller, *action, *id, &format!("{}/{}", before.account.name, before.name)).await?;
        let connection = &mut change.connection;
        match wanted {
            Change::Delete => {
                connection.execute("DELETE FROM api_key WHERE id = ?", &[(*id).into()]).await?;
                return Ok(before);
            }
            Change::Update(wanted) => {
                let name = wanted.name.as_deref().unwrap_or(&before.name);
                let description = wanted.description.as_deref().unwrap_or(&before.description);
                let active = wanted.active.unwrap_or(before.active);
                let sql = "UPDATE api_key SET name = ?, description = ?, active = ?, updated = ? WHERE id = ?";
                let params = [name.into(), description.into(), active.into(), now.into(), (*id).into()];
                connection.execute(sql, &params).await.map_err(|error| match error.kind() {
                    Kind::AlreadyExists => Error::already_exists("API key", name),
                    _ => error,
                })?;
            }
            Change::Rotate(minutes) => {
                let until = now
                    .checked_add(time::Duration::minutes(i64::from(*minutes)))
                    .ok_or_else(|| Error::invalid("the old key would be kept for too long"))?;
                let sql = "UPDATE api_key SET previous = digest, previous_until = ?, digest = ?, generation = generation + 1, \
                     retain_minutes = ?, last_rotated = ?, updated = ? WHERE id = ?";
                let params =
                    [until.into(), digest.as_slice().into(), (*minutes).into(), now.into(), now.into(), (*id).into()];
                connection.execute(sql, &params).await?;
            }
        }
        named(connection, *account, &id.to_string()).await
    }
}

async fn record(change: &mut database::Change, caller: &Caller, action: Action, id: Uuid, name: &str) -> Result<()> {
    change.record(caller, &Event { action, target_id: Some(id), target: name, revision: None, outcome: "done" }).await
}
