//! Divisions, units, people, duty and command bodies in tables.

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json};
use crate::facts;
use crate::model::{Body, Division, DutyNow, Relation, Unit};

pub(super) fn save_division(tx: &mut Tx<'_>, d: &Division) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_divisions (code, name, level, parent, full_name, initials, lon, lat)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (code) DO UPDATE
             SET name = excluded.name, level = excluded.level, parent = excluded.parent, full_name = excluded.full_name,
                 initials = excluded.initials, lon = excluded.lon, lat = excluded.lat"
        ),
        params![d.code, d.name, d.level, d.parent, d.full_name, d.initials, d.lon, d.lat],
    )?;
    Ok(())
}

pub(super) fn save_unit(tx: &mut Tx<'_>, unit: &Unit) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_units (id, name, short_name, kind, department, division, superior, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, short_name = excluded.short_name, kind = excluded.kind,
                 department = excluded.department, division = excluded.division, superior = excluded.superior,
                 version = org_units.version + 1"
        ),
        params![
            unit.id,
            unit.name,
            unit.short_name,
            unit.kind,
            unit.department,
            unit.division,
            unit.superior
        ],
    )?;
    Ok(())
}

pub(super) fn save_relation(tx: &mut Tx<'_>, relation: &Relation) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_relations (from_unit, to_unit, kind)
             VALUES ($1, $2, $3)
             ON CONFLICT (from_unit, to_unit, kind) DO NOTHING"
        ),
        params![relation.from_unit, relation.to_unit, relation.kind],
    )?;
    Ok(())
}

pub(super) fn save_person(tx: &mut Tx<'_>, person: &facts::PersonFact) -> Result<(), StoreError> {
    let mobile = person.mobile.as_ref().map(json).transpose()?;
    tx.execute(
        sql!(
            "INSERT INTO org_people (id, name, unit, title, mobile, area)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, unit = excluded.unit, title = excluded.title, mobile = excluded.mobile,
                 area = excluded.area"
        ),
        params![
            person.id,
            person.name,
            person.unit,
            person.title,
            mobile,
            person.area
        ],
    )?;
    Ok(())
}

pub(super) fn save_shift(tx: &mut Tx<'_>, shift: &facts::Shift) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_duty (unit, person, role, since, until)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (unit, person, role, since) DO UPDATE SET until = excluded.until"
        ),
        params![shift.unit, shift.person, shift.role, shift.since, shift.until],
    )?;
    Ok(())
}

pub(super) fn save_body(tx: &mut Tx<'_>, body: &Body) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_bodies (id, name, division, members)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, division = excluded.division, members = excluded.members"
        ),
        params![body.id, body.name, body.division, json(&body.members)?],
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

/// Divisions below `parent` and at `level`, when given, whose name contains or whose initials begin with `q`.
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
             ORDER BY LENGTH(initials), LENGTH(code), code
             LIMIT $5"
        ),
        params![parent, level, contains, begins, limit],
        division,
    )
}

/// One division.
pub fn load_division(tx: &mut Tx<'_>, code: &str) -> Result<Option<Division>, StoreError> {
    tx.first(
        sql!("SELECT code, name, level, parent, full_name, initials, lon, lat FROM org_divisions WHERE code = $1"),
        params![code],
        division,
    )
}

fn unit(row: &Row<'_>) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: row.get(0)?,
        name: row.get(1)?,
        short_name: row.get(2)?,
        kind: row.get(3)?,
        department: row.get(4)?,
        division: row.get(5)?,
        superior: row.get(6)?,
    })
}

/// Units in a division range, whose name contains `q`.
pub fn units(
    tx: &mut Tx<'_>,
    area: &str,
    q: &str,
    kind: Option<&str>,
    limit: u64,
) -> Result<Vec<Unit>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, name, short_name, kind, department, division, superior
             FROM org_units
             WHERE division >= $1 AND division < $2 AND name LIKE $3 AND (CAST($4 AS TEXT) IS NULL OR kind = $4)
             ORDER BY LENGTH(division), division, kind, id
             LIMIT $5"
        ),
        params![area, format!("{area}:"), format!("%{q}%"), kind, limit],
        unit,
    )
}

/// One unit.
pub fn load_unit(tx: &mut Tx<'_>, id: &str) -> Result<Option<Unit>, StoreError> {
    tx.first(
        sql!(
            "SELECT id, name, short_name, kind, department, division, superior FROM org_units WHERE id = $1"
        ),
        params![id],
        unit,
    )
}

