//! Inclusion and consistency proofs.

use std::convert::Infallible;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::MerkleError;
use crate::{Digest, Suite};

/// Shows that one entry is part of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// Index of the entry, from 0.
    pub index: u64,
    /// Number of entries in the tree.
    pub size: u64,
    /// The audit path, from the leaf up.
    pub hashes: Vec<Digest>,
}

/// Shows that a tree is the beginning of a larger one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// Number of entries in the earlier tree.
    pub first: u64,
    /// Number of entries in the later tree.
    pub second: u64,
    /// The nodes that connect the two.
    pub hashes: Vec<Digest>,
}

/// Gives the root of complete subtree number `.1` of 2^`.0` leaves.
type Fetch<'f, E> = &'f mut dyn FnMut(u32, u64) -> Result<Digest, E>;

/// Proves that entry `index` is among the first `size` of `leaves` (entry hashes); `None` if there is no such entry.
pub fn prove_inclusion(suite: Suite, leaves: &[Digest], index: u64, size: u64) -> Option<InclusionProof> {
    let leaves = first(leaves, size)?;
    let Ok(proof) = prove_with(suite, index, size, &mut from_leaves(suite, leaves));
    proof
}

/// Proves inclusion from stored subtree roots: `fetch(level, n)` gives the root over leaves `n·2^level ..`.
///
/// Level 0 is [`Suite::leaf_hash`]. Gives `None` if `index` is not below `size`; passes on the error of `fetch`.
pub fn prove_with<E>(
    suite: Suite,
    index: u64,
    size: u64,
    fetch: Fetch<'_, E>,
) -> Result<Option<InclusionProof>, E> {
    if index >= size {
        return Ok(None);
    }
    let mut hashes = Vec::new();
    let mut tree = 0..size;
    while tree.end - tree.start > 1 {
        let middle = split(&tree);
        let (inside, beside) = if index < middle {
            (tree.start..middle, middle..tree.end)
        } else {
            (middle..tree.end, tree.start..middle)
        };
        hashes.push(subtree(suite, beside, fetch)?);
        tree = inside;
    }
    hashes.reverse();
    Ok(Some(InclusionProof { index, size, hashes }))
}

/// Proves that the first `first` of `leaves` are the beginning of the first `second`; `None` unless 0 < first ≤ second.
pub fn prove_consistency(suite: Suite, leaves: &[Digest], old: u64, new: u64) -> Option<ConsistencyProof> {
    let leaves = first(leaves, new)?;
    let Ok(proof) = prove_consistency_with(suite, old, new, &mut from_leaves(suite, leaves));
    proof
}

/// Proves consistency from stored subtree roots, as [`prove_with`] does for inclusion.
pub fn prove_consistency_with<E>(
    suite: Suite,
    first: u64,
    second: u64,
    fetch: Fetch<'_, E>,
) -> Result<Option<ConsistencyProof>, E> {
    if first == 0 || first > second {
        return Ok(None);
    }
    let mut hashes = Vec::new();
    let mut tree = 0..second;
    // RFC 6962 §2.1.2, SUBPROOF(m, D[n], b): descend to where the earlier tree ends.
    while tree.end != first {
        let middle = split(&tree);
        let (inside, beside) = if first <= middle {
            (tree.start..middle, middle..tree.end)
        } else {
            (middle..tree.end, tree.start..middle)
        };
        hashes.push(subtree(suite, beside, fetch)?);
        tree = inside;
    }
    if tree.start > 0 {
        hashes.push(subtree(suite, tree, fetch)?);
    }
    hashes.reverse();
    Ok(Some(ConsistencyProof {
        first,
        second,
        hashes,
    }))
}

