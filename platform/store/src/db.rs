//! The store as the program holds it: readers in parallel, one writer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::engine::Connection;
use crate::health::{Health, Observer, Trouble};
use crate::writer::{Weight, WriteJob, Writer};
use crate::{StoreError, Tx};

/// Where the store lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An embedded SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, and the schema to work in (`None`: the default one).
    Postgres {
        /// Connection URL.
        url: String,
        /// Schema that holds the tables.
        schema: Option<String>,
    },
}

impl Target {
    /// Whether this is an embedded file.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    pub(crate) fn connect(&self, options: Options, read_only: bool) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(path) => Connection::open_sqlite(path, options.durable, read_only),
            Self::Postgres { url, schema } => Connection::open_postgres(url, schema.as_deref()),
        }
    }
}

/// How a store is opened.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Number of reader threads, each with its own connection.
    pub readers: usize,
    /// `synchronous=FULL`. Switched off only for throw-away replicas and for the negative control of the power-cut test.
    pub durable: bool,
    /// Bytes that an embedded store sets aside on its disk for the day it is full.
    pub reserve: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            durable: true,
            reserve: 0,
        }
    }
}

/// What must happen in the same transaction as every group of commands.
pub trait BeforeCommit: Send {
    /// Runs before the first command of a group: where several servers write one store, here they take turns.
    fn begin(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let _: &mut Tx<'_> = tx;
        Ok(())
    }

    /// Runs after the commands of a group and before their COMMIT.
    fn before_commit(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError>;

    /// Runs once the group is on disk.
    fn after_commit(&mut self);
}

type ReadJob = Box<dyn FnOnce(&mut Connection) + Send>;

/// The open store. Clones share the same threads.
#[derive(Clone)]
pub struct Db {
    target: Target,
    writer: Writer,
    readers: Sender<ReadJob>,
    health: Arc<Health>,
    /// The writer first, then the readers.
    threads: Arc<Mutex<Vec<thread::JoinHandle<()>>>>,
}

impl Db {
    /// Opens the store and starts its threads. Run [`migrate`](crate::migrate) on the target first.
    pub fn open(target: &Target, options: Options, hook: Box<dyn BeforeCommit>) -> Result<Self, StoreError> {
        let health = Arc::<Health>::default();
        let (writer, writing) = Writer::start(target.clone(), options, hook, Arc::clone(&health))?;
        let mut threads = vec![writing];
        let (readers, jobs) = channel::<ReadJob>();
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..options.readers.max(1) {
            let connection = target.connect(options, true)?;
            let jobs = Arc::clone(&jobs);
            let target = target.clone();
            let reading = thread::Builder::new()
                .name(format!("db-read-{number}"))
                .spawn(move || serve_reads(connection, &jobs, &target, options))?;
            threads.push(reading);
        }
        Ok(Self {
            target: target.clone(),
            writer,
            readers,
            health,
            threads: Arc::new(Mutex::new(threads)),
        })
    }

    /// Closes the store and waits until its threads have let go of it; every other clone must be gone or going.
    ///
    /// The readers go first: the last connection to an embedded file empties its log, which only the writer may.
    pub fn close(self) {
        let mut threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let reading = threads.split_off(threads.len().min(1));
        drop(self.readers);
        join(reading);
        drop(self.writer);
        join(threads);
    }

    /// Why the store cannot be written at the moment; `None` when the last group came to the disk.
    pub fn trouble(&self) -> Option<Trouble> {
        self.health.trouble()
    }

    /// How many commands wait for the writer.
    pub fn waiting(&self) -> u64 {
        self.health.waiting()
    }

    /// How many bytes the emergency reserve holds.
    pub fn reserve(&self) -> u64 {
        self.health.reserve()
    }

    /// Has every group that is written told to an observer.
    pub fn observe(&self, observer: Box<dyn Observer>) {
        self.health.observe(observer);
    }

    /// Where the store lives.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Runs `read` on a reader thread, inside one snapshot.
    pub async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.submit_read(read, move |result| drop(reply.send(result)))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Like [`Db::read`] for callers outside the asynchronous runtime.
    pub fn read_blocking<T, E, F>(&self, read: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = channel();
        self.submit_read(read, move |result| drop(reply.send(result)))?;
        answer.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs `write` as one command of the next group; the answer comes after the group is on disk.
    pub async fn write<T, E, F>(&self, write: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.writer
            .submit(WriteJob::boxed(Weight::Needed, write, move |result| {
                drop(reply.send(result));
            }))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Like [`Db::write`] for what can wait when the disk is full: it never uses up the emergency reserve.
    pub async fn write_if_room<T, E, F>(&self, write: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        let job = WriteJob::boxed(Weight::IfRoom, write, move |result| drop(reply.send(result)));
        self.writer.submit(job)?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Like [`Db::write`] for callers outside the asynchronous runtime.
    pub fn write_blocking<T, E, F>(&self, write: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = channel();
        self.writer
            .submit(WriteJob::boxed(Weight::Needed, write, move |result| {
                drop(reply.send(result));
            }))?;
        answer.recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    fn submit_read<T, E, F>(
        &self,
        read: F,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let job: ReadJob = Box::new(move |connection| reply(read_in_snapshot(connection, read)));
        self.readers.send(job).map_err(|_| StoreError::Closed)
    }
}

fn join(threads: Vec<thread::JoinHandle<()>>) {
    for thread in threads {
        if thread.join().is_err() {
            tracing::error!("a thread of the store ended in a panic");
        }
    }
}

fn read_in_snapshot<T, E, F>(connection: &mut Connection, read: F) -> Result<T, E>
where
    E: From<StoreError>,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
{
    let begin = match connection {
        Connection::Sqlite(_) => "BEGIN",
        Connection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    connection.batch(begin)?;
    let result = catch_unwind(AssertUnwindSafe(|| read(&mut Tx::new(connection))));
    let ended = connection.batch("ROLLBACK");
    let result = result.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    ended?;
    result
}

fn serve_reads(
    mut connection: Connection,
    jobs: &Mutex<Receiver<ReadJob>>,
    target: &Target,
    options: Options,
) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if !connection.is_alive() {
            match target.connect(options, true) {
                Ok(fresh) => connection = fresh,
                Err(error) => tracing::error!(%error, "a reader could not reconnect"),
            }
        }
        job(&mut connection);
    }
}

/// Opens one connection for maintenance outside the running program and runs `work` in a transaction.
pub(crate) fn with_connection<T>(
    target: &Target,
    work: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Target::Sqlite(path) = target {
        ensure_parent(path)?;
    }
    let mut connection = target.connect(Options::default(), false)?;
    work(&mut connection)
}

fn ensure_parent(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => Ok(std::fs::create_dir_all(parent)?),
        _ => Ok(()),
    }
}
