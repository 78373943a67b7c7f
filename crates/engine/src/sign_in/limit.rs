//! How many failed sign-ins there may be. Those that succeed are not counted: jobs of a pipeline sign in often.

use crate::access::Origin;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use strongroom_core::{Error, Result};

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
    Both(String, Option<IpAddr>),
    Address(Option<IpAddr>),
    Name(String),
    /// What is counted whether it fails or not.
    Use(&'static str, Option<IpAddr>),
}

/// The failures of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<Of, (Instant, u32)>>);

impl Failures {
    fn lock(&self) -> MutexGuard<'_, HashMap<Of, (Instant, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses when there were too many.
    ///
    /// # Errors
    /// [`Error::too_often`].
    pub(crate) fn check(&self, name: &str, origin: &Origin) -> Result<()> {
        let failures = self.lock();
        let is_over = |(of, limit): (Of, u32)| {
            failures.get(&of).is_some_and(|(begun, count)| begun.elapsed() < WINDOW && *count >= limit)
        };
        if counters(name, origin).into_iter().any(is_over) {
            return Err(too_many("failed sign-ins"));
        }
        Ok(())
    }

    /// Counts one.
    pub(crate) fn count(&self, name: &str, origin: &Origin) {
        let mut failures = self.lock();
        for (of, _) in counters(name, origin) {
            add(&mut failures, of);
        }
    }

    /// Counts one use of something that costs us more than who asks, and refuses when an address asked too often.
    ///
    /// # Errors
    /// [`Error::too_often`].
    pub(crate) fn take(&self, what: &'static str, origin: &Origin, limit: u32) -> Result<()> {
        match add(&mut self.lock(), Of::Use(what, place(origin))) <= limit {
            true => Ok(()),
            false => Err(too_many(what)),
        }
    }
}

fn too_many(what: &str) -> Error {
    Error::too_often(format!("too many {what}"), WINDOW)
}

fn add(failures: &mut HashMap<Of, (Instant, u32)>, of: Of) -> u32 {
    if failures.len() > MANY {
        failures.retain(|_, (begun, _)| begun.elapsed() < WINDOW);
    }
    let entry = failures.entry(of).or_insert((Instant::now(), 0));
    if entry.0.elapsed() >= WINDOW {
        *entry = (Instant::now(), 0);
    }
    entry.1 += 1;
    entry.1
}

/// The address, or what one subscriber of IPv6 has: 64 bits of it.
fn place(origin: &Origin) -> Option<IpAddr> {
    origin.address.map(|address| match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    })
}

fn counters(name: &str, origin: &Origin) -> [(Of, u32); 3] {
    let (name, place) = (name.to_lowercase(), place(origin));
    [(Of::Both(name.clone(), place), OF_BOTH), (Of::Address(place), OF_ADDRESS), (Of::Name(name), OF_NAME)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Origin {
        Origin { address: Some(address.parse().expect("an address")), ..Origin::default() }
    }

    #[test]
    fn names_addresses_and_both_have_limits() {
        let failures = Failures::default();
        for _ in 0..OF_BOTH {
            assert!(failures.check("Ann", &from("10.0.0.1")).is_ok());
            failures.count("Ann", &from("10.0.0.1"));
        }
        // another spelling of the name or of the address is no way around
        for (name, address, is_free) in [
            ("Ann", "10.0.0.1", false),
            ("ANN", "::ffff:10.0.0.1", false),
            ("ann", "10.0.0.2", true),
            ("bob", "10.0.0.1", true),
        ] {
            assert_eq!(failures.check(name, &from(address)).is_ok(), is_free, "{name} from {address}");
        }
        for at in 0..OF_ADDRESS {
            failures.count(&format!("name-{at}"), &from(&format!("2001:db8::{at:x}")));
        }
        assert!(failures.check("bob", &from("2001:db8::ffff:1")).is_err());
        assert!(failures.check("bob", &from("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn what_costs_us_is_counted_by_address() {
        let failures = Failures::default();
        assert!((0..3).all(|_| failures.take("codes", &from("10.0.0.1"), 3).is_ok()));
        assert!(failures.take("codes", &from("10.0.0.1"), 3).is_err());
        assert!(failures.take("codes", &from("10.0.0.2"), 3).is_ok());
    }
}
