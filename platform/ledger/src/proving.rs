//! Proofs for people: one entry with its way to a signed checkpoint, and all entries of a stream as an evidence pack.

use std::sync::PoisonError;

use anlan_proof::{Checkpoint, Digest, Evidence, InclusionProof, Proven, SignatureError, verify_inclusion};
use anlan_store::{StoreError, Tx};

use crate::tree::Feed;
use crate::view::Recorded;
use crate::{Ledger, LedgerError, store};

/// An entry, and how it is proved.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The entry as it stands in the store.
    pub recorded: Recorded,
    /// The hash that its content gives.
    pub computed: Digest,
    /// The first checkpoint that covers it; `None` for an entry of another node.
    pub covered: Option<Covered>,
}

/// A checkpoint and the way to it.
#[derive(Debug, Clone)]
pub struct Covered {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The way from the entry to its root.
    pub inclusion: InclusionProof,
    /// Whether the entry's content leads to the checkpoint's root.
    pub leads_to_root: bool,
    /// Whether the checkpoint's signature is the node's.
    pub signature: Result<(), SignatureError>,
}

impl Ledger {
    /// One entry with its proof under the first checkpoint that covers it.
    pub fn prove(&self, tx: &mut Tx<'_>, origin: &str, seq: u64) -> Result<Option<Proof>, LedgerError> {
        let Some(recorded) = store::entry(tx, origin, seq)? else {
            return Ok(None);
        };
        let computed = recorded.entry.compute_hash(self.suite());
        let checkpoint = store::checkpoints(tx, origin, seq.saturating_sub(1), 1)?.pop();
        let covered = match checkpoint.filter(|_| origin == self.origin()) {
            Some(checkpoint) => self.cover(tx, seq, checkpoint, &computed)?,
            None => None,
        };
        Ok(Some(Proof {
            recorded,
            computed,
            covered,
        }))
    }

    fn cover(
        &self,
        tx: &mut Tx<'_>,
        seq: u64,
        checkpoint: Checkpoint,
        computed: &Digest,
    ) -> Result<Option<Covered>, LedgerError> {
        let Some(inclusion) = self.include(tx, seq, checkpoint.size)? else {
            return Ok(None);
        };
        let leads = verify_inclusion(self.suite(), computed, &inclusion, &checkpoint.root);
        Ok(Some(Covered {
            signature: checkpoint.verify(&self.core().key.verifying_key()),
            leads_to_root: leads.is_ok(),
            inclusion,
            checkpoint,
        }))
    }

    fn include(&self, tx: &mut Tx<'_>, seq: u64, size: u64) -> Result<Option<InclusionProof>, StoreError> {
        let core = self.core();
        let mut feed = Feed {
            tx,
            origin: &core.origin,
            suite: core.suite,
        };
        let mut tree = core.tree.lock().unwrap_or_else(PoisonError::into_inner);
        tree.prove(&mut feed, seq, size)
    }

    /// The entries of one stream as an evidence pack; `None` when this node recorded none.
    pub fn evidence(&self, tx: &mut Tx<'_>, stream: &str) -> Result<Option<Evidence>, LedgerError> {
        let core = self.core();
        let size = store::load_head(tx, &core.origin)?.map_or(0, |head| head.tree_size);
        let newest = store::checkpoints(tx, &core.origin, size.saturating_sub(1), 1)?.pop();
        let Some(checkpoint) = newest else { return Ok(None) };
        let mut items = Vec::new();
        for recorded in store::stream_entries(tx, stream, i64::MAX.unsigned_abs())? {
            let entry = recorded.entry;
            if entry.origin != core.origin || entry.seq > checkpoint.size {
                continue;
            }
            if let Some(proof) = self.include(tx, entry.seq, checkpoint.size)? {
                items.push(Proven { entry, proof });
            }
        }
        let now = core.clock.now().as_micros();
        let pack = |items| Evidence::sign(&core.key, stream, checkpoint, items, now);
        Ok(Some(items).filter(|items| !items.is_empty()).map(pack))
    }
}
