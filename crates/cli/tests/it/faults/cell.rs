//! One command under one fault.

use super::command::{CLEANUP, Command, Found};
use super::fault::Fault;
use super::place::{CALM, FAULTY, Layout, PATIENCE, Place, values};
use serde_json::Value;
use std::process::Output;
use std::time::{Duration, Instant};
use strongroom_testkit::canary;

/// What stands in a cell whose command did not keep its deadline.
pub(super) const LATE: &str = "late";

/// Runs it and looks at what is left; what was seen, in words for the page.
pub(super) fn cell(place: &Place, fault: &Fault, command: &Command) -> String {
    let Place { room, layout, .. } = place;
    let what = format!("{} under {:?} ({layout:?})", command.name, fault.name);
    let before = if command.name == CLEANUP { names(place) } else { 0 };
    (fault.begin)(place);
    let start = Instant::now();
    let is_spared = fault.spares_readers && command.before == command.after;
    let (stack, timeout) = if is_spared { (CALM, PATIENCE) } else { (FAULTY, fault.timeout) };
    let output = room.run(["-o", "json", "--stack", stack].iter().chain(command.words));
    let took = start.elapsed();
    place.heal();
    let shown = || room.show(&output);
    // Less than another deadline: a busy machine takes long to start and to end a process.
    let is_late = took > Duration::from_secs(timeout.into()) * 2;
    assert!(!canary::is_in(&output.stderr), "{what} shows a value on stderr");
    let found: Vec<_> = command.secrets.iter().map(|name| look(place, name)).collect();
    let may_be_torn = *layout == Layout::Unscoped && fault.tears;
    for (name, found) in command.secrets.iter().zip(&found) {
        let whole = *found == command.before || *found == command.after;
        assert!(whole || may_be_torn && *found == Found::Torn, "{what} left `{name}` {found:?}: {}", shown());
    }
    if output.status.success() {
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        assert!((command.is_right)(&printed), "{what} printed something else: {printed}");
        assert!(found.iter().all(|found| *found == command.after), "{what} is not done: {found:?}");
        return if is_late { LATE } else { "done" }.to_owned();
    }
    assert_eq!(output.status.code(), Some(1), "{what}: {}", shown());
    let mut said = failure(&output, fault, command, &what);
    if command.before != command.after {
        said = format!("{said}, {}", left(place, command, before, &found));
    }
    for (name, _) in command.secrets.iter().zip(&found).filter(|(_, found)| **found == Found::Torn) {
        mend(place, name);
    }
    if is_late { LATE.to_owned() } else { said }
}

/// What a failure says: its kind, or the checks of the doctor that failed.
fn failure(output: &Output, fault: &Fault, command: &Command, what: &str) -> String {
    if command.name == "doctor" {
        let checks: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let failed: Vec<_> = checks.iter().filter(|check| check["state"] == "fail").collect();
        assert!(failed.iter().all(|check| check["next"].is_string()), "{what}: no next step in {failed:?}");
        let names: Vec<_> = failed.iter().map(|check| format!("`{}`", check["name"].as_str().unwrap())).collect();
        return format!("1 {} fails", names.join(" and "));
    }
    assert!(output.stdout.is_empty(), "{what} failed and printed something");
    let line: Value = serde_json::from_slice(&output.stderr)
        .unwrap_or_else(|error| panic!("{what}: {error} in {}", String::from_utf8_lossy(&output.stderr)));
    let kind = line["error"]["kind"].as_str().unwrap();
    assert_eq!(kind, fault.kind, "{what}: {line}");
    assert!(line["error"]["hint"].is_string(), "{what}: no next step in {line}");
    format!("1 {kind}")
}

/// What a failed change left, in a word.
fn left(place: &Place, command: &Command, before: usize, found: &[Found]) -> &'static str {
    if command.name == CLEANUP {
        return match names(place) {
            0 => "all gone",
            left if left < before => "some gone",
            _ => "all there",
        };
    }
    match found[0] {
        Found::Torn => "torn",
        found if found == command.after => "new",
        _ => "old",
    }
}

/// How many secrets there are.
fn names(place: &Place) -> usize {
    let listed: Value = serde_json::from_slice(&place.calmly(&["list"]).stdout).unwrap();
    listed.as_array().unwrap().len()
}

/// What a reader finds when nothing goes wrong.
fn look(place: &Place, name: &str) -> Found {
    let output = place.calmly(&["get", name]);
    if output.status.success() {
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let is = |word: &str| document["values"] == values(word);
        return if is("old") {
            Found::Old
        } else if is("new") {
            Found::New
        } else {
            Found::Mixed
        };
    }
    let line: Value = serde_json::from_slice(&output.stderr).unwrap();
    match line["error"]["kind"].as_str().unwrap() {
        "not_found" => Found::Absent,
        "corrupt" => Found::Torn,
        kind => panic!("{kind}: {}", place.room.show(&output)),
    }
}

/// The next write makes a torn secret whole.
fn mend(place: &Place, name: &str) {
    let output = place.calmly(&["update", name, "--values=@old.json"]);
    assert!(output.status.success(), "{}", place.room.show(&output));
    assert_eq!(look(place, name), Found::Old);
}
