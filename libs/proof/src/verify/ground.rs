//! What a verification holds of a feed: the entries at hand, the end of their stretch, and what is settled before.

use crate::{Digest, Entry, Frontier, Suite};

/// An entry and the hash its contents really have.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) entry: Entry,
    pub(super) computed: Digest,
}

impl Arrival {
    /// Gives the hashes others may know the entry by.
    pub(super) fn hashes(&self) -> [Digest; 2] {
        [self.computed, self.entry.hash]
    }
}

/// What is known about the end of a stretch.
#[derive(Debug, Default)]
pub(super) struct Anchor {
    pub(super) size: Option<u64>,
    pub(super) head: Option<Digest>,
    pub(super) root: Option<Digest>,
}

/// What is settled, that is, judged and not looked at again.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) suite: Suite,
    /// Number of the last settled entry.
    pub(super) settled: u64,
    /// Its true hash, as far as known.
    pub(super) authentic: Option<Digest>,
    /// The hashes it shows in the feed, true or not; what a re-computed chain links to.
    pub(super) shown: Vec<Digest>,
    /// Number of the last entry that a checkpoint confirmed.
    pub(super) anchored: u64,
    /// The tree over all settled entries, as far as known.
    pub(super) frontier: Option<Frontier>,
}

impl Ground {
    pub(super) fn known_hashes(&self) -> Vec<Digest> {
        self.authentic
            .into_iter()
            .chain(self.shown.iter().copied())
            .collect()
    }

    /// Gives the ground after `arrivals`, if each continues the chain without a fault.
    ///
    /// The numbers may all be off by the same amount; that is for the caller to judge.
    pub(super) fn run(&self, arrivals: &[Arrival]) -> Option<Self> {
        let first = arrivals.first().map(|a| &a.entry);
        // The hash the feed shows and the true one differ while a chain that was computed anew goes on.
        let shown_prev = first
            .map(|e| e.prev)
            .filter(|p| self.authentic.is_some() && self.shown.contains(p));
        let mut shown = shown_prev.or(self.authentic);
        let mut number = first.map_or(0, |e| e.seq);
        let (mut seq, mut authentic, mut frontier) = (self.settled, self.authentic, self.frontier.clone());
        for Arrival { entry, computed } in arrivals {
            if entry.seq != number || entry.hash != *computed || shown.is_some_and(|s| s != entry.prev) {
                return None;
            }
            seq += 1;
            number = number.checked_add(1)?;
            let truth = match authentic {
                Some(prev) if prev != entry.prev || entry.seq != seq => {
                    entry.moved_to(seq, prev).compute_hash(self.suite)
                }
                _ => *computed,
            };
            (shown, authentic) = (Some(*computed), Some(truth));
            if let Some(frontier) = &mut frontier {
                frontier.push(&truth);
            }
        }
        let shown = if arrivals.is_empty() {
            self.shown.clone()
        } else {
            shown.into_iter().collect()
        };
        Some(Self {
            settled: seq,
            authentic,
            shown,
            frontier,
            ..*self
        })
    }
}
