//! Trying again, within one deadline for the whole command.

use super::KeyVault;
use super::doing::Doing;
use super::error::{Breakage, Refusal, http_date};
use super::pace::Pace;
use azure_core::error::Error as SdkError;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use strongroom_core::{Error, Kind, Result};

/// The first pause; each is twice the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// How often nobody may be there before it is believed.
const UNREACHABLE: u32 = 2;

/// When a command must be done, and when its next call may start.
#[derive(Debug)]
pub(super) struct Clock {
    opened: Instant,
    timeout: Duration,
    /// When a call last ran out of time.
    over: Mutex<Option<Instant>>,
    pace: Mutex<Pace>,
}

impl Clock {
    pub(super) fn new(timeout: Duration) -> Self {
        Self { opened: Instant::now(), timeout, over: Mutex::default(), pace: Mutex::default() }
    }

    /// The end of the command that runs now: the one that opened the vault, or in a process that lives longer, this call.
    /// When another call has just run out of time, the command is over; its other calls get no time of their own again.
    pub(super) fn deadline(&self) -> Instant {
        let (first, now) = (self.opened + self.timeout, Instant::now());
        let is_over = self.over().is_some_and(|over| now < over + self.timeout / 2);
        if now < first || is_over { first.max(now + self.timeout / 10) } else { now + self.timeout }
    }

    /// A call has run out of time.
    fn run_out(&self) {
        *self.over() = Some(Instant::now());
    }

    fn over(&self) -> MutexGuard<'_, Option<Instant>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call came to.
pub(super) enum Failure {
    /// The vault answered with a refusal.
    Refused(Refusal),
    /// Anything else, as the user sees it.
    Broken(Error),
}

/// Pauses that grow and differ from process to process.
pub(super) struct Pauses {
    next: Duration,
}

impl Pauses {
    pub(super) fn new() -> Self {
        Self { next: FIRST_PAUSE }
    }

