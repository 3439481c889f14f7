//! Decides which entries of a stretch are what the node recorded.
//!
//! A signed checkpoint gives the true hash of the stretch's last entry. An entry whose contents have the true hash is
//! authentic, and so is its link, which gives the true hash of the entry before: so the walk goes backward. Where
//! the walk had to guess, the signed Merkle root over all true hashes says whether the guess was right. Where nobody
//! can tell which entry of several was altered, the range between two checkpoints is named.

use super::ground::{Anchor, Ground};
use super::slots::Arranged;
use super::walk::{CONTENTS, Gap, HASH, LINK, NUMBER, Trust, Walk, rehash, walk};
use crate::{Digest, Frontier};

const REBUILT: &str = "one or more of these entries were altered and the chain after them computed anew";

/// An alteration of entries `from..=to`, or of one among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) detail: &'static str,
}

/// What is to be said about a stretch.
#[derive(Debug)]
pub(super) struct Judgement {
    /// Which candidate of each slot stands.
    pub(super) chosen: Vec<usize>,
    pub(super) faults: Vec<Fault>,
    pub(super) gaps: Vec<Gap>,
    /// The tree after the stretch, if every true hash is known.
    pub(super) frontier: Option<Frontier>,
    /// The true hash of the stretch's last entry.
    pub(super) last: Option<Digest>,
    /// The entries are right, so it is the signed root that is wrong.
    pub(super) root_disagrees: bool,
}

/// Judges a stretch.
pub(super) fn judge(ground: &Ground, arranged: &Arranged, anchor: &Anchor) -> Judgement {
    let by_links = walk(ground, arranged, anchor.head, Trust::Links);
    if by_links.is_spotless(ground) {
        let frontier = extend(ground, arranged, &by_links.leaves, &by_links.gaps);
        return by_links.into_judgement(ground, arranged, anchor, frontier);
    }
    if let Some(judgement) = relinked(ground, arranged, anchor, &by_links) {
        return judgement;
    }
    let Some(root) = anchor.root else {
        return hedge(ground, arranged, anchor, by_links);
    };
    let mut contradicted = false;
    for trust in [Trust::Links, Trust::Contents] {
        let walk = walk(ground, arranged, anchor.head, trust);
        if let Some(frontier) = extend(ground, arranged, &walk.leaves, &walk.gaps) {
            if frontier.root() == root {
                return walk.into_judgement(ground, arranged, anchor, Some(frontier));
            }
            contradicted = true;
        }
    }
    let mut judgement = hedge(ground, arranged, anchor, by_links);
    judgement.frontier = None;
    if contradicted {
        let from = ground.anchored + 1;
        judgement.faults.retain(|fault| fault.detail == HASH);
        judgement.faults.push(Fault {
            from: from.min(arranged.size),
            to: arranged.size,
            detail: REBUILT,
        });
    }
    judgement
}

/// Tries whether the contents are authentic and only links and hashes were computed anew, and says where that began.
fn relinked(ground: &Ground, arranged: &Arranged, anchor: &Anchor, walk: &Walk) -> Option<Judgement> {
    let goes_on = first_prev(arranged, walk)
        .is_some_and(|prev| ground.authentic != Some(prev) && ground.shown.contains(&prev));
    if !walk.gaps.is_empty() || (anchor.head.is_none() && !goes_on) {
        return None;
    }
    let mut prev = ground.authentic?;
    let mut truth = Vec::with_capacity(arranged.slots.len());
    for (slot, chosen) in arranged.slots.iter().zip(&walk.chosen) {
        prev = rehash(
            ground.suite,
            &slot.candidates.get(*chosen)?.arrival.entry,
            slot.seq,
            prev,
        );
        truth.push(Some(prev));
    }
    if anchor.head.is_some_and(|head| head != prev) {
        return None;
    }
    let mut faults = rebuilt_links(ground, arranged, &walk.chosen, &truth);
    let in_disorder = arranged
        .slots
        .iter()
        .any(|s| s.candidates.len() > 1 || s.candidates.iter().any(|c| c.is_displaced));
    if faults.is_empty() && !goes_on && !in_disorder {
        faults.push(Fault {
            from: ground.settled + 1,
            to: arranged.size,
            detail: REBUILT,
        });
    }
    let frontier = extend(ground, arranged, &truth, &[]);
    let root_disagrees = disagrees(frontier.as_ref(), anchor);
    Some(Judgement {
        chosen: walk.chosen.clone(),
        faults,
        gaps: Vec::new(),
        frontier: frontier.filter(|_| !root_disagrees),
        last: Some(prev),
        root_disagrees,
    })
}

