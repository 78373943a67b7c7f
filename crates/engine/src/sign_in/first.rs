//! The first administrator: by a one-time code, or named when the server starts.

use crate::access::{Caller, Origin};
use crate::accounts;
use crate::audit::{Action, Event};
use crate::database::{Change, Connection, Work, now};
use crate::engine::Engine;
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::central::{AccountKind, Role};
use strongroom_core::{Error, Kind, Result};
use subtle::ConstantTimeEq;
use uuid::Uuid;

impl Engine {
    /// A code with which somebody may become the first administrator, if there is none yet who could sign in. Each call makes
    /// the code before void.
    ///
    /// # Errors
    /// What the database fails with.
    pub async fn first_administrator(&self) -> Result<Option<SecretString>> {
        if has_administrator(&mut *self.database.read().await?).await? {
            return Ok(None);
        }
        let code = super::device::random_code(4)?;
        let digest = self.digest("claim", code.expose_secret().as_bytes());
        self.database.change(Remember(digest)).await?;
        Ok(Some(code))
    }

    /// Makes the first administrator, for who has the code.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when the code is wrong or was used.
    pub async fn claim(&self, code: &SecretString, name: &str, password: SecretString, origin: Origin) -> Result<()> {
        self.failures.check("claim", &origin)?;
        let digest = self.digest("claim", code.expose_secret().trim().as_bytes());
        // nobody without the code makes us hash
        if let Err(error) = is_code(&mut *self.database.read().await?, &digest).await {
            self.failures.count("claim", &origin);
            return Err(error);
        }
        accounts::check_name(AccountKind::User, name)?;
        let hash = self.passwords.hash_of(password).await?;
        self.database.change(Make { name: name.to_owned(), hash, code: Some(digest), origin }).await.map(|_| ())
    }

    /// Makes an administrator of that name and password, unless the account is there already and has a password.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when the password is too short.
    pub async fn ensure_administrator(&self, name: &str, password: SecretString) -> Result<bool> {
        // hashing takes longer than all else of a start
        let sql = "SELECT id FROM account WHERE name = ? AND password IS NOT NULL";
        if self.database.read().await?.row(sql, &[name.into()]).await?.is_some() {
            return Ok(false);
        }
        let hash = self.passwords.hash_of(password).await?;
        self.database.change(Make { name: name.to_owned(), hash, code: None, origin: Origin::default() }).await
    }
}

async fn has_administrator(connection: &mut Connection) -> Result<bool> {
    let sql = "SELECT id FROM account WHERE role = 'admin' AND active = 1 AND password IS NOT NULL";
    Ok(connection.row(sql, &[]).await?.is_some())
}

/// Whether the digest is that of the code that is in force.
async fn is_code(connection: &mut Connection, digest: &[u8; 32]) -> Result<()> {
    let refused = || Error::new(Kind::Unauthenticated, "the code is wrong or was used");
    let row = connection.row("SELECT content FROM setting WHERE name = 'claim'", &[]).await?;
    let known = row.ok_or_else(refused)?.blob()?;
    match bool::from(digest.ct_eq(&known)) && !has_administrator(connection).await? {
        true => Ok(()),
        false => Err(refused()),
    }
}

struct Remember([u8; 32]);

#[async_trait]
impl Work for Remember {
    type Done = ();

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        change.connection.execute("DELETE FROM setting WHERE name = 'claim'", &[]).await?;
        let digest = self.0.as_slice();
        let sql = "INSERT INTO setting (name, content) VALUES ('claim', ?)";
        change.connection.execute(sql, &[digest.into()]).await.map(|_| ())
    }
}

struct Make {
    name: String,
    hash: String,
    /// The digest of the code that was given, if one is asked for.
    code: Option<[u8; 32]>,
    origin: Origin,
}

#[async_trait]
impl Work for Make {
    type Done = bool;

    async fn run(&mut self, change: &mut Change) -> Result<bool> {
        let Self { name, hash, code, origin } = self;
        let connection = &mut change.connection;
        if let Some(code) = code {
            is_code(connection, code).await?;
            connection.execute("DELETE FROM setting WHERE name = 'claim'", &[]).await?;
        }
        let now = now();
        let sql = "SELECT id, password, kind FROM account WHERE name = ?";
        let id = match connection.row(sql, &[name.as_str().into()]).await? {
            Some(mut row) => {
                let (id, password, kind) = (row.id()?, row.optional_text()?, row.text()?);
                if password.is_some() || kind == "service" {
                    // named at the start: it stays as it is; claimed: undone, so that the code is good for another name
                    return match code {
                        None => Ok(false),
                        Some(_) => Err(Error::already_exists("the account", &*name)),
                    };
                }
                let sql = "UPDATE account SET password = ?, password_changed = ?, role = 'admin', active = 1, updated = ? \
                     WHERE id = ?";
                connection.execute(sql, &[hash.as_str().into(), now.into(), now.into(), id.into()]).await?;
                id
            }
            None => {
                let id = Uuid::new_v4();
                let sql = "INSERT INTO account (id, kind, name, full_name, email, description, role, active, password, \
                     password_changed, created, updated) VALUES (?, 'user', ?, '', NULL, '', 'admin', 1, ?, ?, ?, ?)";
                let params =
                    [id.into(), name.as_str().into(), hash.as_str().into(), now.into(), now.into(), now.into()];
                connection.execute(sql, &params).await?;
                id
            }
        };
        let caller =
            Caller { id, name: name.clone(), kind: AccountKind::User, role: Role::Admin, origin: origin.clone() };
        let event =
            Event { action: Action::AccountCreate, target_id: Some(id), target: name, revision: None, outcome: "done" };
        change.record(&caller, &event).await?;
        Ok(true)
    }
}
