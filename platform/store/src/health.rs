//! How the store fares: whether it can be written, and how long commits take.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::StoreError;

/// Learns of every group that was written, for measuring.
pub trait Observer: Send + Sync {
    /// A group of so many commands took so many seconds from its first command to the disk.
    fn committed(&self, commands: usize, seconds: f64);
}

/// Why the store cannot be written at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// There is no space left, and the reserve is used up.
    DiskFull,
    /// The last group failed for this reason: a read-only file system, a server out of reach.
    Unwritable(String),
}

/// The state of the store, shared by its threads.
#[derive(Default)]
pub(crate) struct Health {
    trouble: Mutex<Option<Trouble>>,
    observer: OnceLock<Box<dyn Observer>>,
    waiting: AtomicI64,
    reserve: AtomicU64,
}

impl Health {
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn observe(&self, observer: Box<dyn Observer>) {
        if self.observer.set(observer).is_err() {
            tracing::debug!("the store is observed already");
        }
    }

    pub(crate) fn waiting(&self) -> u64 {
        u64::try_from(self.waiting.load(Ordering::Relaxed)).unwrap_or(0)
    }

    pub(crate) fn arrived(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn left(&self, commands: usize) {
        let commands = i64::try_from(commands).unwrap_or(0);
        self.waiting.fetch_sub(commands, Ordering::Relaxed);
    }

    pub(crate) fn reserve(&self) -> u64 {
        self.reserve.load(Ordering::Relaxed)
    }

    pub(crate) fn keep_reserve(&self, bytes: u64) {
        self.reserve.store(bytes, Ordering::Relaxed);
    }

    /// Notes how a group ended; says it in the log only when that is news.
    pub(crate) fn ended(&self, outcome: &Result<(), StoreError>, commands: usize, seconds: f64) {
        let trouble = match outcome {
            Ok(()) => None,
            Err(StoreError::DiskFull) => Some(Trouble::DiskFull),
            Err(other) => Some(Trouble::Unwritable(other.to_string())),
        };
        if let (None, Some(observer)) = (&trouble, self.observer.get()) {
            observer.committed(commands, seconds);
        }
        let mut known = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == trouble {
            return;
        }
        match &trouble {
            None => tracing::info!("the store can be written again"),
            Some(trouble) => tracing::error!(?trouble, "the store cannot be written"),
        }
        *known = trouble;
    }
}
