//! What tests may turn while an embedded Key Vault runs.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use time::OffsetDateTime;

/// How long the slow operations stay in progress. The real service takes 2 to 4 seconds for each (recorded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timing {
    /// After DELETE: neither live nor deleted view shows the secret, and its name is refused with 409.
    pub delete: Duration,
    /// After recover: the live view answers 404, writing answers 409.
    pub recover: Duration,
    /// After purge: both views answer 404 while the name is still taken.
    pub purge: Duration,
}

/// Milliseconds since 1970: the vault's clock.
pub(crate) type Millis = i64;

/// Switches of a running embedded Key Vault; take them from [`crate::Running::switches`].
#[derive(Debug)]
pub struct Switches {
    timing: RwLock<Timing>,
    empty_pages: AtomicUsize,
    ahead: AtomicI64,
}

impl Switches {
    pub(crate) fn new(timing: Timing, empty_pages: usize) -> Self {
        Self { timing: RwLock::new(timing), empty_pages: AtomicUsize::new(empty_pages), ahead: AtomicI64::new(0) }
    }

    /// The timing that the next delete, recover or purge gets.
    pub fn timing(&self) -> Timing {
        *self.timing.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the timing of later deletes, recovers and purges; those in progress keep theirs.
    pub fn set_timing(&self, timing: Timing) {
        *self.timing.write().unwrap_or_else(PoisonError::into_inner) = timing;
    }

    /// How many empty pages follow each page of a list.
    pub fn empty_pages(&self) -> usize {
        self.empty_pages.load(Ordering::Relaxed)
    }

    /// Sets how many empty pages with a next link follow each page of a list.
    pub fn set_empty_pages(&self, count: usize) {
        self.empty_pages.store(count, Ordering::Relaxed);
    }

    /// Moves the clock of the vaults forward, for retention and slow operations. Tokens keep to the real time.
    pub fn advance_clock(&self, by: Duration) {
        self.ahead.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Millis {
        let real = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        i64::try_from(real).unwrap_or(i64::MAX).saturating_add(self.ahead.load(Ordering::Relaxed))
    }
}

/// `duration` in the vault's unit.
pub(crate) fn millis(duration: Duration) -> Millis {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
