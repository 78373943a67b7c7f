//! How many failed sign-ins there may be. Those that succeed are not counted: jobs of a pipeline sign in often.

use crate::access::Origin;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use strongroom_core::{Error, Kind, Result};

/// Failures are counted for this long.
const WINDOW: Duration = Duration::from_secs(60);
/// Of one name from one address.
const OF_BOTH: u32 = 10;
/// Of one address, whatever the name.
const OF_ADDRESS: u32 = 100;
/// Of one name, from wherever.
const OF_NAME: u32 = 300;
/// When so many are remembered, those of past windows are forgotten.
const MANY: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Of {
    Both(String, String),
    Address(String),
    Name(String),
}

/// The failures of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<Of, (Instant, u32)>>);

impl Failures {
    /// Refuses when there were too many.
    ///
    /// # Errors
    /// [`Kind::Unavailable`].
    pub(crate) fn check(&self, name: &str, origin: &Origin) -> Result<()> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |(of, limit): (Of, u32)| {
            failures.get(&of).is_some_and(|(begun, count)| begun.elapsed() < WINDOW && *count >= limit)
        };
        if counters(name, origin).into_iter().any(is_over) {
            return Err(Error::new(Kind::Unavailable, "too many failed sign-ins").with_hint("try again in a minute"));
        }
        Ok(())
    }

    /// Counts one.
    pub(crate) fn count(&self, name: &str, origin: &Origin) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() > MANY {
            failures.retain(|_, (begun, _)| begun.elapsed() < WINDOW);
        }
        for (of, _) in counters(name, origin) {
            let entry = failures.entry(of).or_insert((Instant::now(), 0));
            if entry.0.elapsed() >= WINDOW {
                *entry = (Instant::now(), 0);
            }
            entry.1 += 1;
        }
    }
}

fn counters(name: &str, origin: &Origin) -> [(Of, u32); 3] {
    let address = origin.address.map(|address| address.to_string()).unwrap_or_default();
    [
        (Of::Both(name.to_owned(), address.clone()), OF_BOTH),
        (Of::Address(address), OF_ADDRESS),
        (Of::Name(name.to_owned()), OF_NAME),
    ]
}
