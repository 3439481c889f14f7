//! The backward walk over a stretch: each authentic entry tells the true hash of the one before it.

use super::ground::Ground;
use super::slots::{Arranged, Candidate, Slot};
use crate::{Digest, Entry, Suite};

pub(super) const CONTENTS: &str = "the contents are not what the chain of hashes vouches for";
pub(super) const HASH: &str = "the stated hash is not that of the contents";
pub(super) const LINK: &str = "the link to the entry before was altered";
pub(super) const NUMBER: &str = "the number was altered";

/// Numbers `from..=to` without an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) from: u64,
    pub(super) to: u64,
    /// The true hash of entry `to`, where the entry after it tells.
    pub(super) last_hash: Option<Digest>,
}

/// What to believe when an altered entry's link disagrees with the entry before.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trust {
    Links,
    Contents,
}

/// One backward walk over a stretch; vectors run with the slots.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) chosen: Vec<usize>,
    pub(super) leaves: Vec<Option<Digest>>,
    pub(super) faults: Vec<Option<&'static str>>,
    pub(super) gaps: Vec<Gap>,
    /// What the first entry says the one before the stretch hashes to.
    pub(super) claimed: Option<Digest>,
}

/// One step of a walk.
struct Step {
    chosen: usize,
    leaf: Option<Digest>,
    fault: Option<&'static str>,
    /// What the entry before should hash to.
    want: Option<Digest>,
}

/// Walks from the last entry to the first, asking of each whether it has the hash its successor demands.
pub(super) fn walk(ground: &Ground, arranged: &Arranged, head: Option<Digest>, trust: Trust) -> Walk {
    let mut walk = Walk {
        chosen: Vec::new(),
        leaves: Vec::new(),
        faults: Vec::new(),
        gaps: Vec::new(),
        claimed: None,
    };
    let mut want = head;
    let mut above = arranged.size.saturating_add(1);
    for (place, slot) in arranged.slots.iter().enumerate().rev() {
        want = walk.pass_gap(slot.seq + 1, above, want);
        let before = if slot.seq == ground.settled + 1 {
            ground.authentic.into_iter().collect()
        } else {
            hashes_at(arranged, place.checked_sub(1), slot.seq - 1)
        };
        let step = step(ground.suite, slot, want, &before, trust);
        walk.chosen.push(step.chosen);
        walk.leaves.push(step.leaf);
        walk.faults.push(step.fault);
        want = step.want;
        above = slot.seq;
    }
    walk.claimed = walk.pass_gap(ground.settled + 1, above, want);
    walk.chosen.reverse();
    walk.leaves.reverse();
    walk.faults.reverse();
    walk.gaps.reverse();
    walk
}

/// Judges one entry against the hash its successor demands (`want`, `None` if nothing is known).
fn step(suite: Suite, slot: &Slot, want: Option<Digest>, before: &[Digest], trust: Trust) -> Step {
    let chosen = choose(slot, want);
    let Some(candidate) = slot.candidates.get(chosen) else {
        return Step {
            chosen,
            leaf: want,
            fault: None,
            want: None,
        };
    };
    let (entry, computed) = (&candidate.arrival.entry, candidate.arrival.computed);
    let misnumbered = (entry.seq != slot.seq).then_some(NUMBER);
    let misstated = (computed != entry.hash).then_some(HASH);
    let Some(want) = want else {
        let leaf = if misstated.is_some() { entry.hash } else { computed };
        return Step {
            chosen,
            leaf: Some(leaf),
            fault: misnumbered.or(misstated),
            want: Some(entry.prev),
        };
    };
    let leaf = Some(want);
    if computed == want {
        return Step {
            chosen,
            leaf,
            fault: misstated,
            want: Some(entry.prev),
        };
    }
    let repairs = |prev: Digest| rehash(suite, entry, slot.seq, prev) == want;
    if repairs(entry.prev) {
        return Step {
            chosen,
            leaf,
            fault: Some(NUMBER),
            want: Some(entry.prev),
        };
    }
    if let Some(prev) = before.iter().copied().find(|prev| repairs(*prev)) {
        return Step {
            chosen,
            leaf,
            fault: Some(LINK),
            want: Some(prev),
        };
    }
    let fault = misnumbered.or(misstated).unwrap_or(CONTENTS);
    let linked = before.contains(&entry.prev);
    let want = if linked || matches!(trust, Trust::Links) {
        Some(entry.prev)
    } else {
        None
    };
    Step {
        chosen,
        leaf,
        fault: Some(fault),
        want,
    }
}

fn choose(slot: &Slot, want: Option<Digest>) -> usize {
    let find = |wanted: &dyn Fn(&Candidate) -> bool| slot.candidates.iter().position(wanted);
    let in_place = find(&|c| !c.is_displaced && c.arrival.computed == c.arrival.entry.hash)
        .or_else(|| find(&|c| c.arrival.computed == c.arrival.entry.hash))
        .unwrap_or(0);
    let Some(want) = want else {
        return in_place;
    };
    find(&|c| c.arrival.computed == want)
        .or_else(|| find(&|c| c.arrival.entry.hash == want))
        .or_else(|| find(&|c| !c.is_displaced))
        .unwrap_or(in_place)
}

impl Walk {
    /// Notes that numbers `from..above` are missing; gives what is known of the entry below them.
    fn pass_gap(&mut self, from: u64, above: u64, want: Option<Digest>) -> Option<Digest> {
        if from >= above {
            return want;
        }
        self.gaps.push(Gap {
            from,
            to: above - 1,
            last_hash: want,
        });
        None
    }
}

/// Gives the hashes an entry at slot `place` is or claims to be known by, if that slot bears number `seq`.
fn hashes_at(arranged: &Arranged, place: Option<usize>, seq: u64) -> Vec<Digest> {
    let slot = place.and_then(|p| arranged.slots.get(p)).filter(|s| s.seq == seq);
    let candidates = slot.into_iter().flat_map(|s| &s.candidates);
    candidates.flat_map(|c| c.arrival.hashes()).collect()
}

/// Computes what the entry would hash to with another number and link.
pub(super) fn rehash(suite: Suite, entry: &Entry, seq: u64, prev: Digest) -> Digest {
    Entry {
        seq,
        prev,
        ..entry.clone()
    }
    .compute_hash(suite)
}
