//! The Merkle tree over entry hashes, built and proved as in RFC 6962 §2.1 (verified as in RFC 9162 §2.1.3–2.1.4).
//!
//! A *leaf* given to these functions is an entry's hash; the leaf prefix is added here ([`Suite::leaf_hash`]).
//! Indices count from 0, so entry number `seq` of a feed has index `seq - 1`.

mod proofs;

pub use proofs::{
    ConsistencyProof, InclusionProof, prove_consistency, prove_consistency_with, prove_inclusion, prove_with,
    verify_consistency, verify_inclusion,
};

use crate::{Digest, Suite};

/// Says why a proof or a stored frontier is not what it claims to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MerkleError {
    /// The number of peaks does not fit the size.
    #[error("a tree of {size} leaves has {expected} peaks, not {found}")]
    Peaks {
        /// Number of leaves.
        size: u64,
        /// How many peaks such a tree has.
        expected: u32,
        /// How many were given.
        found: usize,
    },
    /// The proof speaks of a leaf or a size that the tree does not have, or has too many or too few hashes.
    #[error("the proof does not fit its sizes")]
    Shape,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Holds the roots of the complete subtrees along the right edge: enough to append and to give the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    suite: Suite,
    size: u64,
    peaks: Vec<Digest>,
}

impl Frontier {
    /// Starts an empty tree.
    pub fn new(suite: Suite) -> Self {
        Self {
            suite,
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// Takes up a tree that was stored as its size and [`Self::parts`].
    pub fn from_parts(suite: Suite, size: u64, peaks: Vec<Digest>) -> Result<Self, MerkleError> {
        let expected = size.count_ones();
        if usize::try_from(expected).is_ok_and(|n| n == peaks.len()) {
            return Ok(Self { suite, size, peaks });
        }
        Err(MerkleError::Peaks {
            size,
            expected,
            found: peaks.len(),
        })
    }

    /// Returns the roots of the complete subtrees, largest (leftmost) first.
    pub fn parts(&self) -> &[Digest] {
        &self.peaks
    }

    /// Returns how many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends the entry hash `leaf`.
    pub fn push(&mut self, leaf: &Digest) {
        let mut node = self.suite.leaf_hash(leaf);
        // Every trailing one bit of the size is a complete subtree that the new leaf completes to the next size.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = self.suite.node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Computes the root; for an empty tree the digest of nothing.
    pub fn root(&self) -> Digest {
        let joined = self
            .peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| self.suite.node_hash(&left, &right));
        joined.unwrap_or_else(|| self.suite.digest(b""))
    }
}

#[cfg(test)]
mod tests;
