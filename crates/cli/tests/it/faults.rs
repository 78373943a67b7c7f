//! Every command of the secrets manager under every fault of the vault, of the network before it, and of signing in.
//!
//! What was seen is `docs/faults.md`; `cargo xtask faults --write` writes it anew. Each cell holds, whatever it says: a secret
//! is wholly the old or wholly the new one (or named as torn, where an unscoped write ended half-way), a success did what it
//! says, a failure has the kind of its fault and shows no value, and the deadline is kept.

mod cell;
mod command;
mod fault;
mod page;
mod place;

use command::Command;
use fault::{Fault, NETWORK, SIGN_IN, VAULT};
use place::{Layout, Place};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;
use strongroom_testkit::Toxiproxy;

/// Faults that are tried side by side; most of them wait for a deadline.
const AT_ONCE: usize = 10;

/// All commands under all of `faults`, for one layout: a chapter of the page, with a row for each fault.
fn campaign(chapter: &str, faults: &'static [Fault], layout: Layout, toxiproxy: Option<&Toxiproxy>) {
    let waiting = Mutex::new(faults.iter().enumerate());
    let rows = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    // a guard that lives on would make the others wait
                    let next = waiting.lock().unwrap().next();
                    let Some((index, fault)) = next else { break };
                    let row = row(fault, layout, toxiproxy, page::written(chapter, layout, index));
                    rows.lock().unwrap().push((index, row));
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.sort();
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    let failed = rows.iter().flatten().filter(|cell| [FAILED, cell::LATE].contains(&cell.as_str())).count();
    assert!(failed == 0, "{failed} cells are not as they must be:\n{rows:#?}");
    page::same(chapter, layout, &rows);
}

/// How often a row is tried that is late, or not what is written: on a machine that is too busy to run anything in time, a
/// command ends before its fault could do its work. A defect is there each time.
const TRIES: usize = 3;

/// All commands under one fault.
fn row(fault: &Fault, layout: Layout, toxiproxy: Option<&Toxiproxy>, written: Option<String>) -> Vec<String> {
    let mut seen_before = Vec::new();
    for _ in 0..TRIES {
        let place = Place::new(layout, fault, toxiproxy);
        let cells = command::COMMANDS.iter().map(|command| seen(&place, fault, command));
        let row: Vec<_> = std::iter::once(fault.name.to_owned()).chain(cells).collect();
        let is_late = row.iter().any(|cell| cell == cell::LATE);
        let is_other = written.as_ref().is_some_and(|written| *written != page::line(&row));
        let has_failed = row.iter().any(|cell| cell == FAILED);
        if has_failed || !is_late && !is_other {
            return row;
        }
        seen_before = row;
    }
    seen_before
}

/// What stands in a cell that is not as it must be.
const FAILED: &str = "failed";

/// The cell, or that it is not as it must be; the others are tried all the same.
fn seen(place: &Place, fault: &Fault, command: &Command) -> String {
    let cell = catch_unwind(AssertUnwindSafe(|| cell::cell(place, fault, command)));
    cell.unwrap_or_else(|_| {
        place.heal();
        FAILED.to_owned()
    })
}

#[test]
fn a_vault_that_fails_scoped_secrets() {
    campaign("The vault", VAULT, Layout::Scoped, None);
}

#[test]
fn a_vault_that_fails_unscoped_secrets() {
    campaign("The vault", VAULT, Layout::Unscoped, None);
}

#[test]
fn a_network_that_fails_scoped_secrets() {
    let Some(toxiproxy) = Toxiproxy::from_environment() else { return };
    campaign("The network", NETWORK, Layout::Scoped, Some(&toxiproxy));
}

#[test]
fn a_network_that_fails_unscoped_secrets() {
    let Some(toxiproxy) = Toxiproxy::from_environment() else { return };
    campaign("The network", NETWORK, Layout::Unscoped, Some(&toxiproxy));
}

#[test]
fn signing_in_that_fails() {
    // nothing of the layout is asked for before
    campaign("Signing in", SIGN_IN, Layout::Scoped, None);
}
