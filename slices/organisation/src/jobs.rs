//! Reconcilers of the organisation.

use anlan_foundation::Timestamp;
use anlan_store::{StoreError, Tx};

use crate::{Organisation, OrganisationError, store};

/// Forgets sessions that have ended. Idempotent.
pub fn forget_ended_sessions(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    store::delete_sessions_before(tx, now)
}

/// People who are put into the index at a time.
const TOGETHER: u64 = 500;

/// Puts the numbers of people who are in no index yet into it: after an import, a copy or a rebuild. Idempotent; gives
/// how many people it took. Those whose numbers cannot be read, because their key was destroyed, stay out of it.
pub fn index_phones(organisation: &Organisation, tx: &mut Tx<'_>) -> Result<usize, OrganisationError> {
    let (mut taken, mut after) = (0, String::new());
    loop {
        let waiting = store::people_not_indexed(tx, &after, TOGETHER)?;
        let Some(last) = waiting.last() else {
            return Ok(taken);
        };
        let [id, ..] = &last.texts;
        after.clone_from(id);
        for person in &waiting {
            let [id, ..] = &person.texts;
            taken += usize::from(organisation.index(tx, id, &person.contacts)? > 0);
        }
    }
}
