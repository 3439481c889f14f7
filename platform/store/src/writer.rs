//! The one writer: takes many commands, commits them with one `fsync`, then answers all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::db::{BeforeCommit, Options, Target};
use crate::engine::Connection;
use crate::health::Health;
use crate::reserve::Reserve;
use crate::{StoreError, Tx};

/// The most commands that share one commit.
const GROUP: usize = 512;

/// A command waiting for the writer.
pub(crate) trait Job: Send {
    /// Whether the emergency reserve may be used for it.
    fn is_needed(&self) -> bool;

    /// Runs the command; `true` keeps its effects.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Answers the caller, once it is known whether the group is on disk.
    fn settle(self: Box<Self>, committed: Result<(), StoreError>);
}

/// How much a write matters when the disk is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The emergency reserve is there for it.
    Needed,
    /// It is done when there is room.
    IfRoom,
}

/// A command with the way back to its caller.
pub(crate) struct WriteJob<T, E, F, R> {
    weight: Weight,
    command: Option<F>,
    result: Option<Result<T, E>>,
    reply: R,
}

impl<T, E, F, R> WriteJob<T, E, F, R>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    R: FnOnce(Result<T, E>) + Send + 'static,
{
    pub(crate) fn boxed(weight: Weight, command: F, reply: R) -> Box<dyn Job> {
        Box::new(Self {
            weight,
            command: Some(command),
            result: None,
            reply,
        })
    }
}

impl<T, E, F, R> Job for WriteJob<T, E, F, R>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn is_needed(&self) -> bool {
        self.weight == Weight::Needed
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(command) = self.command.take() else {
            return false;
        };
        let result = catch_unwind(AssertUnwindSafe(|| command(tx)))
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn settle(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.result, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        (self.reply)(answer);
    }
}

/// The handle to the writer thread.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: Sender<Box<dyn Job>>,
    health: Arc<Health>,
}

impl Writer {
    pub(crate) fn start(
        target: Target,
        options: Options,
        hook: Box<dyn BeforeCommit>,
        health: Arc<Health>,
    ) -> Result<(Self, thread::JoinHandle<()>), StoreError> {
        let connection = target.connect(options, false)?;
        let reserve = match &target {
            Target::Sqlite(path) => Some(Reserve::beside(path, options.reserve)),
            Target::Postgres { .. } => None,
        };
        let (jobs, queue) = channel();
        let mut state = State {
            connection,
            target,
            options,
            hook,
            reserve,
            health: Arc::clone(&health),
        };
        let writing = thread::Builder::new()
            .name("db-write".to_owned())
            .spawn(move || state.serve(&queue))?;
        Ok((Self { jobs, health }, writing))
    }

    pub(crate) fn submit(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        self.health.arrived();
        self.jobs.send(job).map_err(|_| StoreError::Closed)
    }
}

struct State {
    connection: Connection,
    target: Target,
    options: Options,
    hook: Box<dyn BeforeCommit>,
    reserve: Option<Reserve>,
    health: Arc<Health>,
}

impl State {
    fn serve(&mut self, queue: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = queue.recv() {
            let mut group = vec![first];
            while group.len() < GROUP {
                let Ok(job) = queue.try_recv() else { break };
                group.push(job);
            }
            self.health.left(group.len());
            self.reconnect_if_lost();
            let needed = group.iter().any(|job| job.is_needed());
            self.tend_reserve(if needed { Reserve::tend } else { Reserve::regain });
            let started = now();
            let outcome = self.run_group(&mut group);
            let seconds = started.elapsed().as_secs_f64();
            self.health.ended(&outcome, group.len(), seconds);
            match &outcome {
                Ok(()) => self.hook.after_commit(),
                Err(StoreError::DiskFull) if needed => self.tend_reserve(Reserve::give),
                Err(_) => {}
            }
            for job in group {
                job.settle(outcome.as_ref().copied().map_err(restate));
            }
        }
    }

    fn tend_reserve(&mut self, tend: fn(&mut Reserve)) {
        if let Some(reserve) = &mut self.reserve {
            tend(reserve);
            self.health.keep_reserve(reserve.held());
        }
    }

    fn run_group(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let begin = match self.connection {
            Connection::Sqlite(_) => "BEGIN IMMEDIATE",
            Connection::Postgres(_) => "BEGIN",
        };
        self.connection.batch(begin)?;
        let done = self
            .run_commands(group)
            .and_then(|()| self.connection.batch("COMMIT"));
        if done.is_err() {
            // The engine may already have rolled back by itself, for example on a full disk.
            drop(self.connection.batch("ROLLBACK"));
        }
        done
    }

    fn run_commands(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        self.hook.begin(&mut Tx::new(&mut self.connection))?;
        for job in group {
            self.connection.batch("SAVEPOINT command")?;
            let mut tx = Tx::new(&mut self.connection);
            let keep = job.run(&mut tx);
            // A full disk undoes the whole transaction at once, and the neighbours with it.
            if tx.is_full() {
                return Err(StoreError::DiskFull);
            }
            let end = if keep {
                "RELEASE SAVEPOINT command"
            } else {
                "ROLLBACK TO SAVEPOINT command; RELEASE SAVEPOINT command"
            };
            self.connection.batch(end)?;
        }
        self.hook.before_commit(&mut Tx::new(&mut self.connection))
    }

    fn reconnect_if_lost(&mut self) {
        let mut pause = Duration::from_millis(50);
        while !self.connection.is_alive() {
            match self.target.connect(self.options, false) {
                Ok(fresh) => self.connection = fresh,
                Err(error) => {
                    tracing::error!(%error, "the writer could not reconnect");
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_secs(5));
                    if pause >= Duration::from_secs(5) {
                        return;
                    }
                }
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a latency is measured; nothing is decided by it"
)]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// Every command of a failed group gets its own copy of the reason.
fn restate(error: &StoreError) -> StoreError {
    match error {
        StoreError::DiskFull => StoreError::DiskFull,
        StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
        other => StoreError::Commit(other.to_string()),
    }
}
