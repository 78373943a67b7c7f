//! Signing in: from a password, an API key or an approved device to a token, and from a token to a caller.

mod device;
mod first;
mod limit;
mod sign_out;
mod token;

pub use device::{DeviceAnswer, DeviceCodes};
pub(crate) use limit::Failures;
pub(crate) use token::Signer;

use crate::access::{Caller, Origin};
use crate::accounts::KeyText;
use crate::audit::Action;
use crate::database::{Change, Work, micros, now};
use crate::engine::{Engine, Record};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use strongroom_core::central::{AccountKind, Role};
use strongroom_core::{Error, Kind, Result};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use token::Claims;
use uuid::Uuid;

/// How long a token lasts, in seconds.
const LIFETIME: u64 = 12 * 3600;

/// What somebody signs in with.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// A person.
    Password {
        /// The name of the account.
        name: String,
        /// Its password.
        password: SecretString,
    },
    /// A program, by `ZENKEY_…`.
    ApiKey(SecretString),
}

/// What a caller shows from then on.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The bearer token.
    pub token: SecretString,
    /// How many seconds it lasts.
    pub expires_in: u64,
}

/// A caller who showed a token.
#[derive(Debug, Clone)]
pub struct Recognized {
    /// Who it is.
    pub caller: Caller,
    /// The API key that the token was got with, if it was one.
    pub api_key: Option<Uuid>,
    /// What the token is ended by, and when it expires.
    pub(crate) token: Uuid,
    pub(crate) expires: OffsetDateTime,
    /// Whether the token ends soon by itself: its API key was rotated and is kept for a while only.
    pub(crate) is_fleeting: bool,
}

impl Engine {
    /// A token for who signs in.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`], the same for an unknown name, a wrong password and an account that is not active;
    /// [`Error::too_often`] after too many failures.
    pub async fn sign_in(&self, with: SignIn, origin: &Origin) -> Result<AccessToken> {
        let name = match &with {
            SignIn::Password { name, .. } => name.chars().take(255).collect(),
            SignIn::ApiKey(_) => "API key".to_owned(),
        };
        let outcome = match with {
            SignIn::Password { password, .. } => {
                self.failures.check(&name, origin)?;
                self.by_password(&name, password, origin).await
            }
            // a key cannot be guessed: the good ones of an address do not suffer from its bad ones
            SignIn::ApiKey(key) => match self.by_key(&key).await {
                Err(error) => self.failures.check(&name, origin).and(Err(error)),
                claims => claims,
            },
        };
        let (id, word) = match &outcome {
            Ok(claims) => (claims.sub, "done"),
            Err(error) if error.kind() == Kind::Unauthenticated => {
                self.failures.count(&name, origin);
                (Uuid::nil(), error.kind().as_str())
            }
            // nobody's credentials were looked at
            Err(_) => return outcome.and_then(|claims| self.issue(claims, LIFETIME)),
        };
        let caller =
            Caller { id, name: name.clone(), kind: AccountKind::User, role: Role::Lister, origin: origin.clone() };
        let record = Record { action: Action::SignIn, target_id: None, target: name, revision: None, outcome: word };
        self.record(&caller, record).await?;
        self.issue(outcome?, LIFETIME)
    }

    fn issue(&self, claims: Claims, lifetime: u64) -> Result<AccessToken> {
        let token = self.signer.sign(claims, lifetime)?;
        Ok(AccessToken { token, expires_in: lifetime })
    }

    async fn by_password(&self, name: &str, password: SecretString, origin: &Origin) -> Result<Claims> {
        let sql = "SELECT id, active, password, password_changed FROM account WHERE name = ? AND kind = 'user'";
        let row = self.database.read().await?.row(sql, &[name.into()]).await?;
        let known = match row {
            Some(mut row) => Some((row.id()?, row.flag()?, row.optional_text()?, row.optional_int()?)),
            None => None,
        };
        let hash = known.as_ref().and_then(|(.., hash, _)| hash.clone());
        let turn = self.passwords.turn().await?;
        // others of the same name may have failed while this one waited
        self.failures.check(name, origin)?;
        let is_right = turn.is_password(password, hash).await;
        match known {
            Some((id, true, _, changed)) if is_right => Ok(Claims { pwd: changed, ..Claims::of(id) }),
            _ => Err(Error::new(Kind::Unauthenticated, "invalid username or password")),
        }
    }

