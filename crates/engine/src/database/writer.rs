//! The one writer of a process: takes all changes that wait, runs them in one transaction, commits, and then answers.

use super::{Connection, Dialect, Source};
use crate::audit::Chain;
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use strongroom_core::{Error, Kind, Result};
use tokio::sync::{mpsc, oneshot};

/// The most changes of one transaction: about what one disk sync takes to write.
const LARGEST_BATCH: usize = 256;
/// For how long a transaction is begun again after a deadlock, a lost certification or a lost connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same, when the transaction before failed for that long.
const IMPATIENCE: Duration = Duration::from_secs(1);

/// A transaction that is under way.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) connection: Connection,
    pub(crate) chain: Chain,
    /// The id of the sealing key in force, once somebody asked.
    pub(crate) in_force: Option<String>,
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

    /// Whether it ran and was refused.
    fn is_refused(&self) -> bool;

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

    fn is_refused(&self) -> bool {
        matches!(self.outcome, Some(Err(_)))
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
            (Some(error), _) => Err(error.copy()),
            (None, None) => Err(Error::new(Kind::Unavailable, "the change did not run")),
        };
        // nobody waits any more: the change is made all the same
        let _ = self.reply.send(outcome);
    }
}

/// Writes until nobody can send any more.
pub(super) async fn write(source: Source, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch = Vec::with_capacity(LARGEST_BATCH);
    let mut writer = Writer { source, kept: None, patience: PATIENCE };
    while jobs.recv_many(&mut batch, LARGEST_BATCH).await > 0 {
        gather(&writer.source, &mut jobs, &mut batch).await;
        let committed = AssertUnwindSafe(writer.commit(&mut batch)).catch_unwind().await;
        let failed = committed.unwrap_or_else(|_| Err(Error::new(Kind::Unavailable, "the change failed"))).err();
        // when the database is gone, those who wait are told soon
        let is_gone = failed.as_ref().is_some_and(|error| error.kind() == Kind::Unavailable);
        writer.patience = if is_gone { IMPATIENCE } else { PATIENCE };
        for job in batch.drain(..) {
            job.answer(failed.as_ref());
        }
    }
}

/// Lets those come along who are about to ask: a sync costs the same for one change as for many. Nobody waits for it who has
/// a processor to themselves.
async fn gather(source: &Source, jobs: &mut mpsc::Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) {
    let mut before = 0;
    while before < batch.len() && batch.len() < LARGEST_BATCH {
        before = batch.len();
        source.give_way().await;
        batch.extend(std::iter::from_fn(|| jobs.try_recv().ok()).take(LARGEST_BATCH - before));
    }
}

struct Writer {
    source: Source,
    kept: Option<Connection>,
    patience: Duration,
}

/// A commit whose answer was lost.
enum Doubt {
    /// It would have made this end of the audit trail.
    Recorded(Chain),
    /// It would have left no trace.
    Untraced,
}

/// How a transaction ended.
enum End {
    Committed,
    /// A quiet change was refused: the transaction begins again without it.
    Without,
}

impl Writer {
    async fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<()> {
        let begun = Instant::now();
        let mut doubt = None;
        for attempt in 1_u32.. {
            let error = match self.attempt(batch, &mut doubt).await {
                Ok(End::Committed) => return Ok(()),
                Ok(End::Without) => continue,
                Err(error) => error,
            };
            let is_over = error.kind() != Kind::Unavailable || begun.elapsed() > self.patience;
            match doubt {
                Some(Doubt::Recorded(_)) if !is_over => {}
                Some(_) => return Err(error.within("it is not known whether the change was made")),
                None if is_over => return Err(error),
                None => {}
            }
            self.source.pause(pause(attempt)).await;
        }
        unreachable!("there is time for no more than so many attempts")
    }

    async fn attempt(&mut self, batch: &mut [Box<dyn Job>], doubt: &mut Option<Doubt>) -> Result<End> {
        let connection = match self.kept.take() {
            Some(connection) => connection,
            None => self.source.connect_within(self.patience).await?,
        };
        let mut change = Change { connection, chain: Chain::default(), in_force: None };
        let end = transact(&mut change, batch, doubt).await;
        let is_usable = match end {
            Ok(End::Committed) => true,
            // to one that does not answer nothing more is said: it would be waited for again
            _ => !change.connection.is_lost() && change.connection.execute_text("ROLLBACK").await.is_ok(),
        };
        if is_usable {
            self.kept = Some(change.connection);
        }
        end
    }
}

/// Longer from time to time, and never the same for two replicas.
fn pause(attempt: u32) -> Duration {
    let longest = 5_u64 << attempt.min(5);
    let chance = u64::from(getrandom::u32().unwrap_or_default()) % longest;
    Duration::from_millis(longest / 2 + chance)
}

async fn transact(change: &mut Change, batch: &mut [Box<dyn Job>], doubt: &mut Option<Doubt>) -> Result<End> {
    let begin = match change.connection.dialect() {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres | Dialect::MariaDb => "START TRANSACTION",
    };
    change.connection.begin(begin).await?;
    change.chain = Chain::lock(&mut change.connection).await?;
    // whoever held the lock has ended: now it can be told what became of the commit
    if let Some(Doubt::Recorded(made)) = doubt
        && made.is_recorded(&mut change.connection).await?
    {
        change.connection.execute_text("ROLLBACK").await?;
        return Ok(End::Committed);
    }
    *doubt = None;
    let before = change.chain;
    for job in batch.iter_mut() {
        if job.is_quiet() {
            if job.is_refused() {
                continue;
            }
            if !job.run(change).await? {
                return Ok(End::Without);
            }
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
    let committed = change.connection.execute_text("COMMIT").await;
    if committed.is_err() && change.connection.is_lost() {
        let is_recorded = change.chain.has_records_after(&before);
        *doubt = Some(if is_recorded { Doubt::Recorded(change.chain) } else { Doubt::Untraced });
    }
    committed.map(|()| End::Committed)
}
