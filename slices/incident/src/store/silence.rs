//! Who was heard from, and what is watched.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_ledger::Recorded;
use anlan_store::{StoreError, Tx, params, sql};

use super::NEVER;
use crate::facts::{Fact, WatchSet, ZeroReported};

/// Whatever a unit records is a sign of life.
pub(super) fn hear(tx: &mut Tx<'_>, recorded: &Recorded, fact: &Fact) -> Result<(), StoreError> {
    let Some(unit) = recorded.actor().unit.as_deref() else {
        return Ok(());
    };
    let area = match fact {
        Fact::ZeroReported(zero) => zero.unit.division.as_str(),
        _ => recorded.entry.area.as_str(),
    };
    tx.execute(
        sql!(
            "INSERT INTO incident_heard (unit, position, area, at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (unit, position) DO NOTHING"
        ),
        params![unit, recorded.position, area, recorded.at()],
    )?;
    Ok(())
}

pub(super) fn save_zero(tx: &mut Tx<'_>, zero: &ZeroReported, recorded: &Recorded) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO incident_zeros (unit, day, position, at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (unit, day, position) DO NOTHING"
        ),
        params![zero.unit.id, zero.day, recorded.position, recorded.at()],
    )?;
    Ok(())
}

pub(super) fn save_watch(tx: &mut Tx<'_>, watch: &WatchSet) -> Result<(), StoreError> {
    let state = serde_json::to_string(watch).map_err(|error| StoreError::Value(error.to_string()))?;
    tx.execute(
        sql!(
            "INSERT INTO incident_watches (id, since, until_at, state)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET until_at = excluded.until_at, state = excluded.state"
        ),
        params![
            watch.id,
            watch.since,
            watch.until.map_or(NEVER, Timestamp::as_micros),
            state
        ],
    )?;
    Ok(())
}

/// The watches that hold at an instant.
pub fn watches(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<WatchSet>, StoreError> {
    tx.query(
        sql!("SELECT state FROM incident_watches WHERE since <= $1 AND until_at > $1 ORDER BY since, id LIMIT 100"),
        params![now],
        |row| {
            let state: String = row.get(0)?;
            serde_json::from_str(&state).map_err(|error| StoreError::Value(error.to_string()))
        },
    )
}

/// When a unit was last heard from, as of a position.
pub fn last_heard(tx: &mut Tx<'_>, unit: &str, position: u64) -> Result<Option<Timestamp>, StoreError> {
    tx.first(
        sql!(
            "SELECT at FROM incident_heard WHERE unit = $1 AND position <= $2 ORDER BY position DESC LIMIT 1"
        ),
        params![unit, position],
        |row| row.get(0),
    )
}

/// When each unit that acted in an area was last heard from, as of a position.
pub fn heard_in(
    tx: &mut Tx<'_>,
    area: &str,
    position: u64,
) -> Result<BTreeMap<String, Timestamp>, StoreError> {
    let rows = tx.query(
        sql!(
            "SELECT unit, MAX(at)
             FROM incident_heard
             WHERE area >= $1 AND area < $2 AND position <= $3
             GROUP BY unit"
        ),
        params![area, format!("{area}:"), position],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// When a unit gave its zero report of a day, as of a position.
pub fn zero_on(
    tx: &mut Tx<'_>,
    unit: &str,
    day: &str,
    position: u64,
) -> Result<Option<Timestamp>, StoreError> {
    tx.first(
        sql!(
            "SELECT at
             FROM incident_zeros
             WHERE unit = $1 AND day = $2 AND position <= $3
             ORDER BY position
             LIMIT 1"
        ),
        params![unit, day, position],
        |row| row.get(0),
    )
}
