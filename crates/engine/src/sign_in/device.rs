//! The device flow (RFC 8628): a program without a browser shows a code, a person who is signed in approves it.

use super::token::Claims;
use super::{AccessToken, LIFETIME};
use crate::access::{Caller, Origin};
use crate::audit::Action;
use crate::database::{Change, Work, now};
use crate::engine::{Engine, Record};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// How long a code may be approved, in seconds.
const PATIENCE: u64 = 300;
/// How often a program may ask, in seconds.
const INTERVAL: u64 = 5;
/// Clocks and networks are not exact: asking this much earlier is no offence.
const TOLERANCE: Duration = Duration::from_secs(1);
/// How many times an address may ask for codes in a minute.
const CODES: u32 = 60;
/// No letters that look like others.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Stands in the place of the account that approved, when somebody refused.
const NOBODY: Uuid = Uuid::nil();

/// What a program gets that wants to be approved.
#[derive(Debug, Clone)]
pub struct DeviceCodes {
    /// Tells this request from others.
    pub id: Uuid,
    /// What the program asks with.
    pub device_code: SecretString,
    /// What the person types.
    pub user_code: SecretString,
    /// How many seconds both last.
    pub expires_in: u64,
    /// How many seconds between two questions.
    pub interval: u64,
}

/// What a program that asks is told.
#[derive(Debug, Clone)]
pub enum DeviceAnswer {
    /// Nobody has approved it yet.
    Pending,
    /// Nobody has, and it asks too often.
    TooSoon,
    /// The person refused.
    Denied,
    /// It is approved.
    Approved(AccessToken),
    /// Too late, unknown, or used.
    Expired,
}

/// A code of so many groups of four letters.
pub(super) fn random_code(groups: usize) -> Result<SecretString> {
    let mut bytes = vec![0; groups * 4];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Unavailable, "no random bytes").with_source(error.to_string()))?;
    let letters: Vec<_> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(SecretString::from(groups.join("-")))
}

impl Engine {
    /// Codes for a program that wants to be approved.
    ///
    /// # Errors
    /// [`Error::too_often`] when its address asks too often.
    pub async fn authorize_device(&self, client: Uuid, origin: &Origin) -> Result<DeviceCodes> {
        self.failures.take("requests for codes", origin, CODES)?;
        let codes = DeviceCodes {
            id: Uuid::new_v4(),
            device_code: random_code(10)?,
            user_code: random_code(2)?,
            expires_in: PATIENCE,
            interval: INTERVAL,
        };
        let device = self.digest("device", codes.device_code.expose_secret().as_bytes());
        let user = self.digest("device", codes.user_code.expose_secret().as_bytes());
        self.database.change(Ask { id: codes.id, client, device, user }).await?;
        Ok(codes)
    }

    /// A person approves a program: from now on it acts for that person.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when no program waits with that code.
    pub async fn approve_device(&self, id: Uuid, user_code: &SecretString, caller: &Caller) -> Result<()> {
        self.settle_device(id, user_code, caller, caller.id, "done").await
    }

    /// A person refuses a program.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when no program waits with that code.
    pub async fn deny_device(&self, id: Uuid, user_code: &SecretString, caller: &Caller) -> Result<()> {
        self.settle_device(id, user_code, caller, NOBODY, Kind::Forbidden.as_str()).await
    }

    async fn settle_device(
        &self,
        id: Uuid,
        user_code: &SecretString,
        caller: &Caller,
        account: Uuid,
        outcome: &'static str,
    ) -> Result<()> {
        self.failures.check("device", &caller.origin)?;
        let code = user_code.expose_secret().trim().to_ascii_uppercase();
        let user = self.digest("device", code.as_bytes());
        let done = self.database.change(Settle { id, user, account }).await;
        if done.is_err() {
            self.failures.count("device", &caller.origin);
        }
        done?;
        let record =
            Record { action: Action::SignIn, target_id: Some(id), target: "device".into(), revision: None, outcome };
        self.record(caller, record).await
    }

    /// What a program is told that asks whether it was approved.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn ask_device(&self, client: Uuid, device_code: &SecretString) -> Result<DeviceAnswer> {
        let device = self.digest("device", device_code.expose_secret().as_bytes());
        if let Some(waiting) = self.database.change(Poll { client, device }).await? {
            return Ok(waiting);
        }
        match self.database.change(Take { client, device }).await? {
            Taken::Nothing => Ok(DeviceAnswer::Expired),
            Taken::Denial => Ok(DeviceAnswer::Denied),
            Taken::Approval(account, changed) => {
                let claims = Claims { pwd: changed, ..Claims::of(account) };
                self.issue(claims, LIFETIME).map(DeviceAnswer::Approved)
            }
        }
    }
}

