//! The one writer of a process: takes all changes that wait, runs them in one transaction, commits, and then answers.

use super::{Connection, Dialect, Source};
use crate::audit::Chain;
use async_trait::async_trait;
use futures::future::BoxFuture;
use std::time::Duration;
use strongroom_core::{Error, Kind, Result};
use tokio::sync::{mpsc, oneshot};

/// The most changes of one transaction: about what one disk sync takes to write.
const LARGEST_BATCH: usize = 256;
/// How often a transaction is begun again after a deadlock or a lost certification.
const ATTEMPTS: u32 = 8;

/// A transaction that is under way.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) connection: Connection,
    pub(crate) chain: Chain,
}

/// A change of the database. It may run several times, each time as if it were the first.
#[async_trait]
pub(crate) trait Work: Send + 'static {
    /// What the caller gets when the change is on disk.
    type Done: Send + 'static;

    /// Whether nothing that is remembered outside the database depends on it, and only the database can refuse it: such as a
    /// record of a read.
    const QUIET: bool = false;

    /// Makes the change; an error undoes it, and nothing else of the transaction.
    async fn run(&mut self, change: &mut Change) -> Result<Self::Done>;
}

/// A change with somebody waiting for it.
pub(super) trait Job: Send {
    /// See [`Work::QUIET`].
    fn is_quiet(&self) -> bool;

    /// Runs it; whether it shall stay.
    fn run<'c>(&'c mut self, change: &'c mut Change) -> BoxFuture<'c, Result<bool>>;

    /// Answers: with what it made, or why the transaction failed.
    fn answer(self: Box<Self>, failed: Option<&Error>);
}

struct Pending<W: Work> {
    work: W,
    outcome: Option<Result<W::Done>>,
    reply: oneshot::Sender<Result<W::Done>>,
}

/// A job, and where its answer arrives.
pub(super) fn job<W: Work>(work: W) -> (Box<dyn Job>, oneshot::Receiver<Result<W::Done>>) {
    let (reply, answer) = oneshot::channel();
    (Box::new(Pending { work, outcome: None, reply }), answer)
}

impl<W: Work> Job for Pending<W> {
    fn is_quiet(&self) -> bool {
        W::QUIET
    }

    fn run<'c>(&'c mut self, change: &'c mut Change) -> BoxFuture<'c, Result<bool>> {
        Box::pin(async move {
            match self.work.run(change).await {
                // the transaction as a whole cannot go on
                Err(error) if error.kind() == Kind::Unavailable => Err(error),
                outcome => {
                    let is_kept = outcome.is_ok();
                    self.outcome = Some(outcome);
                    Ok(is_kept)
                }
            }
        })
    }

    fn answer(self: Box<Self>, failed: Option<&Error>) {
        let outcome = match (failed, self.outcome) {
            // what was refused by itself was refused whatever became of the others
            (_, Some(Err(error))) => Err(error),
            (None, Some(outcome)) => outcome,
            (Some(error), _) => Err(copy(error)),
            (None, None) => Err(Error::new(Kind::Unavailable, "the change did not run")),
        };
        // nobody waits any more: the change is made all the same
        let _ = self.reply.send(outcome);
    }
}

fn copy(error: &Error) -> Error {
    let copied = Error::new(error.kind(), error.to_string());
    match error.causes().is_empty() {
        true => copied,
        false => copied.with_source(error.causes().join(": ")),
    }
}

/// Writes until nobody can send any more.
pub(super) async fn write(source: Source, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch = Vec::with_capacity(LARGEST_BATCH);
    let mut connection = None;
    while jobs.recv_many(&mut batch, LARGEST_BATCH).await > 0 {
        let failed = commit(&source, &mut connection, &mut batch).await.err();
        for job in batch.drain(..) {
            job.answer(failed.as_ref());
        }
    }
}

async fn commit(source: &Source, kept: &mut Option<Connection>, batch: &mut [Box<dyn Job>]) -> Result<()> {
    for attempt in 1.. {
        let connection = match kept.take() {
            Some(connection) => connection,
            None => source.connect().await?,
        };
        let mut change = Change { connection, chain: Chain::default() };
        match attempt_once(&mut change, batch).await {
            Ok(()) => {
                *kept = Some(change.connection);
                return Ok(());
            }
            Err(error) => {
                // a connection that cannot roll back is not used again
                if change.connection.execute_text("ROLLBACK").await.is_ok() {
                    *kept = Some(change.connection);
                }
                if error.kind() != Kind::Unavailable || attempt >= ATTEMPTS {
                    return Err(error);
                }
            }
        }
        source.pause(Duration::from_millis(5 << attempt)).await;
    }
    unreachable!("the last attempt returns")
}

async fn attempt_once(change: &mut Change, batch: &mut [Box<dyn Job>]) -> Result<()> {
    let begin = match change.connection.dialect() {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres | Dialect::MariaDb => "START TRANSACTION",
    };
    change.connection.execute_text(begin).await?;
    change.chain = Chain::lock(&mut change.connection).await?;
    for job in batch.iter_mut() {
        if job.is_quiet() {
            job.run(change).await?;
            continue;
        }
        change.connection.execute_text("SAVEPOINT job").await?;
        let before = change.chain;
        if job.run(change).await? {
            change.connection.execute_text("RELEASE SAVEPOINT job").await?;
            change.chain.count_change();
        } else {
            change.connection.execute_text("ROLLBACK TO SAVEPOINT job").await?;
            change.chain = before;
        }
    }
    change.chain.save(&mut change.connection).await?;
    change.connection.execute_text("COMMIT").await
}
