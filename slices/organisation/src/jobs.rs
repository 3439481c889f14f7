//! Reconcilers of the organisation.

use anlan_foundation::Timestamp;
use anlan_store::{StoreError, Tx};

use crate::store;

/// Forgets sessions that have ended. Idempotent.
pub fn forget_ended_sessions(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    store::delete_sessions_before(tx, now)
}