/// Names the entries whose own links or hashes fit neither the truth nor the chain as the file shows it.
fn rebuilt_links(
    ground: &Ground,
    arranged: &Arranged,
    chosen: &[usize],
    truth: &[Option<Digest>],
) -> Vec<Fault> {
    let all = arranged.slots.iter().flat_map(|s| &s.candidates);
    let shown: Vec<Digest> = all.flat_map(|c| c.arrival.hashes()).collect();
    let shown: std::collections::BTreeSet<_> = shown.into_iter().chain(ground.known_hashes()).collect();
    let mut faults = Vec::new();
    let mut before = ground.authentic;
    for ((slot, chosen), true_hash) in arranged.slots.iter().zip(chosen).zip(truth) {
        let Some(candidate) = slot.candidates.get(*chosen) else {
            continue;
        };
        let entry = &candidate.arrival.entry;
        let is_linked = Some(entry.prev) == before || shown.contains(&entry.prev);
        let detail = match () {
            () if entry.seq != slot.seq => Some(NUMBER),
            () if !is_linked => Some(LINK),
            () if candidate.arrival.computed != entry.hash => Some(HASH),
            () => None,
        };
        faults.extend(detail.map(|detail| Fault {
            from: slot.seq,
            to: slot.seq,
            detail,
        }));
        before = *true_hash;
    }
    faults
}

/// Says what can be said without a root to confirm it: ranges where an altered entry had its hash computed anew.
fn hedge(ground: &Ground, arranged: &Arranged, anchor: &Anchor, walk: Walk) -> Judgement {
    let frontier = extend(ground, arranged, &walk.leaves, &walk.gaps);
    let mut judgement = walk.into_judgement(ground, arranged, anchor, frontier);
    for fault in judgement
        .faults
        .iter_mut()
        .filter(|fault| fault.detail == CONTENTS)
    {
        if anchor.head.is_some() {
            // Those before it may have been altered too, down to the last checkpoint that agreed.
            fault.from = fault.from.min(ground.anchored + 1);
        } else {
            // Either this entry or the one that links to it was altered.
            fault.to = arranged.size.min(fault.to + 1);
        }
    }
    judgement
}

impl Walk {
    fn is_spotless(&self, ground: &Ground) -> bool {
        let meets_ground =
            self.claimed.is_none() || ground.authentic.is_none() || self.claimed == ground.authentic;
        meets_ground && self.gaps.is_empty() && self.faults.iter().all(Option::is_none)
    }

    fn into_judgement(
        self,
        ground: &Ground,
        arranged: &Arranged,
        anchor: &Anchor,
        frontier: Option<Frontier>,
    ) -> Judgement {
        let mut faults: Vec<Fault> = self
            .link_to_ground(ground, arranged, anchor)
            .into_iter()
            .collect();
        for (slot, fault) in arranged.slots.iter().zip(&self.faults) {
            faults.extend(fault.map(|detail| Fault {
                from: slot.seq,
                to: slot.seq,
                detail,
            }));
        }
        let root_disagrees =
            faults.is_empty() && self.gaps.is_empty() && disagrees(frontier.as_ref(), anchor);
        let last_leaf = if arranged.slots.is_empty() {
            ground.authentic
        } else {
            self.leaves.last().copied().flatten()
        };
        Judgement {
            chosen: self.chosen,
            faults,
            gaps: self.gaps,
            frontier: frontier.filter(|_| !root_disagrees),
            last: anchor.head.or(last_leaf),
            root_disagrees,
        }
    }

    /// Judges the link from the stretch back to what was settled before.
    fn link_to_ground(&self, ground: &Ground, arranged: &Arranged, anchor: &Anchor) -> Option<Fault> {
        let (claimed, authentic) = (self.claimed?, ground.authentic?);
        let first_is_sound = self.faults.first().is_some_and(Option::is_none);
        let is_first = arranged
            .slots
            .first()
            .is_some_and(|s| s.seq == ground.settled + 1);
        if claimed == authentic || ground.shown.contains(&claimed) || !first_is_sound || !is_first {
            return None;
        }
        let (settled, next) = (ground.settled, ground.settled + 1);
        let (from, to) = match (settled, anchor.head) {
            (0, _) => (next, next),
            (_, Some(_)) => (settled.min(ground.anchored + 1), settled),
            (_, None) if settled > ground.anchored => (settled, next),
            (_, None) => (next, next),
        };
        Some(Fault {
            from,
            to,
            detail: LINK,
        })
    }
}

fn disagrees(frontier: Option<&Frontier>, anchor: &Anchor) -> bool {
    matches!((frontier, anchor.root), (Some(frontier), Some(root)) if frontier.root() != root)
}

/// Grows the tree over the stretch, if every hash of it is known.
fn extend(ground: &Ground, arranged: &Arranged, leaves: &[Option<Digest>], gaps: &[Gap]) -> Option<Frontier> {
    let mut frontier = ground.frontier.clone()?;
    let known = arranged.slots.iter().map(|s| s.seq).zip(leaves.iter().copied());
    let mut all: Vec<_> = known
        .chain(gaps.iter().map(|gap| (gap.to, gap.last_hash)))
        .collect();
    all.sort_by_key(|(seq, _)| *seq);
    for (seq, leaf) in all {
        if seq != frontier.size() + 1 {
            return None;
        }
        frontier.push(&leaf?);
    }
    (frontier.size() == arranged.size).then_some(frontier)
}

fn first_prev(arranged: &Arranged, walk: &Walk) -> Option<Digest> {
    let slot = arranged.slots.first()?;
    Some(slot.candidates.get(*walk.chosen.first()?)?.arrival.entry.prev)
}
