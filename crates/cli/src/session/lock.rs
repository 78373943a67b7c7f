//! Writers of one secret on one machine take turns: Key Vault has no conditional write.

use crate::home;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use strongroom_core::{Error, Kind, Result, SecretName, SecretsManager};

/// Longer than the default deadline of one command against a vault.
const PATIENCE: Duration = Duration::from_secs(35);
const PAUSE: Duration = Duration::from_millis(20);

/// The turn to write one secret. Dropping it passes the turn on; so does the end of the process, however it ends.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Waits for the turn.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when others hold it for longer than a command may take.
    pub(super) fn acquire(folder: &Path, secrets: &SecretsManager, name: &SecretName) -> Result<Self> {
        // Case is folded, as some services fold it; two names that share a lock by chance only wait for each other.
        let identity = format!("{} {} {name}", secrets.backend(), secrets.scope()).to_lowercase();
        let path = folder.join(format!("{:016x}.lock", fnv(identity.as_bytes())));
        let file = home::open_private(&path)?;
        let give_up = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(
                        Kind::Unavailable,
                        format!("another process keeps writing secret `{name}`"),
                    )
                    .with_hint("try again when it is done"));
                }
                Err(TryLockError::Error(error)) => {
                    return Err(
                        Error::new(Kind::Unavailable, format!("cannot lock `{}`", path.display())).with_source(error)
                    );
                }
            }
        }
    }
}

/// FNV-1a, 64 bits: the same in every version of this program, which std's hasher does not promise.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
