//! Many processes at once, and what each of them was told.

use super::history::{Answer, Event, Operation, Values, is_explained};
use crate::room::Room;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Output;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Instant;

/// How many processes run at once.
pub(crate) const CROWD: usize = 20;

/// Runs `work` on as many threads as there are in a crowd, from the same moment on.
pub(crate) fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, work) = (Barrier::new(CROWD), &work);
    thread::scope(|scope| {
        let begin = |who| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                work(who)
            })
        };
        let threads: Vec<_> = (0..CROWD).map(begin).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// One pair.
pub(crate) fn pair(key: &str, value: &str) -> Values {
    Values::from([(key.to_owned(), value.to_owned())])
}

/// The kind of a failure that was told with `-o json`.
pub(crate) fn kind(room: &Room, output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", room.show(output));
    assert!(output.stdout.is_empty(), "{}", room.show(output));
    let line: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", room.show(output)));
    line["error"]["kind"].as_str().unwrap().to_owned()
}

/// All that was done to the secrets of one room, by stack and name.
pub(crate) struct Log<'a> {
    room: &'a Room,
    events: Mutex<BTreeMap<(String, String), Vec<Event>>>,
    cleanups: Mutex<Vec<(String, Event, i64)>>,
}

impl<'a> Log<'a> {
    pub(crate) fn new(room: &'a Room) -> Self {
        Self { room, events: Mutex::default(), cleanups: Mutex::default() }
    }

    fn run(&self, stack: &str, words: &[&str]) -> (Output, Instant, Instant) {
        let begun = Instant::now();
        let head = ["--stack", stack, "-o", "json", "secrets-manager", "secret"];
        let output = self.room.run(head.iter().chain(words));
        (output, begun, Instant::now())
    }

    /// Does `operation` to the secret `name` and notes the answer; whether it was done.
    pub(crate) fn act(&self, stack: &str, name: &str, operation: Operation) -> bool {
        let pairs = |values: &Values| values.iter().map(|(key, value)| format!("--{key}={value}")).collect();
        let (verb, more): (_, Vec<String>) = match &operation {
            Operation::Register(values) => ("register", pairs(values)),
            Operation::Update(values) => ("update", pairs(values)),
            Operation::Delete => ("delete", vec!["-y".to_owned()]),
            Operation::Get => ("get", vec![]),
            Operation::Cleanup => return self.clean_up(stack),
        };
        let words: Vec<_> = [verb, name].into_iter().chain(more.iter().map(String::as_str)).collect();
        let (output, begun, ended) = self.run(stack, &words);
        let answer = if !output.status.success() {
            Answer::Refused(kind(self.room, &output))
        } else if operation == Operation::Get {
            let document: Value = serde_json::from_slice(&output.stdout).unwrap();
            Answer::Read(serde_json::from_value(document["values"].clone()).unwrap())
        } else {
            Answer::Done
        };
        let is_done = answer == Answer::Done;
        let event = Event { operation, answer, begun, ended };
        self.events.lock().unwrap().entry((stack.to_owned(), name.to_owned())).or_default().push(event);
        is_done
    }

    fn clean_up(&self, stack: &str) -> bool {
        let (output, begun, ended) = self.run(stack, &["cleanup", "-y"]);
        assert!(output.status.success(), "{}", self.room.show(&output));
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let event = Event { operation: Operation::Cleanup, answer: Answer::Done, begun, ended };
        self.cleanups.lock().unwrap().push((stack.to_owned(), event, document["deleted"].as_i64().unwrap()));
        true
    }

    /// Reads every secret once more, and fails unless some order of all that was done explains every answer.
    pub(crate) fn check(self) {
        let names: Vec<_> = self.events.lock().unwrap().keys().cloned().collect();
        for (stack, name) in &names {
            self.act(stack, name, Operation::Get);
        }
        self.count();
        let cleanups = self.cleanups.into_inner().unwrap();
        for ((stack, name), mut events) in self.events.into_inner().unwrap() {
            events.extend(cleanups.iter().filter(|(of, _, _)| *of == stack).map(|(_, event, _)| event.clone()));
            events.sort_by_key(|event| event.begun);
            assert!(is_explained(&events), "no order explains `{name}` of {stack}: {events:#?}");
        }
    }

    /// What was registered and not said to be deleted is what is listed, stack by stack.
    fn count(&self) {
        let events = self.events.lock().unwrap();
        let mut balance: BTreeMap<&str, i64> = BTreeMap::new();
        for ((stack, _), events) in events.iter() {
            for event in events.iter().filter(|event| event.answer == Answer::Done) {
                *balance.entry(stack).or_default() += match event.operation {
                    Operation::Register(_) => 1,
                    Operation::Delete => -1,
                    Operation::Update(_) | Operation::Get | Operation::Cleanup => 0,
                };
            }
        }
        let cleanups = self.cleanups.lock().unwrap();
        for (stack, _, deleted) in cleanups.iter() {
            *balance.entry(stack).or_default() -= deleted;
        }
        for (stack, expected) in balance {
            let (output, _, _) = self.run(stack, &["list"]);
            let listed: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
            let listed = i64::try_from(listed.len()).unwrap();
            assert_eq!(listed, expected, "{stack}: {events:#?} {cleanups:#?}");
        }
    }
}