    async fn by_key(&self, text: &SecretString) -> Result<Claims> {
        let refused = || Error::new(Kind::Unauthenticated, "invalid API key");
        let key = KeyText::parse(text.expose_secret())?;
        let sql = "SELECT k.active, k.digest, k.previous, k.previous_until, k.generation, a.id, a.active FROM api_key k \
             JOIN account a ON a.id = k.account_id WHERE k.id = ?";
        let row = self.database.read().await?.row(sql, &[key.id.into()]).await?;
        let digest = self.digest("api-key", key.secret().as_bytes());
        let mut row = row.ok_or_else(refused)?;
        let (active, current, previous) = (row.flag()?, row.blob()?, row.optional_blob()?);
        let (until, generation) = (row.optional_int()?, row.int()?);
        let (account, may_sign_in) = (row.id()?, row.flag()?);
        let is_current = bool::from(digest.ct_eq(&current));
        let is_previous = previous.is_some_and(|previous| bool::from(digest.ct_eq(&previous)))
            && until.is_some_and(|until| micros(now()) < until);
        if !active || !may_sign_in || !(is_current || is_previous) {
            return Err(refused());
        }
        self.database.change(Used(key.id)).await?;
        let generation = if is_current { generation } else { generation - 1 };
        Ok(Claims { api_key_id: Some(key.id), key_gen: Some(generation), ..Claims::of(account) })
    }

    /// The caller that a token speaks for. The account and its key are looked up each time, so that what was tightened since
    /// holds at once.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when the token is not ours, has expired, or was ended.
    pub async fn authenticate(&self, bearer: &str, origin: Origin) -> Result<Recognized> {
        let claims = self.signer.verify(bearer)?;
        let ended = || Error::new(Kind::Unauthenticated, "the token was ended");
        let sql = "SELECT a.name, a.kind, a.role, a.active, a.password_changed, k.active, k.generation, k.previous_until, \
             e.until FROM account a LEFT JOIN api_key k ON k.id = ? AND k.account_id = a.id LEFT JOIN ended_token e ON e.id = ? \
             WHERE a.id = ?";
        let params = [claims.api_key_id.into(), claims.id().into(), claims.sub.into()];
        let row = self.database.read().await?.row(sql, &params).await?;
        let mut row = row.ok_or_else(ended)?;
        let (name, kind, role) = (row.text()?, row.text()?, row.text()?);
        let (active, changed) = (row.flag()?, row.optional_int()?);
        let (key_active, generation, until) = (row.optional_int()?, row.optional_int()?, row.optional_int()?);
        let signed_out = row.optional_int()?.is_some();
        let is_fleeting = claims.api_key_id.is_some() && claims.key_gen != generation;
        let is_good = match claims.api_key_id {
            None => claims.pwd == changed,
            Some(_) => {
                let is_retained = until.is_some_and(|until| micros(now()) < until)
                    && claims.key_gen == generation.map(|generation| generation - 1);
                key_active == Some(1) && (!is_fleeting || is_retained)
            }
        };
        if !active || !is_good || signed_out {
            return Err(ended());
        }
        let kind = if kind == "service" { AccountKind::Service } else { AccountKind::User };
        let role = role.parse().map_err(|_| Error::corrupt("the role of an account is damaged"))?;
        let caller = Caller { id: claims.sub, name, kind, role, origin };
        Ok(Recognized {
            caller,
            api_key: claims.api_key_id,
            token: claims.id(),
            expires: claims.expires(),
            is_fleeting,
        })
    }

    /// Another token of the same right, of another lifetime in seconds.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for a lifetime of nothing or more than a token's usual one.
    pub fn api_token(&self, bearer: &str, lifetime: u64) -> Result<AccessToken> {
        if !(1..=LIFETIME).contains(&lifetime) {
            return Err(Error::invalid(format!("a token lasts 1 to {LIFETIME} seconds")));
        }
        let claims = self.signer.verify(bearer)?;
        self.issue(Claims::clone(&claims), lifetime)
    }
}

struct Used(Uuid);

#[async_trait]
impl Work for Used {
    type Done = ();
    const QUIET: bool = true;

    async fn run(&mut self, change: &mut Change) -> Result<()> {
        let sql = "UPDATE api_key SET last_login = ? WHERE id = ?";
        change.connection.execute(sql, &[now().into(), self.0.into()]).await.map(|_| ())
    }
}
