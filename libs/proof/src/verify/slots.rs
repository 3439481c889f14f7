//! Puts the entries of a stretch, in whatever order they came, at the numbers they belong to.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::{Anchor, Arrival, Ground};
use crate::Digest;

/// How many entries that came too early are kept for their place.
const MAX_EARLY: usize = 100_000;

/// One entry that might be the one of its number.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) arrival: Arrival,
    pub(super) is_displaced: bool,
}

/// All that came for one number; never empty.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) seq: u64,
    pub(super) candidates: Vec<Candidate>,
}

/// A stretch put in order.
#[derive(Debug)]
pub(super) struct Arranged {
    /// Ascending; numbers without an entry are left out.
    pub(super) slots: Vec<Slot>,
    /// Entries whose numbers were settled before.
    pub(super) late: Vec<Arrival>,
    /// Entries too far ahead to keep.
    pub(super) stray: Vec<Arrival>,
    /// Number of the last entry the stretch should have.
    pub(super) size: u64,
}

/// Arranges `pending`; takes what fits out of `early` and puts there what belongs later.
pub(super) fn arrange(
    ground: &Ground,
    anchor: &Anchor,
    pending: Vec<Arrival>,
    early: &mut BTreeMap<u64, Arrival>,
) -> Arranged {
    let numbers = number(ground, anchor, &pending);
    let ceiling = anchor.size.unwrap_or(u64::MAX);
    let in_range = |n: u64| n > ground.settled && n <= ceiling;
    let spine = longest_rise(&numbers, in_range);
    let size = anchor.size.unwrap_or_else(|| {
        spine
            .iter()
            .filter_map(|i| numbers.get(*i))
            .copied()
            .max()
            .unwrap_or(ground.settled)
    });
    let displaced = displaced(&numbers, &spine, |n| n > ground.settled && n <= size);
    let mut arranged = Arranged {
        slots: Vec::new(),
        late: Vec::new(),
        stray: Vec::new(),
        size,
    };
    let mut slots: BTreeMap<u64, Vec<Candidate>> = BTreeMap::new();
    for (seq, arrival) in take_through(early, size) {
        let is_displaced = true;
        slots.entry(seq).or_default().push(Candidate {
            arrival,
            is_displaced,
        });
    }
    for (place, arrival) in pending.into_iter().enumerate() {
        let Some(&seq) = numbers.get(place) else { continue };
        if seq <= ground.settled {
            arranged.late.push(arrival);
        } else if seq > size {
            keep_early(early, seq, arrival, &mut arranged.stray);
        } else {
            let is_displaced = displaced.contains(&place);
            slots.entry(seq).or_default().push(Candidate {
                arrival,
                is_displaced,
            });
        }
    }
    arranged.slots = slots
        .into_iter()
        .map(|(seq, candidates)| Slot { seq, candidates })
        .collect();
    arranged
}

/// Gives each arrival its number: the one it bears, or the one its place and links prove when that one is altered.
fn number(ground: &Ground, anchor: &Anchor, pending: &[Arrival]) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(pending.len());
    let mut before = (ground.settled, ground.known_hashes());
    for (place, arrival) in pending.iter().enumerate() {
        let expected = before.0.saturating_add(1);
        let next = pending.get(place + 1);
        let seq = arrival.entry.seq;
        let is_altered = seq != expected && fits(anchor, &before.1, arrival, next, expected);
        let seq = if is_altered { expected } else { seq };
        numbers.push(seq);
        before = (seq, arrival.hashes().to_vec());
    }
    numbers
}

/// Says whether an arrival with another number is entry `expected` all the same.
fn fits(
    anchor: &Anchor,
    before: &[Digest],
    arrival: &Arrival,
    next: Option<&Arrival>,
    expected: u64,
) -> bool {
    let own = arrival.hashes();
    match next {
        Some(next) => {
            let linked = before.contains(&arrival.entry.prev) || own.contains(&next.entry.prev);
            linked && next.entry.seq == expected.saturating_add(1)
        }
        None if anchor.size == Some(expected) => {
            before.contains(&arrival.entry.prev) || anchor.head.is_some_and(|head| own.contains(&head))
        }
        // Past the last checkpoint only an entry that contradicts its own hash gives itself away.
        None => anchor.size.is_none() && before.contains(&arrival.entry.prev) && own[0] != own[1],
    }
}

/// Finds the places of a longest strictly rising run among the numbers that are in range.
fn longest_rise(numbers: &[u64], in_range: impl Fn(u64) -> bool) -> Vec<usize> {
    // tails[k] is the place of the smallest number that ends a run of k+1; before[place] is its predecessor's place.
    let mut tails: Vec<(u64, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; numbers.len()];
    for (place, &number) in numbers.iter().enumerate().filter(|(_, n)| in_range(**n)) {
        let length = tails.partition_point(|(tail, _)| *tail < number);
        if let Some(link) = before.get_mut(place) {
            *link = length.checked_sub(1).and_then(|k| tails.get(k)).map(|t| t.1);
        }
        match tails.get_mut(length) {
            Some(tail) => *tail = (number, place),
            None => tails.push((number, place)),
        }
    }
    let mut run: Vec<usize> = std::iter::successors(tails.last().map(|t| t.1), |place| {
        before.get(*place).copied().flatten()
    })
    .collect();
    run.reverse();
    run
}

/// Finds the places that are out of order: those off the spine, or the two that were swapped.
fn displaced(numbers: &[u64], spine: &[usize], in_range: impl Fn(u64) -> bool) -> BTreeSet<usize> {
    let places = || {
        numbers
            .iter()
            .enumerate()
            .filter(|(_, n)| in_range(**n))
            .map(|(place, _)| place)
    };
    let mut sorted: Vec<usize> = places().collect();
    sorted.sort_by_key(|place| numbers.get(*place));
    let moved: BTreeSet<usize> = places()
        .zip(sorted)
        .filter(|(is, should)| is != should)
        .map(|(is, _)| is)
        .collect();
    let off_spine: BTreeSet<usize> = places()
        .filter(|place| spine.binary_search(place).is_err())
        .collect();
    if moved.len() <= off_spine.len().max(2) {
        moved
    } else {
        off_spine
    }
}

/// Takes the early entries up to number `size`.
pub(super) fn take_through(early: &mut BTreeMap<u64, Arrival>, size: u64) -> BTreeMap<u64, Arrival> {
    if early.is_empty() {
        return BTreeMap::new();
    }
    let later = early.split_off(&size.saturating_add(1));
    std::mem::replace(early, later)
}

fn keep_early(early: &mut BTreeMap<u64, Arrival>, seq: u64, arrival: Arrival, stray: &mut Vec<Arrival>) {
    if early.len() >= MAX_EARLY {
        stray.push(arrival);
    } else if let Some(earlier) = early.insert(seq, arrival) {
        stray.push(earlier);
    }
}