/// Checks that `proof` leads from the entry hash `entry` to `root`.
pub fn verify_inclusion(
    suite: Suite,
    entry: &Digest,
    proof: &InclusionProof,
    root: &Digest,
) -> Result<(), MerkleError> {
    if proof.index >= proof.size {
        return Err(MerkleError::Shape);
    }
    let (mut place, mut last) = (proof.index, proof.size - 1);
    let mut node = suite.leaf_hash(entry);
    for hash in &proof.hashes {
        if last == 0 {
            return Err(MerkleError::Shape);
        }
        if place % 2 == 1 || place == last {
            node = suite.node_hash(hash, &node);
            // A node without a right neighbour is carried up unhashed to where it is a right child.
            let carried = place.trailing_zeros();
            place = place.checked_shr(carried).unwrap_or(0);
            last = last.checked_shr(carried).unwrap_or(0);
        } else {
            node = suite.node_hash(&node, hash);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(MerkleError::Shape);
    }
    if node == *root {
        Ok(())
    } else {
        Err(MerkleError::Root)
    }
}

/// Checks that `proof` connects the earlier root `old` with the later root `new`.
pub fn verify_consistency(
    suite: Suite,
    proof: &ConsistencyProof,
    old: &Digest,
    new: &Digest,
) -> Result<(), MerkleError> {
    if proof.first == 0 || proof.first > proof.second {
        return Err(MerkleError::Shape);
    }
    if proof.first == proof.second {
        return match (proof.hashes.is_empty(), old == new) {
            (false, _) => Err(MerkleError::Shape),
            (true, false) => Err(MerkleError::Root),
            (true, true) => Ok(()),
        };
    }
    let mut hashes = proof.hashes.iter();
    // An earlier tree that is complete is a node of the later one; the proof then leaves it out.
    let complete = proof.first.is_power_of_two();
    let start = if complete {
        *old
    } else {
        *hashes.next().ok_or(MerkleError::Shape)?
    };
    let skipped = (proof.first - 1).trailing_ones();
    let mut place = (proof.first - 1).checked_shr(skipped).unwrap_or(0);
    let mut last = (proof.second - 1).checked_shr(skipped).unwrap_or(0);
    let (mut earlier, mut later) = (start, start);
    for hash in hashes {
        if last == 0 {
            return Err(MerkleError::Shape);
        }
        if place % 2 == 1 || place == last {
            earlier = suite.node_hash(hash, &earlier);
            later = suite.node_hash(hash, &later);
            let carried = place.trailing_zeros();
            place = place.checked_shr(carried).unwrap_or(0);
            last = last.checked_shr(carried).unwrap_or(0);
        } else {
            later = suite.node_hash(&later, hash);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(MerkleError::Shape);
    }
    if earlier == *old && later == *new {
        Ok(())
    } else {
        Err(MerkleError::Root)
    }
}

/// Returns the first `size` leaves, if there are as many.
fn first(leaves: &[Digest], size: u64) -> Option<&[Digest]> {
    leaves.get(..usize::try_from(size).ok()?)
}

/// Finds where RFC 6962 cuts a tree of two or more leaves: after the largest power of two below its length.
fn split(tree: &Range<u64>) -> u64 {
    let length = tree.end - tree.start;
    tree.start + (1 << (u64::BITS - 1 - (length - 1).leading_zeros()))
}

/// Computes the root over `tree`, joining complete subtrees where the right edge is ragged.
fn subtree<E>(suite: Suite, tree: Range<u64>, fetch: Fetch<'_, E>) -> Result<Digest, E> {
    let mut complete = Vec::new();
    let mut rest = tree;
    while !(rest.end - rest.start).is_power_of_two() {
        let middle = split(&rest);
        complete.push(fetch_range(rest.start..middle, fetch)?);
        rest = middle..rest.end;
    }
    let last = fetch_range(rest, fetch)?;
    Ok(complete
        .iter()
        .rev()
        .fold(last, |right, left| suite.node_hash(left, &right)))
}

/// Fetches the root of a range that is one complete subtree.
fn fetch_range<E>(range: Range<u64>, fetch: Fetch<'_, E>) -> Result<Digest, E> {
    let level = (range.end - range.start).trailing_zeros();
    fetch(level, range.start >> level)
}

/// Answers [`Fetch`] from the leaves themselves.
fn from_leaves(suite: Suite, leaves: &[Digest]) -> impl FnMut(u32, u64) -> Result<Digest, Infallible> {
    move |level, number| {
        let start = usize::try_from(number << level).unwrap_or(usize::MAX);
        let mut nodes: Vec<_> = leaves
            .iter()
            .skip(start)
            .take(1 << level)
            .map(|leaf| suite.leaf_hash(leaf))
            .collect();
        while nodes.len() > 1 {
            nodes = nodes
                .chunks(2)
                .filter_map(|pair| Some(suite.node_hash(pair.first()?, pair.get(1)?)))
                .collect();
        }
        Ok(nodes.first().copied().unwrap_or(Digest::ZERO))
    }
}