struct Ask {
    id: Uuid,
    client: Uuid,
    device: [u8; 32],
    user: [u8; 32],
}

#[async_trait]
impl Work for Ask {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let now = now();
        let patience = Duration::from_secs(PATIENCE);
        change.connection.execute("DELETE FROM device WHERE until < ?", &[now.into()]).await?;
        change.connection.execute("DELETE FROM device_poll WHERE at < ?", &[(now - patience).into()]).await?;
        let sql =
            "INSERT INTO device (id, client_id, device_digest, user_digest, until, created) VALUES (?, ?, ?, ?, ?, ?)";
        let until = now + patience;
        let Self { id, client, device, user } = self;
        let params = [
            (*id).into(),
            (*client).into(),
            device.as_slice().into(),
            user.as_slice().into(),
            until.into(),
            now.into(),
        ];
        change.connection.execute(sql, &params).await.map(|_| ())
    }
}

struct Settle {
    id: Uuid,
    user: [u8; 32],
    account: Uuid,
}

#[async_trait]
impl Work for Settle {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let absent = || Error::new(Kind::NotFound, "no program waits with that code");
        let sql = "SELECT user_digest FROM device WHERE id = ? AND account_id IS NULL AND until > ?";
        let row = change.connection.row(sql, &[self.id.into(), now().into()]).await?;
        if !bool::from(row.ok_or_else(absent)?.blob()?.ct_eq(&self.user)) {
            return Err(absent());
        }
        let sql = "UPDATE device SET account_id = ? WHERE id = ?";
        change.connection.execute(sql, &[self.account.into(), self.id.into()]).await.map(|_| ())
    }
}

/// Quiet: nothing that is remembered depends on it. All replicas see when a program asked last.
struct Poll {
    client: Uuid,
    device: [u8; 32],
}

#[async_trait]
impl Work for Poll {
    /// What a program is told that waits in vain or must go on waiting; `None` when somebody decided.
    type Done = Option<DeviceAnswer>;
    const QUIET: bool = true;

    async fn run(&mut self, change: &mut Change) -> Result<Option<DeviceAnswer>> {
        let (connection, now) = (&mut change.connection, now());
        let sql = "SELECT d.id, d.until, d.account_id, p.at FROM device d LEFT JOIN device_poll p ON p.device_id = d.id \
             WHERE d.client_id = ? AND d.device_digest = ?";
        let row = connection.row(sql, &[self.client.into(), self.device.as_slice().into()]).await?;
        let Some(mut row) = row else { return Ok(Some(DeviceAnswer::Expired)) };
        let (id, until, account, last) = (row.id()?, row.time()?, row.optional_id()?, row.optional_time()?);
        if until < now {
            return Ok(Some(DeviceAnswer::Expired));
        }
        if account.is_some() {
            return Ok(None);
        }
        let sql = match last {
            Some(_) => "UPDATE device_poll SET at = ? WHERE device_id = ?",
            None => "INSERT INTO device_poll (at, device_id) VALUES (?, ?)",
        };
        connection.execute(sql, &[now.into(), id.into()]).await?;
        let patience = Duration::from_secs(INTERVAL) - TOLERANCE;
        let is_early = last.is_some_and(|last| now < last + patience);
        Ok(Some(if is_early { DeviceAnswer::TooSoon } else { DeviceAnswer::Pending }))
    }
}

enum Taken {
    /// Another question was quicker.
    Nothing,
    Denial,
    /// The account, and when its password was last changed.
    Approval(Uuid, Option<i64>),
}

struct Take {
    client: Uuid,
    device: [u8; 32],
}

#[async_trait]
impl Work for Take {
    type Done = Taken;

    async fn run(&mut self, change: &mut Change) -> Result<Taken> {
        let connection = &mut change.connection;
        let sql = "SELECT d.id, d.account_id, a.password_changed FROM device d LEFT JOIN account a ON a.id = d.account_id \
             WHERE d.client_id = ? AND d.device_digest = ? AND d.account_id IS NOT NULL";
        let row = connection.row(sql, &[self.client.into(), self.device.as_slice().into()]).await?;
        let Some(mut row) = row else { return Ok(Taken::Nothing) };
        let (id, account, changed) = (row.id()?, row.id()?, row.optional_int()?);
        // a code is good for one token
        connection.execute("DELETE FROM device WHERE id = ?", &[id.into()]).await?;
        Ok(if account == NOBODY { Taken::Denial } else { Taken::Approval(account, changed) })
    }
}
