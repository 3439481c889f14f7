//! The Merkle tree of the node's feed, kept in memory above chunks of entries so that a proof reads only two of them.

use std::ops::Range;

use anlan_proof::{Digest, InclusionProof, Suite, prove_with};
use anlan_store::{StoreError, Tx};

use crate::store;

/// Subtrees of 2⁸ entries are the smallest that are kept: a million entries take about 8,000 digests.
const CHUNK_LEVEL: u32 = 8;

/// Entries are read in runs of so many chunks.
const RUN: u64 = 64;

/// Roots of complete subtrees: `levels[k][n]` is the root over entries `n·2^(8+k) ..`, counted from 0.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    levels: Vec<Vec<Digest>>,
}

/// What the tree reads from.
pub(crate) struct Feed<'f, 't> {
    pub(crate) tx: &'f mut Tx<'t>,
    pub(crate) origin: &'f str,
    pub(crate) suite: Suite,
}

impl Feed<'_, '_> {
    fn leaves(&mut self, range: Range<u64>) -> Result<Vec<Digest>, StoreError> {
        store::hashes_between(self.tx, self.origin, range.start, range.end)
    }

    /// The root over complete leaves, which are a power of two in number.
    fn root(&self, leaves: &[Digest]) -> Digest {
        let mut nodes: Vec<_> = leaves.iter().map(|leaf| self.suite.leaf_hash(leaf)).collect();
        while nodes.len() > 1 {
            nodes = nodes
                .chunks(2)
                .filter_map(|pair| Some(self.suite.node_hash(pair.first()?, pair.get(1)?)))
                .collect();
        }
        nodes.first().copied().unwrap_or(Digest::ZERO)
    }
}

impl Tree {
    /// Proves that entry `seq` is among the first `size`; `None` if it is not.
    pub(crate) fn prove(
        &mut self,
        feed: &mut Feed<'_, '_>,
        seq: u64,
        size: u64,
    ) -> Result<Option<InclusionProof>, StoreError> {
        self.grow(feed, size)?;
        let Some(index) = seq.checked_sub(1) else {
            return Ok(None);
        };
        let suite = feed.suite;
        prove_with(suite, index, size, &mut |level, number| {
            if let Some(root) = self.kept(level, number) {
                return Ok(root);
            }
            let leaves = feed.leaves(number << level..(number + 1) << level)?;
            Ok(feed.root(&leaves))
        })
    }

    fn kept(&self, level: u32, number: u64) -> Option<Digest> {
        let above = usize::try_from(level.checked_sub(CHUNK_LEVEL)?).ok()?;
        self.levels
            .get(above)?
            .get(usize::try_from(number).ok()?)
            .copied()
    }

    /// Takes up the complete chunks among the first `size` entries.
    fn grow(&mut self, feed: &mut Feed<'_, '_>, size: u64) -> Result<(), StoreError> {
        let complete = size >> CHUNK_LEVEL;
        let kept = self.levels.first().map_or(0, Vec::len);
        let mut known = u64::try_from(kept).unwrap_or(u64::MAX);
        while known < complete {
            let next = (known + RUN).min(complete);
            let leaves = feed.leaves(known << CHUNK_LEVEL..next << CHUNK_LEVEL)?;
            for chunk in leaves.chunks(1 << CHUNK_LEVEL) {
                self.push(feed, feed.root(chunk));
            }
            known = next;
        }
        Ok(())
    }

    fn push(&mut self, feed: &Feed<'_, '_>, root: Digest) {
        let mut node = root;
        for level in 0.. {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            let Some(nodes) = self.levels.get_mut(level) else {
                return;
            };
            nodes.push(node);
            // A right child completes its parent.
            let [.., left, right] = nodes.as_slice() else {
                return;
            };
            if nodes.len() % 2 == 1 {
                return;
            }
            node = feed.suite.node_hash(left, right);
        }
    }
}
