//! Divisions, grids and households in tables.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json};
use crate::facts::{DivisionRetired, GridSet, HouseholdSet};
use crate::model::{Division, Grid};

pub(super) fn save_division(tx: &mut Tx<'_>, d: &Division) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_divisions (code, name, level, parent, full_name, initials, lon, lat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (code) DO UPDATE
             SET name = excluded.name, level = excluded.level, parent = excluded.parent, full_name = excluded.full_name,
                 initials = excluded.initials, lon = COALESCE(excluded.lon, org_divisions.lon),
                 lat = COALESCE(excluded.lat, org_divisions.lat), version = org_divisions.version + 1"
        ),
        params![d.code, d.name, d.level, d.parent, d.full_name, d.initials, d.lon, d.lat],
    )?;
    Ok(())
}

pub(super) fn retire_division(
    tx: &mut Tx<'_>,
    retired: &DivisionRetired,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "UPDATE org_divisions SET retired_at = $2, successor = $3, version = version + 1 WHERE code = $1"
        ),
        params![retired.code, at, retired.successor],
    )?;
    Ok(())
}

pub(super) fn save_grid(tx: &mut Tx<'_>, set: &GridSet, at: Timestamp) -> Result<(), StoreError> {
    let grid = &set.grid;
    let division = Division {
        code: grid.code.clone(),
        name: grid.name.clone(),
        level: "grid".to_owned(),
        parent: grid.village.clone(),
        full_name: set.full_name.clone(),
        initials: anlan_divisions::initials(&grid.name),
        lon: set.point.map(|(lon, _)| lon),
        lat: set.point.map(|(_, lat)| lat),
    };
    save_division(tx, &division)?;
    let retired = grid.closed.then_some(at);
    tx.execute(
        sql!("UPDATE org_divisions SET retired_at = $2 WHERE code = $1"),
        params![grid.code, retired],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO org_grids (code, village, name, workers, closed, version)
             VALUES ($1, $2, $3, $4, $5, 1)
             ON CONFLICT (code) DO UPDATE
             SET name = excluded.name, workers = excluded.workers, closed = excluded.closed,
                 version = org_grids.version + 1"
        ),
        params![
            grid.code,
            grid.village,
            grid.name,
            json(&grid.workers)?,
            grid.closed
        ],
    )?;
    Ok(())
}

pub(super) fn save_household(tx: &mut Tx<'_>, set: &HouseholdSet) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_households (code, grid, label, size, need_help, members, closed, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
             ON CONFLICT (code) DO UPDATE
             SET label = excluded.label, size = excluded.size, need_help = excluded.need_help,
                 members = excluded.members, closed = excluded.closed, version = org_households.version + 1"
        ),
        params![
            set.code,
            set.grid,
            set.label,
            set.size,
            set.need_help,
            json(&set.members)?,
            set.closed
        ],
    )?;
    Ok(())
}

fn division(row: &Row<'_>) -> Result<Division, StoreError> {
    Ok(Division {
        code: row.get(0)?,
        name: row.get(1)?,
        level: row.get(2)?,
        parent: row.get(3)?,
        full_name: row.get(4)?,
        initials: row.get(5)?,
        lon: row.get(6)?,
        lat: row.get(7)?,
    })
}

/// Divisions below `parent` and at `level`, when given, whose name contains or whose initials begin with `q`; retired
/// codes are left out.
pub fn divisions(
    tx: &mut Tx<'_>,
    parent: Option<&str>,
    level: Option<&str>,
    q: &str,
    limit: u64,
) -> Result<Vec<Division>, StoreError> {
    let (contains, begins) = (format!("%{q}%"), format!("{q}%"));
    tx.query(
        sql!(
            "SELECT code, name, level, parent, full_name, initials, lon, lat
             FROM org_divisions
             WHERE (CAST($1 AS TEXT) IS NULL OR parent = $1)
               AND (CAST($2 AS TEXT) IS NULL OR level = $2)
               AND (name LIKE $3 OR initials LIKE $4 OR code LIKE $4)
               AND retired_at IS NULL
             ORDER BY LENGTH(initials), LENGTH(code), code
             LIMIT $5"
        ),
        params![parent, level, contains, begins, limit],
        division,
    )
}

/// One division, retired or not.
pub fn load_division(tx: &mut Tx<'_>, code: &str) -> Result<Option<Division>, StoreError> {
    tx.first(
        sql!("SELECT code, name, level, parent, full_name, initials, lon, lat FROM org_divisions WHERE code = $1"),
        params![code],
        division,
    )
}

/// What becomes of a division's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivisionState {
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
    /// The code that follows it.
    pub successor: Option<String>,
    /// How often the row was changed.
    pub version: u64,
    /// How many divisions that are not retired lie right below it.
    pub children: u64,
}

