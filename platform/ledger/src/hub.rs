//! The live stream: entries go round to every screen once they are on disk, and a slow reader delays nobody.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use crate::view::{Headline, Recorded};

/// How many recent entries are kept in memory; a reader further behind reads the store.
const KEPT: usize = 4_096;

/// An entry as it goes to screens, made once for all of them.
#[derive(Debug)]
pub struct LiveEntry {
    /// The entry.
    pub recorded: Recorded,
    /// What it says.
    pub headline: Headline,
}

/// Tells readers how far the ledger has come and holds the newest entries.
pub struct Hub {
    position: watch::Sender<u64>,
    recent: RwLock<VecDeque<Arc<LiveEntry>>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            position: watch::channel(0).0,
            recent: RwLock::default(),
        }
    }
}

impl Hub {
    /// Says that everything up to `position` is on disk.
    pub(crate) fn announce(&self, position: u64) {
        self.position.send_if_modified(|known| {
            let newer = position > *known;
            *known = position.max(*known);
            newer
        });
    }

    /// The position up to which everything is on disk.
    pub fn position(&self) -> u64 {
        *self.position.borrow()
    }

    /// How many readers follow the live stream.
    pub fn readers(&self) -> usize {
        self.position.receiver_count()
    }

    /// Wakes whenever the ledger has grown.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.position.subscribe()
    }

    /// Puts entries read from the store into the shared memory, in order.
    pub(crate) fn keep(&self, entries: Vec<Arc<LiveEntry>>) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        let newest = recent.back().map_or(0, |entry| entry.recorded.position);
        recent.extend(
            entries
                .into_iter()
                .filter(|entry| entry.recorded.position > newest),
        );
        while recent.len() > KEPT {
            recent.pop_front();
        }
    }

    /// The kept entries after `position`, or `None` when some of them are no longer (or not yet) in memory.
    pub(crate) fn after(&self, position: u64) -> Option<Vec<Arc<LiveEntry>>> {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let first = recent.front()?.recorded.position;
        let newest = recent.back()?.recorded.position;
        if position + 1 < first || newest < self.position() {
            return None;
        }
        let start = recent.partition_point(|entry| entry.recorded.position <= position);
        Some(recent.range(start..).map(Arc::clone).collect())
    }
}
