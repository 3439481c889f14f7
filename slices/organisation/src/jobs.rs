//! Reconcilers of the organisation.

use anlan_foundation::Timestamp;
use anlan_store::{StoreError, Tx};

use crate::{Organisation, OrganisationError, store};

/// Forgets sessions that have ended. Idempotent.
pub fn forget_ended_sessions(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    store::delete_sessions_before(tx, now)
}

/// Puts the numbers of people who are in no index yet into it: after an import, a copy or a rebuild. Idempotent; gives
/// how many people it took this time.
pub fn index_phones(organisation: &Organisation, tx: &mut Tx<'_>) -> Result<usize, OrganisationError> {
    let waiting = store::people_not_indexed(tx, 500)?;
    for person in &waiting {
        let [id, ..] = &person.texts;
        organisation.index(tx, id, &person.contacts)?;
    }
    Ok(waiting.len())
}
