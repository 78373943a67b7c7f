//! kill -9 of the server while many write: all that was acknowledged is there afterwards, and whole.

use super::{Client, Server, path, runtime, values};
use crate::room::Room;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use strongroom_testkit::{DatabaseKind, TestDatabase};

/// How many write at once, and how many writes they try.
const WRITERS: usize = 64;
const WRITES: usize = 10_000;
/// The server is killed when so many were acknowledged.
const KILLED_AFTER: usize = 1_000;
const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// What is known of one secret: its path, the last write that was acknowledged, and one that was not, if it was tried.
struct Known {
    path: String,
    acknowledged: String,
    tried: Option<String>,
}

/// Values that tell which write they are of; those of two writes are told from those of one.
fn of_write(mark: &str) -> Value {
    KEYS.iter().map(|key| ((*key).to_owned(), json!(mark))).collect::<Map<_, _>>().into()
}

/// The write that values are of, if they are of one.
fn write_of(values: &Value) -> Option<&str> {
    let mark = values["a"].as_str()?;
    (*values == of_write(mark)).then_some(mark)
}

/// One writer: mostly creates; each fourth write changes what it made before.
async fn write(client: Client, next: Arc<AtomicUsize>, acknowledged: Arc<AtomicUsize>) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::SeqCst);
        if n >= WRITES {
            return known;
        }
        let mark = format!("write-{n}");
        let body = json!({ "name": format!("s-{n}"), "values": of_write(&mark) });
        let is_done = match known.iter_mut().rev().find(|known| known.tried.is_none()).filter(|_| n % 4 == 3) {
            Some(secret) => {
                let change = json!({ "values": of_write(&mark) });
                let is_done = matches!(client.try_ask(Method::PUT, &secret.path, Some(&change)).await, Ok((200, _)));
                match is_done {
                    true => secret.acknowledged = mark,
                    false => secret.tried = Some(mark),
                }
                is_done
            }
            None => match client.try_ask(Method::POST, "/secrets", Some(&body)).await {
                Ok((200, made)) => {
                    known.push(Known { path: path(&made), acknowledged: mark, tried: None });
                    true
                }
                _ => false,
            },
        };
        acknowledged.fetch_add(usize::from(is_done), Ordering::SeqCst);
    }
}

/// The story for one database, and one place for values that `arguments` of the server name.
fn acknowledged_writes_outlive_the_server(database: &TestDatabase, arguments: &[String]) {
    let room = Room::new();
    let mut server = Server::start(&room, &database.url(), arguments);
    let known = runtime().block_on(async {
        let admin = server.admin().await;
        let (next, acknowledged) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let spawn = |_| tokio::spawn(write(admin.clone(), Arc::clone(&next), Arc::clone(&acknowledged)));
        let writers: Vec<_> = (0..WRITERS).map(spawn).collect();
        while acknowledged.load(Ordering::SeqCst) < KILLED_AFTER {
            assert!(!writers.iter().all(tokio::task::JoinHandle::is_finished), "the server refused");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        server.kill();
        let mut known = Vec::new();
        for writer in writers {
            known.extend(writer.await.unwrap());
        }
        assert_eq!(next.load(Ordering::SeqCst), WRITES + WRITERS);
        known
    });

    let server = Server::start(&room, &database.url(), arguments);
    runtime().block_on(async {
        let admin = server.admin().await;
        let known: HashMap<_, _> = known.into_iter().map(|known| (known.path.clone(), known)).collect();
        let mut found = HashMap::new();
        for page in 1.. {
            let listed = admin.get(&format!("/secrets?size=1000&page={page}")).await;
            found.extend(listed["items"].as_array().unwrap().iter().map(|item| (path(item), item["name"].clone())));
            if page >= listed["total_pages"].as_u64().unwrap() {
                break;
            }
        }
        let lost: Vec<_> = known.keys().filter(|path| !found.contains_key(*path)).collect();
        assert!(lost.is_empty(), "{} were acknowledged and are gone: {lost:?}", lost.len());
        assert!(found.len() - known.len() <= WRITERS, "{} of {} were acknowledged", known.len(), found.len());
        for path in found.keys() {
            let read = admin.get(path).await;
            let mark = write_of(values(&read)).unwrap_or_else(|| panic!("torn: {read}"));
            if let Some(Known { acknowledged, tried, .. }) = known.get(path) {
                assert!(mark == acknowledged || tried.as_deref() == Some(mark), "{mark} is not {acknowledged}");
            }
        }
        // it goes on as if nothing had been: the same names are taken, others are not
        admin.verified().await;
        let name = found.values().next().unwrap().as_str().unwrap();
        let taken = super::new(name, json!({}));
        assert_eq!(admin.ask(Method::POST, "/secrets", Some(&taken)).await.0, 409);
        admin.create("after", of_write("after")).await;
        admin.verified().await;
    });
}

#[test]
fn on_sqlite_acknowledged_writes_outlive_the_server() {
    acknowledged_writes_outlive_the_server(&TestDatabase::new(DatabaseKind::Sqlite).unwrap(), &[]);
}

#[test]
fn on_postgres_acknowledged_writes_outlive_the_server() {
    if let Some(database) = TestDatabase::new(DatabaseKind::Postgres) {
        acknowledged_writes_outlive_the_server(&database, &[]);
    }
}

#[test]
fn on_mariadb_acknowledged_writes_outlive_the_server() {
    if let Some(database) = TestDatabase::new(DatabaseKind::MariaDb) {
        acknowledged_writes_outlive_the_server(&database, &[]);
    }
}
