//! kill -9 of the database under a server that runs: in between it says 503, afterwards all that was acknowledged is there, and it
//! goes on by itself.

use super::writers::{Known, of_write, outlived, write};
use super::{ADMIN, Client, Server, path, runtime};
use crate::room::Room;
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use strongroom_testkit::{DatabaseKind, OwnServer};

const WRITERS: usize = 16;
/// So many writes are acknowledged before the kill, and after the database is back.
const ACKNOWLEDGED: usize = 100;
/// No answer takes longer: ten seconds for a connection to read, as many for the writer, and something for a busy machine.
const DEADLINE: Duration = Duration::from_secs(25);
/// Who asks what while the others write.
const READERS: [&str; 3] = ["read", "list", "sign-in"];
/// So often each of them is refused, and how long that takes: ten seconds for the first time, then one, not ten each.
const REFUSALS: usize = 3;
const REFUSED_WITHIN: Duration = Duration::from_secs(24);

/// What all who ask tell each other.
#[derive(Default)]
struct Watch {
    next: AtomicUsize,
    acknowledged: AtomicUsize,
    /// How many creates were refused, and how many requests of each reader.
    creates: AtomicUsize,
    reads: [AtomicUsize; READERS.len()],
    is_over: AtomicBool,
}

impl Watch {
    /// Holds an answer to what a server without its database may say; whether it is one of success.
    fn look(&self, what: &str, begun: Instant, (status, answer): &(u16, Value)) -> bool {
        let took = begun.elapsed();
        assert!(took < DEADLINE, "{what} took {took:?}");
        if *status != 200 {
            assert_eq!(*status, 503, "{what}: {answer}");
            let said = answer["detail"][1].as_str().unwrap();
            assert!(said.contains("the database") || said.contains("it is not known whether"), "{what}: {answer}");
        }
        *status == 200
    }
}

async fn write_on(client: Client, watch: Arc<Watch>) -> Vec<Known> {
    let mut known = Vec::new();
    while !watch.is_over.load(Ordering::SeqCst) {
        let (begun, before) = (Instant::now(), known.len());
        let n = watch.next.fetch_add(1, Ordering::SeqCst);
        let answer = write(&client, n, &mut known).await.unwrap();
        if watch.look("write", begun, &answer) {
            watch.acknowledged.fetch_add(1, Ordering::SeqCst);
        } else {
            watch.creates.fetch_add(usize::from(known.len() == before), Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    known
}

async fn read_on(client: Client, secret: String, reader: usize, watch: Arc<Watch>) {
    let what = READERS[reader];
    while !watch.is_over.load(Ordering::SeqCst) {
        let begun = Instant::now();
        let answer = match what {
            "sign-in" => client.log_in(ADMIN.0, ADMIN.1).await,
            "list" => client.ask(Method::GET, "/secrets?size=5", None).await,
            _ => client.ask(Method::GET, &secret, None).await,
        };
        if !watch.look(what, begun, &answer) {
            watch.reads[reader].fetch_add(1, Ordering::SeqCst);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn outlives_its_database(kind: DatabaseKind) {
    let Some(mut own) = OwnServer::start(kind) else { return };
    let database = own.database();
    let room = Room::new();
    let server = Server::start(&room, &database.url());
    runtime().block_on(async {
        let admin = server.admin().await;
        let secret = path(&admin.create("read", of_write("read")).await);
        let watch = Arc::new(Watch::default());
        let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(write_on(admin.clone(), Arc::clone(&watch)))).collect();
        let readers: Vec<_> = (0..READERS.len())
            .map(|reader| tokio::spawn(read_on(admin.clone(), secret.clone(), reader, Arc::clone(&watch))))
            .collect();
        reached(&watch.acknowledged, ACKNOWLEDGED).await;
        own.kill();
        let killed = Instant::now();
        reached(&watch.creates, 1).await;
        for refused in &watch.reads {
            reached(refused, REFUSALS).await;
        }
        assert!(killed.elapsed() < REFUSED_WITHIN, "{REFUSALS} refusals took {:?}", killed.elapsed());
        let before = watch.acknowledged.load(Ordering::SeqCst);
        own.start_again();
        reached(&watch.acknowledged, before + ACKNOWLEDGED).await;
        watch.is_over.store(true, Ordering::SeqCst);
        let mut known = Vec::new();
        for writer in writers {
            known.extend(writer.await.unwrap());
        }
        for reader in readers {
            reader.await.unwrap();
        }
        // and the one secret that the readers read
        outlived(&admin, known, watch.creates.load(Ordering::SeqCst) + 1).await;
        admin.verified().await;
    });
}

/// Returns when it was counted so far.
async fn reached(counted: &AtomicUsize, count: usize) {
    let until = Instant::now() + 2 * DEADLINE;
    while counted.load(Ordering::SeqCst) < count {
        assert!(Instant::now() < until, "the server does not go on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn a_server_outlives_its_postgres() {
    outlives_its_database(DatabaseKind::Postgres);
}

#[test]
fn a_server_outlives_its_mariadb() {
    outlives_its_database(DatabaseKind::MariaDb);
}