/// Relations from or to a unit, with the name of the other unit.
pub fn relations(tx: &mut Tx<'_>, id: &str) -> Result<Vec<(Relation, String)>, StoreError> {
    tx.query(
        sql!(
            "SELECT r.from_unit, r.to_unit, r.kind, u.name
             FROM org_relations r
             JOIN org_units u ON u.id = CASE WHEN r.from_unit = $1 THEN r.to_unit ELSE r.from_unit END
             WHERE r.from_unit = $1 OR r.to_unit = $1
             ORDER BY r.kind, u.id
             LIMIT 500"
        ),
        params![id],
        |row| {
            let relation = Relation {
                from_unit: row.get(0)?,
                to_unit: row.get(1)?,
                kind: row.get(2)?,
            };
            Ok((relation, row.get(3)?))
        },
    )
}

/// A person with the sealed number.
#[derive(Debug)]
pub struct StoredPerson {
    /// Id, name, unit id, unit name, title.
    pub texts: [String; 5],
    /// Sealed mobile number.
    pub mobile: Option<Sealed>,
    /// Division of the unit.
    pub area: String,
}

fn person(row: &Row<'_>) -> Result<StoredPerson, StoreError> {
    let mobile: Option<String> = row.get(5)?;
    Ok(StoredPerson {
        texts: [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
        mobile: mobile.as_deref().map(from_json).transpose()?,
        area: row.get(6)?,
    })
}

/// People of an area, perhaps of one unit, whose name, title or unit contains `q`.
pub fn people(
    tx: &mut Tx<'_>,
    area: &str,
    unit: Option<&str>,
    q: &str,
    limit: u64,
) -> Result<Vec<StoredPerson>, StoreError> {
    tx.query(
        sql!(
            "SELECT p.id, p.name, p.unit, u.name, p.title, p.mobile, p.area
             FROM org_people p
             JOIN org_units u ON u.id = p.unit
             WHERE p.area >= $1 AND p.area < $2 AND (CAST($3 AS TEXT) IS NULL OR p.unit = $3)
               AND (p.name LIKE $4 OR u.name LIKE $4 OR p.title LIKE $4)
             ORDER BY LENGTH(p.area), p.area, p.unit, p.id
             LIMIT $5"
        ),
        params![area, format!("{area}:"), unit, format!("%{q}%"), limit],
        person,
    )
}

/// One person.
pub fn load_person(tx: &mut Tx<'_>, id: &str) -> Result<Option<StoredPerson>, StoreError> {
    tx.first(
        sql!(
            "SELECT p.id, p.name, p.unit, u.name, p.title, p.mobile, p.area
             FROM org_people p
             JOIN org_units u ON u.id = p.unit
             WHERE p.id = $1"
        ),
        params![id],
        person,
    )
}

/// Who is on duty in an area at an instant; `area` exactly, or the whole city when empty.
pub fn duty_at(
    tx: &mut Tx<'_>,
    area: &str,
    at: Timestamp,
) -> Result<Vec<(DutyNow, Option<Sealed>)>, StoreError> {
    tx.query(
        sql!(
            "SELECT d.unit, u.name, d.role, d.person, p.name, p.mobile, d.until
             FROM org_duty d
             JOIN org_units u ON u.id = d.unit
             JOIN org_people p ON p.id = d.person
             WHERE d.since <= $2 AND d.until > $2 AND u.division = $1
             ORDER BY u.id, d.role, p.id
             LIMIT 100"
        ),
        params![area, at],
        |row| {
            let mobile: Option<String> = row.get(5)?;
            let duty = DutyNow {
                unit_id: row.get(0)?,
                unit_name: row.get(1)?,
                duty_role: row.get(2)?,
                person_id: row.get(3)?,
                person_name: row.get(4)?,
                mobile_masked: None,
                contacts: Vec::new(),
                until: row.get(6)?,
            };
            Ok((duty, mobile.as_deref().map(from_json).transpose()?))
        },
    )
}

/// Command bodies of an area.
pub fn bodies(tx: &mut Tx<'_>, area: &str) -> Result<Vec<Body>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, name, division, members
             FROM org_bodies
             WHERE division >= $1 AND division < $2
             ORDER BY LENGTH(division), division, id
             LIMIT 200"
        ),
        params![area, format!("{area}:")],
        |row| {
            let members: String = row.get(3)?;
            Ok(Body {
                id: row.get(0)?,
                name: row.get(1)?,
                division: row.get(2)?,
                members: from_json(&members)?,
            })
        },
    )
}
