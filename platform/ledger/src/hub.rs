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
        let mut fresh = entries
            .into_iter()
            .filter(|entry| entry.recorded.position > newest)
            .peekable();
        // Two readers at different places must not leave a gap between what they brought: a third would jump it.
        if fresh
            .peek()
            .is_some_and(|first| first.recorded.position != newest + 1)
        {
            recent.clear();
        }
        recent.extend(fresh);
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

#[cfg(test)]
mod tests {
    use super::*;
    use anlan_proof::{Actor, Digest, Entry};

    fn entry(position: u64) -> Arc<LiveEntry> {
        let entry = Entry {
            origin: "test".to_owned(),
            seq: position,
            realm: "live".to_owned(),
            hlc: position,
            recorded_at: 0,
            actor: Actor::default(),
            stream: "s".to_owned(),
            version: position,
            kind: "test.said.v1".to_owned(),
            area: "1501".to_owned(),
            body: "{}".to_owned(),
            prev: Digest::ZERO,
            hash: Digest::ZERO,
        };
        Arc::new(LiveEntry {
            recorded: Recorded { position, entry },
            headline: Headline::default(),
        })
    }

    fn after(hub: &Hub, position: u64) -> Option<Vec<u64>> {
        let kept = hub.after(position)?;
        Some(kept.iter().map(|entry| entry.recorded.position).collect())
    }

    #[test]
    fn a_reader_behind_the_memory_reads_the_store_and_jumps_no_gap() {
        let hub = Hub::default();
        hub.announce(20);
        hub.keep((1..=5).map(entry).collect());
        assert_eq!(after(&hub, 5), None, "the memory ends before the newest");
        hub.keep((18..=20).map(entry).collect());
        assert_eq!(after(&hub, 5), None, "6 to 17 are not in memory");
        assert_eq!(after(&hub, 17), Some(vec![18, 19, 20]));
        assert_eq!(after(&hub, 20), Some(Vec::new()));
    }

    #[test]
    fn the_memory_is_bounded() {
        let hub = Hub::default();
        let last = u64::try_from(KEPT).unwrap() + 10;
        hub.announce(last);
        hub.keep((1..=last).map(entry).collect());
        assert_eq!(after(&hub, 9), None);
        assert_eq!(after(&hub, 10).unwrap().len(), KEPT);
    }
}
