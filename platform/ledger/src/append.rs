//! Appending: a fact becomes the next entry of the node's feed.

use anlan_foundation::Timestamp;
use anlan_proof::{Actor, Digest, Entry, canonical};
use anlan_store::Tx;
use serde::Serialize;

use crate::ledger::Core;
use crate::view::Recorded;
use crate::{LedgerError, store};

/// What is known of an entry before it has a number.
pub(crate) struct Draft<'d> {
    pub(crate) stream: &'d str,
    pub(crate) kind: &'d str,
    pub(crate) area: &'d str,
    pub(crate) actor: &'d Actor,
    pub(crate) now: Timestamp,
}

pub(crate) fn append<F: Serialize>(
    core: &Core,
    tx: &mut Tx<'_>,
    draft: &Draft<'_>,
    fact: &F,
) -> Result<Recorded, LedgerError> {
    let wrong = |error: &dyn std::fmt::Display| LedgerError::Fact(error.to_string());
    let body = canonical::to_string(fact).map_err(|error| wrong(&error))?;
    let actor = serde_json::to_string(draft.actor).map_err(|error| wrong(&error))?;
    let head = store::load_head(tx, &core.origin)?
        .ok_or_else(|| LedgerError::Identity(format!("the feed of {} was never started", core.origin)))?;
    let version =
        store::stream_version(tx, draft.stream)?.max(store::own_version(tx, draft.stream, &core.origin)?) + 1;
    let entry = Entry {
        origin: core.origin.clone(),
        seq: head.seq + 1,
        realm: core.realm.to_string(),
        hlc: next_hlc(head.hlc, draft.now),
        recorded_at: draft.now.as_micros(),
        actor: draft.actor.clone(),
        stream: draft.stream.to_owned(),
        version,
        kind: draft.kind.to_owned(),
        area: draft.area.to_owned(),
        body,
        prev: head.hash,
        hash: Digest::ZERO,
    }
    .seal(core.suite);
    let recorded = Recorded {
        position: head.position + 1,
        entry,
    };
    store::insert_entry(tx, &recorded, &actor)?;
    store::advance_head(tx, &recorded)?;
    core.apply(tx, &recorded)?;
    Ok(recorded)
}

/// The hybrid logical clock: milliseconds in the upper 48 bits, a counter in the lower 16. It never goes back, even
/// when the machine's clock does.
fn next_hlc(last: u64, now: Timestamp) -> u64 {
    let wall = u64::try_from(now.as_millis()).unwrap_or(0) << 16;
    if wall > last { wall } else { last + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logical_clock_never_goes_back() {
        let noon = Timestamp::from_seconds(1_000_000);
        let first = next_hlc(0, noon);
        let second = next_hlc(first, noon.plus_minutes(-60 * 24));
        assert!(second > first);
        assert!(next_hlc(second, noon.plus_seconds(1)) > second);
    }
}
