//! Closing a group: the Merkle tree grows and a checkpoint is signed, in the same transaction.

use std::sync::Arc;

use anlan_proof::{Checkpoint, Digest, merkle::Frontier};
use anlan_store::{BeforeCommit, StoreError, Tx};

use crate::ledger::Core;
use crate::store;

/// Runs inside the writer, once per group of commands.
pub(crate) struct Seal {
    core: Arc<Core>,
    position: u64,
}

impl Seal {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core, position: 0 }
    }

    fn close(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let core = &self.core;
        let Some(head) = store::load_head(tx, &core.origin)? else {
            return Ok(());
        };
        self.position = head.position;
        if head.seq == head.tree_size {
            return Ok(());
        }
        let mut frontier = Frontier::from_parts(core.suite, head.tree_size, unpack(&head.frontier)?)
            .map_err(|error| StoreError::Value(error.to_string()))?;
        for hash in store::hashes_after(tx, &core.origin, head.tree_size)? {
            frontier.push(&hash);
        }
        let checkpoint = Checkpoint {
            origin: core.origin.clone(),
            size: head.seq,
            root: frontier.root(),
            head: head.hash,
            signed_at: core.clock.now().as_micros(),
            previous: head.checkpoint,
            signature: String::new(),
        }
        .sign(&core.key);
        store::insert_checkpoint(tx, &checkpoint)?;
        let hashes = frontier.parts();
        store::save_tree(
            tx,
            &core.origin,
            head.seq,
            &pack(hashes),
            checkpoint.link_digest(core.suite),
        )
    }
}

impl BeforeCommit for Seal {
    /// Several servers on one PostgreSQL take turns at the head of their common feed. An embedded store has one
    /// writer at a time anyway.
    fn begin(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if tx.is_shared() {
            store::lock_head(tx, &self.core.origin)?;
        }
        Ok(())
    }

    fn before_commit(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        self.close(tx)
    }

    fn after_commit(&mut self) {
        self.core.hub.announce(self.position);
    }
}

fn pack(hashes: &[Digest]) -> Vec<u8> {
    hashes
        .iter()
        .flat_map(|hash| hash.as_bytes().iter().copied())
        .collect()
}

fn unpack(bytes: &[u8]) -> Result<Vec<Digest>, StoreError> {
    bytes
        .chunks(32)
        .map(|chunk| Digest::from_slice(chunk).map_err(|error| StoreError::Value(error.to_string())))
        .collect()
}