/// Whether a code is retired, what follows it, and how many lie below it.
pub fn division_state(tx: &mut Tx<'_>, code: &str) -> Result<Option<DivisionState>, StoreError> {
    tx.first(
        sql!(
            "SELECT d.retired_at, d.successor, d.version,
                    (SELECT COUNT(*) FROM org_divisions c WHERE c.parent = d.code AND c.retired_at IS NULL)
             FROM org_divisions d
             WHERE d.code = $1"
        ),
        params![code],
        |row| {
            Ok(DivisionState {
                retired_at: row.get(0)?,
                successor: row.get(1)?,
                version: row.get(2)?,
                children: row.get(3)?,
            })
        },
    )
}

/// Every known code with its name and its name from the city down.
pub fn known_divisions(tx: &mut Tx<'_>) -> Result<BTreeMap<String, (String, String)>, StoreError> {
    let rows = tx.query(
        sql!("SELECT code, name, full_name FROM org_divisions ORDER BY code LIMIT 1000000"),
        params![],
        |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
    )?;
    Ok(rows.into_iter().collect())
}

fn grid(row: &Row<'_>) -> Result<Grid, StoreError> {
    let workers: String = row.get(3)?;
    Ok(Grid {
        code: row.get(0)?,
        village: row.get(1)?,
        name: row.get(2)?,
        workers: from_json(&workers)?,
        closed: row.get(4)?,
        version: row.get(5)?,
    })
}

/// The grids of an area with their number of open households.
pub fn grids(tx: &mut Tx<'_>, area: &str, limit: u64) -> Result<Vec<(Grid, u64)>, StoreError> {
    tx.query(
        sql!(
            "SELECT g.code, g.village, g.name, g.workers, g.closed, g.version,
                    (SELECT COUNT(*) FROM org_households h WHERE h.grid = g.code AND h.closed = FALSE)
             FROM org_grids g
             WHERE g.code >= $1 AND g.code < $2 AND g.closed = FALSE
             ORDER BY g.code
             LIMIT $3"
        ),
        params![area, format!("{area}:"), limit],
        |row| Ok((grid(row)?, row.get(6)?)),
    )
}

/// One grid.
pub fn load_grid(tx: &mut Tx<'_>, code: &str) -> Result<Option<Grid>, StoreError> {
    tx.first(
        sql!("SELECT code, village, name, workers, closed, version FROM org_grids WHERE code = $1"),
        params![code],
        grid,
    )
}

/// The highest code of a grid of a village, or of a household of a grid: the next one follows it.
pub fn last_code_below(tx: &mut Tx<'_>, parent: &str) -> Result<Option<String>, StoreError> {
    tx.first(
        sql!(
            "SELECT MAX(code) FROM
               (SELECT code FROM org_grids WHERE village = $1
                UNION ALL SELECT code FROM org_households WHERE grid = $1) AS below"
        ),
        params![parent],
        |row| row.get::<Option<String>>(0),
    )
    .map(Option::flatten)
}

/// A household with its residents sealed.
#[derive(Debug)]
pub struct StoredHousehold {
    /// Code, grid, label.
    pub texts: [String; 3],
    /// How many people, and how many of them need help.
    pub counts: (i64, i64),
    /// The residents.
    pub members: Sealed,
    /// Whether it was closed.
    pub closed: bool,
    /// How often it was changed.
    pub version: u64,
}

fn household(row: &Row<'_>) -> Result<StoredHousehold, StoreError> {
    let members: String = row.get(5)?;
    Ok(StoredHousehold {
        texts: [row.get(0)?, row.get(1)?, row.get(2)?],
        counts: (row.get(3)?, row.get(4)?),
        members: from_json(&members)?,
        closed: row.get(6)?,
        version: row.get(7)?,
    })
}

/// Open households between two codes.
pub fn households(
    tx: &mut Tx<'_>,
    (from, before): (&str, &str),
    after: &str,
    limit: u64,
) -> Result<Vec<StoredHousehold>, StoreError> {
    tx.query(
        sql!(
            "SELECT code, grid, label, size, need_help, members, closed, version
             FROM org_households
             WHERE code >= $1 AND code < $2 AND code > $3 AND closed = FALSE
             ORDER BY code
             LIMIT $4"
        ),
        params![from, before, after, limit],
        household,
    )
}

/// How many open households, people and people who need help there are between two codes.
pub fn household_counts(
    tx: &mut Tx<'_>,
    (from, before): (&str, &str),
) -> Result<(i64, i64, i64), StoreError> {
    let found = tx.first(
        sql!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), CAST(COALESCE(SUM(need_help), 0) AS BIGINT)
             FROM org_households
             WHERE code >= $1 AND code < $2 AND closed = FALSE"
        ),
        params![from, before],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(found.unwrap_or_default())
}

/// One household.
pub fn load_household(tx: &mut Tx<'_>, code: &str) -> Result<Option<StoredHousehold>, StoreError> {
    tx.first(
        sql!(
            "SELECT code, grid, label, size, need_help, members, closed, version
             FROM org_households
             WHERE code = $1"
        ),
        params![code],
        household,
    )
}
