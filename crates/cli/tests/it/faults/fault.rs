//! The faults.

use super::place::Place;
use std::time::Duration;
use strongroom_keyvault::Timing;
use strongroom_testkit::Operation::{self, Delete, Get, GetDeleted, List, Set, Token};
use strongroom_testkit::{Fault as Switch, Toxic};

/// Seconds for a command under a fault that lets nothing pass: all of them are spent.
const SHORT: u32 = 6;
/// Seconds for a command that gets to its writes, also on a busy machine, and no further.
const MIDDLE: u32 = 10;
/// Seconds for a command that ends by itself, and needs fewer.
const LONG: u32 = 60;

/// Something that goes wrong while a command runs.
pub(super) struct Fault {
    /// Its row.
    pub(super) name: &'static str,
    /// The attribute `timeout` of the secrets manager.
    pub(super) timeout: u32,
    /// The kind of every failure that comes of it.
    pub(super) kind: &'static str,
    /// Whether commands that only read do not notice it.
    pub(super) spares_readers: bool,
    /// Whether it lets one of two writes pass and not the other, so that an unscoped secret may be left torn.
    pub(super) tears: bool,
    /// Makes it go wrong.
    pub(super) begin: fn(&Place),
}

impl Fault {
    /// One that ends in time, or at once.
    const fn brief(name: &'static str, begin: fn(&Place)) -> Self {
        Self { name, timeout: LONG, kind: "unavailable", spares_readers: false, tears: false, begin }
    }

    /// One that lets nothing pass until the deadline.
    const fn lasting(name: &'static str, begin: fn(&Place)) -> Self {
        Self { timeout: SHORT, ..Self::brief(name, begin) }
    }

    /// One that lets something pass, and then nothing until the deadline.
    const fn halving(name: &'static str, begin: fn(&Place)) -> Self {
        Self { timeout: MIDDLE, ..Self::brief(name, begin) }
    }

    const fn sparing_readers(self) -> Self {
        Self { spares_readers: true, ..self }
    }

    const fn of_kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    const fn tearing(self) -> Self {
        Self { tears: true, ..self }
    }
}

/// Every request to the vault.
fn always(place: &Place, switch: Switch) {
    place.vault.faults().add_any(0, usize::MAX, switch);
}

/// Every request of one operation.
fn each(place: &Place, operation: Operation, switch: Switch) {
    place.vault.faults().add(operation, usize::MAX, switch);
}

/// The first request of each operation.
fn once(place: &Place, switch: &Switch) {
    for operation in [Get, Set, Delete, List, GetDeleted] {
        place.vault.faults().add(operation, 1, switch.clone());
    }
}

/// Every request that changes something.
fn writes(place: &Place, switch: &Switch) {
    each(place, Set, switch.clone());
    each(place, Delete, switch.clone());
}

fn slow_deletes(place: &Place, delete: Duration) {
    place.vault.vault().running().switches().set_timing(Timing { delete, recover: delete, purge: delete });
}

/// What the vault itself does.
pub(super) const VAULT: &[Fault] = &[
    Fault::brief("429 to the first of each request", |place| once(place, &Switch::Status(429, None))),
    Fault::brief("the same, with Retry-After: 1", |place| once(place, &Switch::Status(429, Some("1")))),
    Fault::lasting("429 to every request", |place| always(place, Switch::Status(429, None))),
    Fault::brief("the same, with Retry-After: 3600", |place| always(place, Switch::Status(429, Some("3600")))),
    Fault::brief("500 to the first of each request", |place| once(place, &Switch::Status(500, None))),
    Fault::lasting("500 to every request", |place| always(place, Switch::Status(500, None))),
    Fault::halving("500 to every write", |place| writes(place, &Switch::Status(500, None))).sparing_readers(),
    Fault::halving("500 to every write but the first", |place| {
        for operation in [Set, Delete] {
            place.vault.faults().add_after(operation, 1, usize::MAX, Switch::Status(500, None));
        }
    })
    .sparing_readers()
    .tearing(),
    Fault::brief("the first answer to each request breaks off", |place| once(place, &Switch::Reset)),
    Fault::lasting("every answer breaks off", |place| always(place, Switch::Reset)),
    Fault::brief("answers cut in half, as if whole", |place| always(place, Switch::Truncate)),
    Fault::brief("a web page instead of every answer", |place| always(place, Switch::Html)),
    Fault::lasting("no request is carried out or answered", |place| always(place, Switch::HoldBefore)),
    Fault::halving("writes are carried out, not answered", |place| writes(place, &Switch::HoldAfter)).sparing_readers(),
    Fault::brief("two empty pages after each page", |place| {
        place.vault.vault().running().switches().set_empty_pages(2);
    }),
    Fault::brief("deleting takes a second", |place| slow_deletes(place, Duration::from_secs(1))),
    Fault::halving("deleting takes longer than the deadline", |place| slow_deletes(place, Duration::from_secs(60)))
        .sparing_readers(),
    Fault::brief("401 with claims to the first of each request", |place| once(place, &Switch::Claims)),
    Fault::brief("403 to every request", |place| always(place, Switch::Refused(403, "ForbiddenByRbac")))
        .of_kind("forbidden"),
    Fault::brief("403 to every write", |place| writes(place, &Switch::Refused(403, "ForbiddenByRbac")))
        .of_kind("forbidden"),
];

fn toxic(place: &Place, toxic: Toxic) {
    place.link.as_ref().unwrap().meet(toxic);
}

/// What the network before the vault does.
pub(super) const NETWORK: &[Fault] = &[
    Fault::lasting("connection refused", |place| toxic(place, Toxic::Down)),
    Fault::lasting("connections reset", |place| toxic(place, Toxic::Reset)),
    Fault::lasting("connections stall", |place| toxic(place, Toxic::Stall)),
    // the server's part of the handshake is longer
    Fault::lasting("cut in the handshake", |place| toxic(place, Toxic::Cut(300))),
    // the handshake is shorter, the values and the lists are longer
    Fault::halving("cut after 4,500 bytes", |place| toxic(place, Toxic::Cut(4500))),
    Fault::brief("200 ms late", |place| toxic(place, Toxic::Late(200))),
    Fault::brief("20 KB in a second", |place| toxic(place, Toxic::Slow(20))),
    Fault::lasting("a minute late", |place| toxic(place, Toxic::Late(60_000))),
];

/// What the authority does.
pub(super) const SIGN_IN: &[Fault] = &[
    Fault::brief("500 once", |place| place.vault.faults().add(Token, 1, Switch::Status(500, None))),
    Fault::lasting("500 each time", |place| each(place, Token, Switch::Status(500, None))),
    Fault::brief("429 once, with Retry-After: 1", |place| {
        place.vault.faults().add(Token, 1, Switch::Status(429, Some("1")));
    }),
    Fault::lasting("429 each time", |place| each(place, Token, Switch::Status(429, None))),
    Fault::lasting("every answer breaks off", |place| each(place, Token, Switch::Reset)),
    Fault::lasting("no answer", |place| each(place, Token, Switch::HoldBefore)),
    Fault::brief("a web page instead of an answer", |place| each(place, Token, Switch::Html)),
];
