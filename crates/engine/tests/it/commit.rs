//! The answer to a commit that is lost on its way: the writer finds out what became of it, and nothing is done twice.

use crate::accounts::open_at;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use strongroom_core::central::{NewSecret, Secrets};
use strongroom_core::seal::Key;
use strongroom_core::{Kind, Value, Values};
use strongroom_testkit::{TestDatabase, databases};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of the next commit.
const GOES_THROUGH: u8 = 0;
const ANSWER_IS_LOST: u8 = 1;
const NEVER_ARRIVES: u8 = 2;
const ANSWER_IS_LOST_AND_SERVER_TOO: u8 = 3;
/// Every connection breaks at once.
const NOBODY_IS_THERE: u8 = 4;

/// A way to a server that loses what it is told to lose.
async fn wire(database: &TestDatabase, next: &Arc<AtomicU8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = database.url_through(listener.local_addr().unwrap().port()).unwrap();
    let (port, next) = (database.port().unwrap(), Arc::clone(next));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let next = Arc::clone(&next);
            tokio::spawn(async move { carry(client, port, &next).await.ok() });
        }
    });
    url
}

async fn carry(mut client: TcpStream, port: u16, next: &AtomicU8) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
    let (mut from_client, mut from_server) = ([0; 1 << 16], [0; 1 << 16]);
    loop {
        tokio::select! {
            count = client.read(&mut from_client) => {
                let sent = &from_client[..count?];
                let is_commit = sent.windows(6).any(|word| word == b"COMMIT");
                let fate = next.load(Ordering::SeqCst);
                if sent.is_empty() || fate == NOBODY_IS_THERE {
                    return Ok(());
                }
                let fate = if is_commit { fate } else { GOES_THROUGH };
                if fate == NEVER_ARRIVES {
                    next.store(GOES_THROUGH, Ordering::SeqCst);
                    return Ok(());
                }
                server.write_all(sent).await?;
                if fate != GOES_THROUGH {
                    // the server has answered: it is done
                    assert!(server.read(&mut from_server).await? > 0);
                    next.store(if fate == ANSWER_IS_LOST { GOES_THROUGH } else { NOBODY_IS_THERE }, Ordering::SeqCst);
                    return Ok(());
                }
            }
            count = server.read(&mut from_server) => {
                let count = count?;
                if count == 0 {
                    return Ok(());
                }
                client.write_all(&from_server[..count]).await?;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_neither_lost_nor_done_twice() {
    for database in databases().into_iter().filter(|database| database.file().is_none()) {
        let next = Arc::new(AtomicU8::new(GOES_THROUGH));
        let url = wire(&database, &next).await;
        let (_engine, admin) = open_at(&url, &Arc::new(Key::generate().unwrap())).await;
        let values = || Values::from_iter([("k".to_owned(), Value::text("v"))]);
        for (name, fate) in [("a", ANSWER_IS_LOST), ("b", NEVER_ARRIVES), ("c", GOES_THROUGH)] {
            next.store(fate, Ordering::SeqCst);
            let made = admin.create(NewSecret::new(name.parse().unwrap(), values())).await.unwrap();
            assert_eq!(next.load(Ordering::SeqCst), GOES_THROUGH, "{name}");
            assert_eq!(admin.get(made.id, None).await.unwrap().values, Some(values()));
            let count = format!("SELECT count(*) FROM audit WHERE action = 'secret.create' AND target = '{name}'");
            assert_eq!(database.sql(&count), "1", "{name}");
        }
        // nobody tells: then that is the answer
        next.store(ANSWER_IS_LOST_AND_SERVER_TOO, Ordering::SeqCst);
        let error = admin.create(NewSecret::new("d".parse().unwrap(), values())).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string()),
            (Kind::Unavailable, "it is not known whether the change was made".to_owned())
        );
        next.store(GOES_THROUGH, Ordering::SeqCst);
        let again = admin.create(NewSecret::new("d".parse().unwrap(), values())).await.unwrap_err();
        assert_eq!(again.kind(), Kind::AlreadyExists);
        assert_eq!(admin.verify_audit().await.unwrap().broken_at, None);
    }
}