    pub(super) fn next(&mut self) -> Duration {
        let base = self.next;
        self.next = (base * 2).min(LONGEST_PAUSE);
        // half of it fixed, half by chance; a random UUID is the nearest source of chance
        let chance = uuid::Uuid::new_v4().as_u128() as u8;
        base / 2 + base * u32::from(chance) / 512
    }
}

impl KeyVault {
    /// Runs `call` until it succeeds, is refused for good, or `deadline` passes. `doing` names it in errors.
    pub(super) async fn attempt<T, F>(
        &self,
        deadline: Instant,
        doing: Doing<'_>,
        call: impl Fn() -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = azure_core::Result<T>>,
    {
        let mut pauses = Pauses::new();
        let mut unreachable = 0;
        // What the last try said, for the message when time runs out; and whether it may have been carried out all the same.
        let (mut last, mut is_in_doubt) = (None, false);
        loop {
            let turn = self.clock.pace().turn(Instant::now());
            if turn >= deadline {
                self.clock.run_out();
                return Err(Failure::Broken(self.too_late(doing, last.or(Some(Refusal::THROTTLED)))));
            }
            tokio::time::sleep_until(turn.into()).await;
            let begun = Instant::now();
            let Ok(outcome) = tokio::time::timeout_at(deadline.into(), call()).await else {
                self.clock.run_out();
                return Err(Failure::Broken(self.too_late(doing, last)));
            };
            let error = match outcome {
                Ok(done) => {
                    self.clock.pace().answered(begun);
                    return Ok(done);
                }
                Err(error) => error,
            };
            let pause = match Refusal::of(&error) {
                Some(refusal) if refusal.status == 401 && self.gate.ask_the_vault() => Duration::ZERO,
                Some(refusal) if refusal.is_transient() => {
                    let own = pauses.next();
                    let asked = refusal.retry_after.as_deref().and_then(retry_after);
                    // a little more than was asked for, as others were told the same
                    let pause = asked.map_or(own, |asked| asked + own / 4);
                    if refusal.status == 429 {
                        self.clock.pace().throttled(begun, Instant::now(), pause);
                    }
                    is_in_doubt |= refusal.status != 429;
                    last = Some(refusal);
                    pause
                }
                Some(mut refusal) => {
                    refusal.is_in_doubt = is_in_doubt;
                    return Err(Failure::Refused(refusal));
                }
                None => {
                    let breakage = Breakage::of(&error);
                    unreachable += u32::from(breakage == Breakage::Unreachable);
                    is_in_doubt |= breakage == Breakage::Interrupted;
                    let again = breakage == Breakage::Interrupted
                        || breakage == Breakage::Unreachable && unreachable < UNREACHABLE;
                    if !again {
                        return Err(Failure::Broken(self.broken(&error, breakage, doing)));
                    }
                    pauses.next()
                }
            };
            if Instant::now() + pause >= deadline {
                self.clock.run_out();
                let error = match (last.take(), Refusal::of(&error)) {
                    (Some(refusal), _) | (None, Some(refusal)) => self.too_late(doing, Some(refusal)),
                    (None, None) => self.broken(&error, Breakage::of(&error), doing),
                };
                return Err(Failure::Broken(error));
            }
            tracing::debug!(?pause, %doing, "trying again");
            tokio::time::sleep(pause).await;
        }
    }

    fn broken(&self, error: &SdkError, breakage: Breakage, doing: Doing<'_>) -> Error {
        match super::credential::sign_in_error(error) {
            Some(error) => error.within(format!("cannot {doing}")),
            None => breakage.into_error(error, &self.vault, doing),
        }
    }

    /// Out of time; the cause is what the vault said last.
    fn too_late(&self, doing: Doing<'_>, last: Option<Refusal>) -> Error {
        if let Some(auth) = self.sign_in.is_waiting() {
            let auth = auth.as_str();
            return Error::new(Kind::Unavailable, format!("cannot {doing}: signing in by `{auth}` took too long"))
                .with_hint("try again, raise `timeout` on the secrets manager, or name another way with `auth`");
        }
        match last {
            Some(refusal) => refusal.into_error(&self.vault, doing),
            None => Error::new(Kind::Unavailable, format!("cannot {doing}: `{}` did not answer in time", self.vault))
                .with_hint("try again, or raise `timeout` on the secrets manager"),
        }
    }

    /// Waits a while, or fails with `error` when there is no time left.
    pub(super) async fn pause(&self, pauses: &mut Pauses, deadline: Instant, error: Error) -> Result<()> {
        let pause = pauses.next();
        if Instant::now() + pause >= deadline {
            self.clock.run_out();
            return Err(error);
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

/// `Retry-After` in seconds or as a date.
fn retry_after(header: &str) -> Option<Duration> {
    if let Ok(seconds) = header.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(3600)));
    }
    let date = http_date(header)?;
    Some((date - time::OffsetDateTime::now_utc()).try_into().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("7"), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let later = retry_after("Fri, 21 Oct 2095 07:28:00 GMT").unwrap();
        assert!(later > Duration::from_secs(3600));
        assert_eq!(retry_after("soon"), None);
    }

    #[test]
    fn a_command_that_has_run_out_of_time_gets_none_again() {
        let timeout = Duration::from_millis(200);
        let clock = Clock::new(timeout);
        let first = clock.deadline();
        std::thread::sleep(timeout + timeout / 4);
        clock.run_out();
        let next = clock.deadline();
        assert!(next > first && next < Instant::now() + timeout / 5, "a tenth");
        // a process that lives on has commands after it
        std::thread::sleep(timeout / 2);
        assert!(clock.deadline() > Instant::now() + timeout * 3 / 4);
    }

    #[test]
    fn pauses_grow_to_a_limit() {
        let mut pauses = Pauses::new();
        let first = pauses.next();
        assert!(first >= FIRST_PAUSE / 2 && first <= FIRST_PAUSE, "{first:?}");
        assert!((0..20).map(|_| pauses.next()).all(|pause| pause <= LONGEST_PAUSE));
    }
}
