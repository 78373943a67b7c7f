//! Passwords: hashed by argon2id, two at a time, with a short queue, so that a flood of them starves nobody else.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Each hash takes 19 MiB and tens of milliseconds of a core: no more than this at once.
const HASHERS: usize = 2;
/// Who waits for longer than these take is better told to come again.
const QUEUE: usize = 128;
/// How long these take.
const DRAINED: Duration = Duration::from_secs(5);

/// The shortest password.
const SHORTEST: usize = 8;
/// Room for this many blocks of 1 KiB is asked for at least. Beyond 32 MiB the system's allocator hands memory back as soon as it
/// is freed, below it keeps what one thread used for the next time: 19 MiB for each. Room that is not used takes no memory.
const ROOM: usize = 33 * 1024;

/// OWASP's least parameters: 19 MiB, two passes, one lane.
fn least() -> Params {
    Params::new(19 * 1024, 2, 1, None).expect("within the limits")
}

/// Argon2id of a password.
fn digest(password: &[u8], salt: &Salt, params: Params) -> Option<Output> {
    let mut memory = Vec::with_capacity(params.block_count().max(ROOM));
    memory.resize(params.block_count(), Block::default());
    let mut digest = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, salt, &mut digest, &mut memory).ok()?;
    Output::new(&digest).ok()
}

/// The hash of a password with a new salt, as a PHC string.
fn hash(password: &[u8]) -> Option<String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).ok()?;
    let salt = Salt::new(&salt).ok()?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(least()).ok()?,
        salt: Some(salt),
        hash: Some(digest(password, &salt, least())?),
    };
    Some(hash.to_string())
}

/// Whether a password has that hash; compared in constant time.
fn has(password: &[u8], hash: &str) -> Option<bool> {
    let known = PasswordHash::new(hash).ok()?;
    let is_ours = known.algorithm == Algorithm::Argon2id.ident() && known.version == Some(Version::V0x13.into());
    let params = Params::try_from(&known).ok()?;
    Some(is_ours && digest(password, known.salt.as_ref()?, params)? == known.hash?)
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
    /// [`Error::too_often`] when it is full.
    pub(crate) async fn turn(&self) -> Result<Turn> {
        let closed = || Error::new(Kind::Unavailable, "passwords are not hashed any more");
        let full = |_| Error::too_often("too many sign-ins at once", DRAINED);
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(full)?;
        let hasher = Arc::clone(&self.hashers).acquire_owned().await.map_err(|_| closed())?;
        Ok(Turn { _hasher: hasher, _place: place })
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// [`Kind::Invalid`] when it is too short, [`Error::too_often`] when too many are hashed.
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
        let hash = tokio::task::spawn_blocking(move || hash(password.expose_secret().as_bytes()));
        let failed = || Error::new(Kind::Unavailable, "the password cannot be hashed");
        hash.await.ok().flatten().ok_or_else(failed)
    }

    /// Whether a password has that hash. Without a hash the work is the same, and the answer no.
    pub(crate) async fn is_password(&self, password: SecretString, hash: Option<String>) -> bool {
        static NOBODY: LazyLock<String> = LazyLock::new(|| self::hash(b"nobody has this password").unwrap_or_default());
        let check = tokio::task::spawn_blocking(move || {
            let text = hash.as_deref().unwrap_or(&NOBODY);
            let is_right = has(password.expose_secret().as_bytes(), text).unwrap_or(false);
            is_right && hash.is_some()
        });
        check.await.unwrap_or(false)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Made by the argon2 crate's own hasher, as every hash was before.
    const EARLIER: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$jNjocV5pb3hT7hUX/lTsig$K7Y0qX1M50pQmOA15Q+FI1ugoP7v7gPtqGbi0iFrAR4";

    #[test]
    fn a_hash_of_before_is_still_known() {
        assert_eq!(has(b"pw-for-admin-1", EARLIER), Some(true));
    }

    #[test]
    fn a_hash_fits_its_password_only() {
        let text = hash(b"correct horse").unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        assert_eq!(has(b"correct horse", &text), Some(true));
        assert_eq!(has(b"correct horsf", &text), Some(false));
        assert_ne!(hash(b"correct horse").unwrap(), text);
        for damaged in ["", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$AAAA", "plain"] {
            assert_ne!(has(b"correct horse", damaged), Some(true), "{damaged}");
        }
    }
}
