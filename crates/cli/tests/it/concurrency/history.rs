//! What processes did to one secret, and whether some order of it explains every answer (linearizability).
//!
//! The search is Wing and Gong's, with Lowe's memory of what was tried: an operation may come next when no other one that is
//! still to come ended before it began.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::time::Instant;

/// The values of a secret.
pub(crate) type Values = BTreeMap<String, String>;

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operation {
    /// Write a secret that is not there.
    Register(Values),
    /// Change these of its values.
    Update(Values),
    /// Remove it.
    Delete,
    /// Read it.
    Get,
    /// Remove all there are; of each secret, a delete that does not say whether it was there.
    Cleanup,
}

/// What the process said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Exit code 0.
    Done,
    /// Exit code 0, and these values.
    Read(Values),
    /// Exit code 1, and this kind.
    Refused(String),
}

/// One operation, from before its process started until after it ended.
#[derive(Clone)]
pub(crate) struct Event {
    pub(crate) operation: Operation,
    pub(crate) answer: Answer,
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = self.ended.duration_since(self.begun);
        write!(f, "{:?} -> {:?} ({took:?}, ended {:?})", self.operation, self.answer, self.ended)
    }
}

type State = Option<Values>;

/// More than this many states were never needed; a search that meets more has gone astray.
const MOST_STATES: usize = 3_000_000;

/// Whether some order of `events` explains every answer, for a secret that is absent at first.
pub(crate) fn is_explained(events: &[Event]) -> bool {
    assert!(events.len() <= 128, "{} operations are too many for one secret", events.len());
    let all = if events.len() == 128 { u128::MAX } else { (1 << events.len()) - 1 };
    let mut tried: HashSet<(u128, State)> = HashSet::new();
    let mut open: Vec<(u128, State)> = vec![(0, None)];
    while let Some((done, state)) = open.pop() {
        if done == all {
            return true;
        }
        if !tried.insert((done, state.clone())) {
            continue;
        }
        assert!(tried.len() < MOST_STATES, "no end of orders: {events:#?}");
        let left = || events.iter().enumerate().filter(|(at, _)| done & (1 << at) == 0);
        let first_end = left().map(|(_, event)| event.ended).min().unwrap();
        for (at, event) in left().filter(|(_, event)| event.begun <= first_end) {
            if let Some(state) = after(&state, event) {
                open.push((done | 1 << at, state));
            }
        }
    }
    false
}

/// The state after `event`, or `None` when its answer is wrong in `state`.
fn after(state: &State, Event { operation, answer, .. }: &Event) -> Option<State> {
    let refused = |kind: &str| *answer == Answer::Refused(kind.to_owned());
    let is_done = *answer == Answer::Done;
    match (operation, state) {
        (Operation::Register(values), None) => is_done.then(|| Some(values.clone())),
        (Operation::Register(_), Some(_)) => refused("already_exists").then(|| state.clone()),
        (Operation::Update(_) | Operation::Delete | Operation::Get, None) => refused("not_found").then_some(None),
        (Operation::Update(new), Some(values)) => is_done.then(|| {
            let mut values = values.clone();
            values.extend(new.clone());
            Some(values)
        }),
        (Operation::Delete, Some(_)) | (Operation::Cleanup, _) => is_done.then_some(None),
        (Operation::Get, Some(values)) => (*answer == Answer::Read(values.clone())).then(|| state.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn values(keys: &str) -> Values {
        keys.chars().map(|key| (key.to_string(), "1".to_owned())).collect()
    }

    /// Operations that begin and end at these moments.
    fn history(events: &[(Operation, Answer, u64, u64)]) -> Vec<Event> {
        let zero = Instant::now();
        let at = |second: u64| zero + Duration::from_secs(second);
        events
            .iter()
            .cloned()
            .map(|(operation, answer, begun, ended)| Event { operation, answer, begun: at(begun), ended: at(ended) })
            .collect()
    }

    fn register() -> (Operation, Answer, u64, u64) {
        (Operation::Register(values("a")), Answer::Done, 0, 1)
    }

    #[test]
    fn a_lost_update_has_no_explanation() {
        let read = |keys: &str| (Operation::Get, Answer::Read(values(keys)), 6, 7);
        let update = |key: &str| (Operation::Update(values(key)), Answer::Done, 2, 5);
        assert!(is_explained(&history(&[register(), update("b"), update("c"), read("abc")])));
        assert!(!is_explained(&history(&[register(), update("b"), update("c"), read("ac")])));
    }

    #[test]
    fn one_of_two_registers_is_refused() {
        let other = |answer| (Operation::Register(values("b")), answer, 0, 1);
        assert!(is_explained(&history(&[register(), other(Answer::Refused("already_exists".into()))])));
        assert!(!is_explained(&history(&[register(), other(Answer::Done)])));
        assert!(!is_explained(&history(&[register(), other(Answer::Refused("conflict".into()))])));
    }

    #[test]
    fn time_is_part_of_the_order() {
        let delete = |begun, ended| (Operation::Delete, Answer::Done, begun, ended);
        let read = |begun, ended| (Operation::Get, Answer::Read(values("a")), begun, ended);
        assert!(is_explained(&history(&[register(), delete(2, 5), read(3, 4)])), "the read came first");
        assert!(!is_explained(&history(&[register(), delete(2, 3), read(4, 5)])), "it cannot have");
    }
}
