//! The pace of all calls to one vault: unhindered until it throttles, then in turn, and faster again with each success.

use std::time::{Duration, Instant};

/// The gap between two calls once the vault has throttled; twice that each time it does so again, up to the longest.
const FIRST_GAP: Duration = Duration::from_millis(20);
const LONGEST_GAP: Duration = Duration::from_secs(1);

/// When the next call may start.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// The next free turn, and when the vault last throttled; nothing while turns are not given.
    slow: Option<Slow>,
}

#[derive(Debug)]
struct Slow {
    next: Instant,
    gap: Duration,
    since: Instant,
}

impl Pace {
    /// Takes the next turn: the moment at which the caller may call.
    pub(super) fn turn(&mut self, now: Instant) -> Instant {
        let Some(slow) = &mut self.slow else { return now };
        let turn = slow.next.max(now);
        slow.next = turn + slow.gap;
        turn
    }

    /// The vault refused a call that began at `begun`, and wants to be left alone for `pause` from `now` on.
    pub(super) fn throttled(&mut self, begun: Instant, now: Instant, pause: Duration) {
        let slow = self.slow.get_or_insert(Slow { next: now, gap: FIRST_GAP, since: now });
        // Calls that were under way when the first of them was refused say nothing new.
        if begun > slow.since {
            slow.gap = (slow.gap * 2).min(LONGEST_GAP);
            slow.since = now;
        }
        slow.next = slow.next.max(now + pause);
    }

    /// The vault carried out a call that began at `begun`.
    pub(super) fn answered(&mut self, begun: Instant) {
        let Some(slow) = self.slow.as_mut().filter(|slow| begun > slow.since) else { return };
        slow.gap = slow.gap * 3 / 4;
        if slow.gap < FIRST_GAP / 4 {
            self.slow = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn nobody_waits_until_the_vault_throttles() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        assert!((0..100).all(|_| pace.turn(now) == now));
    }

    #[test]
    fn after_that_calls_take_turns() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        // sixteen at once are refused: one event
        (0..16).for_each(|_| pace.throttled(now, now, 100 * MS));
        let turns: Vec<_> = (0..3).map(|_| pace.turn(now + MS)).collect();
        assert_eq!(turns, [now + 100 * MS, now + 100 * MS + FIRST_GAP, now + 100 * MS + 2 * FIRST_GAP]);
    }

    #[test]
    fn the_gap_grows_with_each_refusal_and_goes_with_success() {
        let (mut pace, mut now) = (Pace::default(), Instant::now());
        for _ in 0..20 {
            let turn = pace.turn(now);
            now = turn + MS;
            pace.throttled(turn, now, MS);
        }
        assert_eq!(pace.slow.as_ref().map(|slow| slow.gap), Some(LONGEST_GAP));
        for _ in 0..50 {
            now = pace.turn(now + MS);
            pace.answered(now);
        }
        assert!(pace.slow.is_none());
    }
}
