//! When the node was alive: a row that is renewed, and the gaps in it.

use anlan_foundation::Timestamp;
use anlan_store::{StoreError, Tx};

use crate::store;

/// A time in which the node fired nothing: it was down, or its store could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// When it was last known to be alive.
    pub down_since: Timestamp,
    /// When it came up.
    pub up_at: Timestamp,
}

/// Outages older than this are forgotten, in minutes: 400 days.
const KEPT_MINUTES: i64 = 400 * 24 * 60;

/// Records that the node has come up, and since when it was down.
///
/// A clock that was put back in the meantime leaves no gap to record: then nothing is known of the outage.
pub(crate) fn come_up(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Outage>, StoreError> {
    let outage = store::alive_at(tx)?
        .filter(|alive_at| *alive_at < now)
        .map(|down_since| Outage {
            down_since,
            up_at: now,
        });
    if let Some(outage) = &outage {
        store::insert_outage(tx, outage)?;
    }
    store::save_presence(tx, now)?;
    store::prune_outages(tx, now.plus_minutes(-KEPT_MINUTES))?;
    Ok(outage)
}

/// Records that the node is alive.
pub(crate) fn beat(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    store::renew_presence(tx, now).map(drop)
}
