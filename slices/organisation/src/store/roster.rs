//! Rosters: the shifts of a unit and how often they were planned.

use anlan_foundation::Timestamp;
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::people::save_shift;
use crate::facts::DutyPlanned;
use crate::model::PlannedShift;

/// The planned shifts stand for all of the unit that begin in the span.
pub(super) fn replace_shifts(tx: &mut Tx<'_>, planned: &DutyPlanned) -> Result<(), StoreError> {
    tx.execute(
        sql!("DELETE FROM org_duty WHERE unit = $1 AND since >= $2 AND since < $3"),
        params![planned.unit, planned.from, planned.to],
    )?;
    for shift in &planned.shifts {
        save_shift(tx, shift)?;
    }
    tx.execute(
        sql!(
            "INSERT INTO org_rosters (unit, version)
             VALUES ($1, 1)
             ON CONFLICT (unit) DO UPDATE SET version = org_rosters.version + 1"
        ),
        params![planned.unit],
    )?;
    Ok(())
}

/// How often the shifts of a unit were planned.
pub fn roster_version(tx: &mut Tx<'_>, unit: &str) -> Result<u64, StoreError> {
    let found = tx.first(
        sql!("SELECT version FROM org_rosters WHERE unit = $1"),
        params![unit],
        |row: &Row<'_>| row.get::<u64>(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// The shifts of a unit that touch a span, by their beginning.
pub fn shifts(
    tx: &mut Tx<'_>,
    unit: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<PlannedShift>, StoreError> {
    tx.query(
        sql!(
            "SELECT d.person, p.name, d.role, d.since, d.until
             FROM org_duty d
             JOIN org_people p ON p.id = d.person
             WHERE d.unit = $1 AND d.since < $3 AND d.until > $2
             ORDER BY d.since, CASE d.role WHEN 'leader' THEN 0 WHEN 'main' THEN 1 ELSE 2 END, d.person
             LIMIT 2000"
        ),
        params![unit, from, to],
        |row| {
            Ok(PlannedShift {
                person_id: row.get(0)?,
                person_name: row.get(1)?,
                role: row.get(2)?,
                since: row.get(3)?,
                until: row.get(4)?,
            })
        },
    )
}
