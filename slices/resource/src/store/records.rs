//! Records, rosters, paperwork and deeds in tables.

use anlan_access::Scope;
use anlan_datum::metres;
use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json};
use crate::facts::{Confirmed, Done, Named, ReadinessSet, Retired, Roster};
use crate::model::{Deed, Record};

fn record(row: &Row<'_>) -> Result<Record, StoreError> {
    from_json(&row.get::<String>(0)?)
}

/// One record.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Option<Record>, StoreError> {
    tx.first(
        sql!("SELECT state FROM resource_records WHERE id = $1"),
        params![id],
        record,
    )
}

/// The record of a register with that code.
pub fn by_code(tx: &mut Tx<'_>, kind: &str, code: &str) -> Result<Option<Record>, StoreError> {
    tx.first(
        sql!("SELECT state FROM resource_records WHERE kind = $1 AND code = $2"),
        params![kind, code],
        record,
    )
}

pub(super) fn set_record(
    tx: &mut Tx<'_>,
    named: &Named,
    (position, at): (u64, Timestamp),
) -> Result<(), StoreError> {
    let before = load(tx, &named.id)?;
    let [people, capacity, area_m2] = named.figures;
    let same = before
        .as_ref()
        .filter(|before| before.entry.readiness == named.entry.readiness);
    let record = Record {
        id: named.id.clone(),
        people,
        capacity,
        area_m2,
        readiness_reason: same.map_or_else(String::new, |before| before.readiness_reason.clone()),
        readiness_since: same.map_or(at, |before| before.readiness_since),
        incident: same.and_then(|before| before.incident.clone()),
        retired: false,
        version: before.as_ref().map_or(0, |before| before.version) + 1,
        position,
        entry: named.entry.clone(),
    };
    save(tx, &record)?;
    save_paperwork(tx, &record)
}

pub(super) fn set_readiness(
    tx: &mut Tx<'_>,
    set: &ReadinessSet,
    (position, at): (u64, Timestamp),
) -> Result<(), StoreError> {
    change(tx, &set.id, position, |record| {
        record.entry.readiness = set.readiness;
        record.readiness_reason.clone_from(&set.reason);
        record.readiness_since = at;
        record.incident.clone_from(&set.incident);
        record.entry.as_of = at;
    })
}

pub(super) fn confirm(tx: &mut Tx<'_>, confirmed: &Confirmed, position: u64) -> Result<(), StoreError> {
    change(tx, &confirmed.id, position, |record| {
        record.entry.source.clone_from(&confirmed.source);
        record.entry.as_of = confirmed.as_of;
    })
}

pub(super) fn retire(tx: &mut Tx<'_>, retired: &Retired, position: u64) -> Result<(), StoreError> {
    change(tx, &retired.id, position, |record| record.retired = true)?;
    tx.execute(
        sql!("DELETE FROM resource_documents WHERE record = $1"),
        params![retired.id],
    )?;
    Ok(())
}

fn change(
    tx: &mut Tx<'_>,
    id: &str,
    position: u64,
    change: impl FnOnce(&mut Record),
) -> Result<(), StoreError> {
    let Some(mut record) = load(tx, id)? else {
        return Ok(());
    };
    change(&mut record);
    record.version += 1;
    record.position = position;
    save(tx, &record)
}

