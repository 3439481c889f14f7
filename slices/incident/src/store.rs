//! Every SQL statement of incidents.

mod drafts;
mod lists;
mod photos;
mod silence;
mod view;

use anlan_foundation::Timestamp;
use anlan_ledger::{Recorded, stream_entries};
use anlan_store::{Row, StoreError, Tx, params, sql};

pub use drafts::{count_drafts, delete_draft, draft_owner, drafts, save_draft};
pub use lists::{Cursor, Filter, Order, alarms_before, board, count, count_at, ids_at, list, words_of};
pub use photos::{
    HeldPhoto, forget_upload, is_named, keep_upload, names_of_photos, photo_in, stale_uploads, upload_of,
};
pub use silence::{heard_in, last_heard, watches, zero_on};
pub use view::IncidentView;

use crate::model::Incident;

/// Stands for a deadline where nothing is owed: later than any instant.
pub const NEVER: i64 = 9_000_000_000_000_000;

/// A position that every entry stands before: how things stand now.
pub const NOW: u64 = 8_999_999_999_999_999;

/// The incident as of a ledger position, from its entries; `None` when it did not exist yet.
pub fn as_of(tx: &mut Tx<'_>, id: &str, position: u64) -> Result<Option<Incident>, StoreError> {
    let entries = stream_entries(tx, &format!("incident/{id}"), position)?;
    let mut incident = Incident::new(id);
    for recorded in &entries {
        if let Some(fact) = view::fact_of(recorded)? {
            incident.apply(&fact, &view::meta(recorded));
        }
    }
    Ok((incident.version > 0).then_some(incident))
}

/// The entries of an incident up to a position.
pub fn entries(tx: &mut Tx<'_>, id: &str, position: u64) -> Result<Vec<Recorded>, StoreError> {
    stream_entries(tx, &format!("incident/{id}"), position)
}

pub(crate) fn incident(row: &Row<'_>) -> Result<Incident, StoreError> {
    let state: String = row.get(0)?;
    serde_json::from_str(&state).map_err(|error| StoreError::Value(error.to_string()))
}

/// One incident as it stands.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Option<Incident>, StoreError> {
    tx.first(
        sql!("SELECT state FROM incident_states WHERE id = $1"),
        params![id],
        incident,
    )
}

/// How many open incidents owe a report.
pub fn count_open_deadlines(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let counted = tx.first(
        sql!("SELECT COUNT(*) FROM incident_incidents WHERE next_due_at < $1"),
        params![NEVER],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// How many incidents bear a number that begins with `prefix`.
pub fn count_codes(tx: &mut Tx<'_>, prefix: &str) -> Result<i64, StoreError> {
    let counted = tx.first(
        sql!("SELECT COUNT(*) FROM incident_incidents WHERE code >= $1 AND code < $2"),
        params![prefix, format!("{prefix}:")],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// The instant of a deadline as it stands in a table.
pub(crate) fn due(at: Option<Timestamp>) -> i64 {
    at.map_or(NEVER, Timestamp::as_micros)
}

/// Incidents that changed after a ledger position, with the position of each change, in their order.
pub fn changed_after(tx: &mut Tx<'_>, position: u64, limit: u64) -> Result<Vec<(String, u64)>, StoreError> {
    tx.query(
        sql!("SELECT id, position FROM incident_versions WHERE position > $1 ORDER BY position LIMIT $2"),
        params![position, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
