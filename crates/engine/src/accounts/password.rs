//! Passwords: hashed by argon2id, two at a time, with a short queue, so that a flood of them starves nobody else.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, LazyLock};
use strongroom_core::{Error, Kind, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Each hash takes 19 MiB and tens of milliseconds of a core: no more than this at once.
const HASHERS: usize = 2;
/// Who waits for longer than these take is better told to come again.
const QUEUE: usize = 128;

/// The shortest password.
const SHORTEST: usize = 8;

/// Argon2id with OWASP's least parameters: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("within the limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Where passwords wait to be hashed.
#[derive(Debug)]
pub(crate) struct Passwords {
    hashers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { hashers: Arc::new(Semaphore::new(HASHERS)), queue: Arc::new(Semaphore::new(QUEUE)) }
    }
}

/// The right to hash one password.
#[derive(Debug)]
pub(crate) struct Turn {
    _hasher: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Passwords {
    /// Waits in the queue.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when it is full.
    pub(crate) async fn turn(&self) -> Result<Turn> {
        let closed = || Error::new(Kind::Unavailable, "passwords are not hashed any more");
        let full =
            |_| Error::new(Kind::Unavailable, "too many sign-ins at once").with_hint("try again in a few seconds");
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(full)?;
        let hasher = Arc::clone(&self.hashers).acquire_owned().await.map_err(|_| closed())?;
        Ok(Turn { _hasher: hasher, _place: place })
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when it is too short, [`Kind::Unavailable`] when too many are hashed.
    pub(crate) async fn hash_of(&self, password: SecretString) -> Result<String> {
        if password.expose_secret().chars().count() < SHORTEST {
            return Err(Error::invalid(format!("a password has at least {SHORTEST} characters")));
        }
        self.turn().await?.hash(password).await
    }
}

impl Turn {
    /// The hash of a password, as a PHC string.
    async fn hash(self, password: SecretString) -> Result<String> {
        let hash = tokio::task::spawn_blocking(move || {
            let hash: Result<PasswordHash, _> = argon2().hash_password(password.expose_secret().as_bytes());
            hash.map(|hash| hash.to_string())
        });
        let failed = || Error::new(Kind::Unavailable, "the password cannot be hashed");
        hash.await.ok().and_then(Result::ok).ok_or_else(failed)
    }

    /// Whether a password has that hash. Without a hash the work is the same, and the answer no.
    pub(crate) async fn is_password(&self, password: SecretString, hash: Option<String>) -> bool {
        static NOBODY: LazyLock<String> = LazyLock::new(|| {
            let hash: Result<PasswordHash, _> = argon2().hash_password(b"nobody has this password");
            hash.map(|hash| hash.to_string()).unwrap_or_default()
        });
        let check = tokio::task::spawn_blocking(move || {
            let text = hash.as_deref().unwrap_or(&NOBODY);
            let is_right = PasswordHash::new(text)
                .is_ok_and(|known| argon2().verify_password(password.expose_secret().as_bytes(), &known).is_ok());
            is_right && hash.is_some()
        });
        check.await.unwrap_or(false)
    }
}