fn save(tx: &mut Tx<'_>, record: &Record) -> Result<(), StoreError> {
    let entry = &record.entry;
    let place = entry.place.as_ref();
    tx.execute(
        sql!(
            "INSERT INTO resource_records
               (id, kind, class, code, name, initials, area, readiness, people, capacity, area_m2, lon, lat, as_of,
                retired, state, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT (id) DO UPDATE
             SET kind = excluded.kind, class = excluded.class, code = excluded.code, name = excluded.name,
                 initials = excluded.initials, area = excluded.area, readiness = excluded.readiness,
                 people = excluded.people, capacity = excluded.capacity, area_m2 = excluded.area_m2,
                 lon = excluded.lon, lat = excluded.lat, as_of = excluded.as_of, retired = excluded.retired,
                 state = excluded.state, version = excluded.version"
        ),
        params![
            record.id,
            entry.kind,
            entry.class,
            entry.code,
            entry.name,
            anlan_divisions::initials(&entry.name),
            entry.area,
            entry.readiness.word(),
            record.people,
            record.capacity,
            record.area_m2,
            place.map(|place| place.lon),
            place.map(|place| place.lat),
            entry.as_of,
            record.retired,
            json(record)?,
            record.version
        ],
    )?;
    Ok(())
}

fn save_paperwork(tx: &mut Tx<'_>, record: &Record) -> Result<(), StoreError> {
    tx.execute(
        sql!("DELETE FROM resource_documents WHERE record = $1"),
        params![record.id],
    )?;
    for (place, paper) in record.entry.paperwork.iter().enumerate() {
        let Some(valid_to) = paper.valid_to else { continue };
        tx.execute(
            sql!(
                "INSERT INTO resource_documents (record, place, area, kind, name, holder, valid_to)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            params![
                record.id,
                i64::try_from(place).unwrap_or(i64::MAX),
                record.entry.area,
                paper.kind,
                paper.name,
                paper.holder,
                valid_to
            ],
        )?;
    }
    Ok(())
}

/// Which records to list.
#[derive(Debug, Clone)]
pub struct RecordFilter {
    /// What the caller may see.
    pub scope: Scope,
    /// Register; none for all.
    pub kind: Option<String>,
    /// Class.
    pub class: Option<String>,
    /// Readiness.
    pub readiness: Option<String>,
    /// Part of a name, beginning of a code, or pinyin initials.
    pub words: String,
    /// Only codes after this one.
    pub after: String,
    /// At most this many.
    pub limit: u64,
}

impl RecordFilter {
    /// Everything of one register in a scope.
    pub fn all(scope: Scope, kind: &str, limit: u64) -> Self {
        Self {
            scope,
            kind: Some(kind.to_owned()),
            class: None,
            readiness: None,
            words: String::new(),
            after: String::new(),
            limit,
        }
    }
}

/// Records that fit a filter, by kind and code.
pub fn list(tx: &mut Tx<'_>, filter: &RecordFilter) -> Result<Vec<Record>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM resource_records
             WHERE area >= $1 AND area < $2 AND retired = FALSE AND (CAST($3 AS TEXT) IS NULL OR kind = $3)
               AND (CAST($4 AS TEXT) IS NULL OR class = $4) AND (CAST($5 AS TEXT) IS NULL OR readiness = $5)
               AND (name LIKE $6 OR initials LIKE $7 OR code LIKE $7) AND kind || '/' || code > $8
             ORDER BY kind || '/' || code
             LIMIT $9"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.kind,
            filter.class,
            filter.readiness,
            format!("%{}%", filter.words),
            format!("{}%", filter.words),
            filter.after,
            filter.limit
        ],
        record,
    )
}

