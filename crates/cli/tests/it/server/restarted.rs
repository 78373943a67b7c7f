//! A database that is killed, or stands still, under a server that runs: in between it says 503, afterwards all that was
//! acknowledged is there, and it goes on by itself.

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
/// No answer takes longer: twenty seconds for a statement that was sent, one for what waits behind it, and something for a busy
/// machine.
const DEADLINE: Duration = Duration::from_secs(40);
/// Who asks what while the others write.
const READERS: [&str; 3] = ["read", "list", "sign-in"];
/// So often each of them is refused: for the first time after ten seconds or twenty, then each second.
const REFUSALS: usize = 3;

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

/// What happens to the database, and how soon each reader was refused three times.
enum Fate {
    Killed,
    StandsStill,
}

impl Fate {
    fn refused_within(&self) -> Duration {
        Duration::from_secs(match self {
            Self::Killed => 24,
            Self::StandsStill => 40,
        })
    }
}

fn outlives_its_database(kind: DatabaseKind, fate: Fate) {
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
        reached("writes", &watch.acknowledged, ACKNOWLEDGED).await;
        match fate {
            Fate::Killed => own.kill(),
            Fate::StandsStill => own.stop(),
        }
        let gone = Instant::now();
        reached("refused writes", &watch.creates, 1).await;
        for (what, refused) in READERS.iter().zip(&watch.reads) {
            reached(&format!("refusals of {what}"), refused, REFUSALS).await;
        }
        assert!(gone.elapsed() < fate.refused_within(), "{REFUSALS} refusals took {:?}", gone.elapsed());
        let before = watch.acknowledged.load(Ordering::SeqCst);
        match fate {
            Fate::Killed => own.start_again(),
            Fate::StandsStill => own.go_on(),
        }
        reached("writes afterwards", &watch.acknowledged, before + ACKNOWLEDGED).await;
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

/// Returns when there were so many.
async fn reached(what: &str, counted: &AtomicUsize, count: usize) {
    let until = Instant::now() + 2 * DEADLINE;
    while counted.load(Ordering::SeqCst) < count {
        assert!(Instant::now() < until, "{} {what} of {count}", counted.load(Ordering::SeqCst));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn a_server_outlives_its_postgres() {
    outlives_its_database(DatabaseKind::Postgres, Fate::Killed);
}

#[test]
fn a_server_outlives_its_mariadb() {
    outlives_its_database(DatabaseKind::MariaDb, Fate::Killed);
}

// what it shows is the same for both databases, and takes half a minute
#[test]
fn a_server_outlives_a_postgres_that_stands_still() {
    outlives_its_database(DatabaseKind::Postgres, Fate::StandsStill);
}