/// How many records fit a filter; its cursor and limit do not count.
pub fn count(tx: &mut Tx<'_>, filter: &RecordFilter) -> Result<u64, StoreError> {
    let found = tx.first(
        sql!(
            "SELECT COUNT(*)
             FROM resource_records
             WHERE area >= $1 AND area < $2 AND retired = FALSE AND (CAST($3 AS TEXT) IS NULL OR kind = $3)
               AND (CAST($4 AS TEXT) IS NULL OR class = $4) AND (CAST($5 AS TEXT) IS NULL OR readiness = $5)
               AND (name LIKE $6 OR initials LIKE $7 OR code LIKE $7)"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.kind,
            filter.class,
            filter.readiness,
            format!("%{}%", filter.words),
            format!("{}%", filter.words)
        ],
        |row| row.get::<u64>(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// What is near a place.
#[derive(Debug, Clone)]
pub struct Near {
    /// What the caller may see.
    pub scope: Scope,
    /// Register.
    pub kind: String,
    /// Class; none for all.
    pub class: Option<String>,
    /// Readiness; none for all.
    pub readiness: Option<String>,
    /// Longitude and latitude in CGCS2000.
    pub at: (f64, f64),
    /// At most so far.
    pub within_metres: f64,
    /// At most this many.
    pub limit: usize,
}

/// Records near a place with their distance in metres as the crow flies, the nearest first.
pub fn near(tx: &mut Tx<'_>, near: &Near) -> Result<Vec<(Record, f64)>, StoreError> {
    // A degree of latitude is 111 km; one of longitude is shorter by the cosine.
    let high = near.within_metres / 110_000.0;
    let wide = high / near.at.1.to_radians().cos().max(0.01);
    let found = tx.query(
        sql!(
            "SELECT state
             FROM resource_records
             WHERE kind = $1 AND area >= $2 AND area < $3 AND retired = FALSE
               AND lon BETWEEN $4 AND $5 AND lat BETWEEN $6 AND $7
               AND (CAST($8 AS TEXT) IS NULL OR class = $8) AND (CAST($9 AS TEXT) IS NULL OR readiness = $9)
             ORDER BY code
             LIMIT 20000"
        ),
        params![
            near.kind,
            near.scope.from,
            near.scope.before,
            near.at.0 - wide,
            near.at.0 + wide,
            near.at.1 - high,
            near.at.1 + high,
            near.class,
            near.readiness
        ],
        record,
    )?;
    let distance = |record: &Record| {
        let place = record.entry.place.as_ref();
        place.map_or(f64::INFINITY, |place| metres(near.at, (place.lon, place.lat)))
    };
    let mut all: Vec<(Record, f64)> = found
        .into_iter()
        .map(|record| {
            let far = distance(&record);
            (record, far)
        })
        .filter(|(_, far)| *far <= near.within_metres)
        .collect();
    all.sort_by(|a, b| {
        a.1.total_cmp(&b.1)
            .then_with(|| a.0.entry.code.cmp(&b.0.entry.code))
    });
    all.truncate(near.limit);
    Ok(all)
}

/// A sum of the overview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Register.
    pub kind: String,
    /// Class.
    pub class: String,
    /// Readiness.
    pub readiness: String,
    /// Records.
    pub records: u64,
    /// People.
    pub people: u64,
    /// Capacity.
    pub capacity: u64,
    /// Square metres.
    pub area_m2: u64,
    /// The oldest statement among them.
    pub oldest: Timestamp,
}

/// Sums by register, class and readiness.
pub fn sums(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Sum>, StoreError> {
    tx.query(
        sql!(
            "SELECT kind, class, readiness, COUNT(*), CAST(SUM(people) AS BIGINT), CAST(SUM(capacity) AS BIGINT),
                    CAST(SUM(area_m2) AS BIGINT), MIN(as_of)
             FROM resource_records
             WHERE area >= $1 AND area < $2 AND retired = FALSE
             GROUP BY kind, class, readiness
             ORDER BY kind, class, readiness
             LIMIT 1000"
        ),
        params![scope.from, scope.before],
        |row| {
            Ok(Sum {
                kind: row.get(0)?,
                class: row.get(1)?,
                readiness: row.get(2)?,
                records: row.get(3)?,
                people: row.get(4)?,
                capacity: row.get(5)?,
                area_m2: row.get(6)?,
                oldest: row.get(7)?,
            })
        },
    )
}

/// Paperwork that runs out.
#[derive(Debug, Clone)]
pub struct Expiring {
    /// Id of the record.
    pub record: String,
    /// Its register.
    pub register: String,
    /// Its name.
    pub record_name: String,
    /// Kind of the paper.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub holder: String,
    /// Until when it holds.
    pub valid_to: Timestamp,
}

/// Paperwork that has run out or does so before an instant, the soonest first.
pub fn expiring(
    tx: &mut Tx<'_>,
    scope: &Scope,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Expiring>, StoreError> {
    tx.query(
        sql!(
            "SELECT d.record, r.kind, r.name, d.kind, d.name, d.holder, d.valid_to
             FROM resource_documents d JOIN resource_records r ON r.id = d.record
             WHERE d.area >= $1 AND d.area < $2 AND d.valid_to < $3
             ORDER BY d.valid_to, d.record, d.place
             LIMIT $4"
        ),
        params![scope.from, scope.before, before, limit],
        |row| {
            Ok(Expiring {
                record: row.get(0)?,
                register: row.get(1)?,
                record_name: row.get(2)?,
                kind: row.get(3)?,
                name: row.get(4)?,
                holder: row.get(5)?,
                valid_to: row.get(6)?,
            })
        },
    )
}

pub(super) fn set_roster(tx: &mut Tx<'_>, roster: &Roster, position: u64) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO resource_rosters (record, members, sealed)
             VALUES ($1, $2, $3)
             ON CONFLICT (record) DO UPDATE SET members = excluded.members, sealed = excluded.sealed"
        ),
        params![roster.id, roster.members, json(&roster.sealed)?],
    )?;
    change(tx, &roster.id, position, |record| {
        record
            .entry
            .values
            .insert("people".to_owned(), roster.members.into());
        record.people = roster.members;
    })
}

/// The sealed roster of a record.
pub fn roster(tx: &mut Tx<'_>, record: &str) -> Result<Option<(u64, Sealed)>, StoreError> {
    tx.first(
        sql!("SELECT members, sealed FROM resource_rosters WHERE record = $1"),
        params![record],
        |row| Ok((row.get(0)?, from_json(&row.get::<String>(1)?)?)),
    )
}

pub(super) fn add_deed(tx: &mut Tx<'_>, done: &Done, position: u64, place: usize) -> Result<(), StoreError> {
    // An entry holds at most a thousand deeds, so the key stays one.
    let key = position * 1_000 + u64::try_from(place).unwrap_or(999).min(999);
    tx.execute(
        sql!("INSERT INTO resource_logs (record, position, at, state) VALUES ($1, $2, $3, $4)"),
        params![done.id, key, done.deed.at, json(&done.deed)?],
    )?;
    Ok(())
}

/// What was done with a record, the newest first.
pub fn deeds(tx: &mut Tx<'_>, record: &str, limit: u64) -> Result<Vec<Deed>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM resource_logs
             WHERE record = $1
             ORDER BY at DESC, position DESC
             LIMIT $2"
        ),
        params![record, limit],
        |row| from_json(&row.get::<String>(0)?),
    )
}
