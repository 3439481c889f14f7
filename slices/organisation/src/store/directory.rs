//! Units, relations, posts and command bodies in tables.

use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json};
use crate::model::{Body, Post, Relation, Unit};

pub(super) fn save_unit(tx: &mut Tx<'_>, unit: &Unit) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_units
               (id, name, short_name, kind, department, division, superior, initials, duty_phone, closed, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, short_name = excluded.short_name, kind = excluded.kind,
                 department = excluded.department, division = excluded.division, superior = excluded.superior,
                 initials = excluded.initials, duty_phone = excluded.duty_phone, closed = excluded.closed,
                 version = org_units.version + 1"
        ),
        params![
            unit.id,
            unit.name,
            unit.short_name,
            unit.kind,
            unit.department,
            unit.division,
            unit.superior,
            anlan_divisions::initials(&unit.name),
            unit.duty_phone,
            unit.closed
        ],
    )?;
    Ok(())
}

pub(super) fn save_relation(tx: &mut Tx<'_>, relation: &Relation) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_relations (from_unit, to_unit, kind, note)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (from_unit, to_unit, kind) DO UPDATE SET note = excluded.note"
        ),
        params![relation.from_unit, relation.to_unit, relation.kind, relation.note],
    )?;
    Ok(())
}

pub(super) fn end_relation(tx: &mut Tx<'_>, relation: &Relation) -> Result<(), StoreError> {
    tx.execute(
        sql!("DELETE FROM org_relations WHERE from_unit = $1 AND to_unit = $2 AND kind = $3"),
        params![relation.from_unit, relation.to_unit, relation.kind],
    )?;
    Ok(())
}

pub(super) fn save_body(tx: &mut Tx<'_>, body: &Body) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_bodies (id, name, division, members, event_classes, closed, version)
             VALUES ($1, $2, $3, $4, $5, $6, 1)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, division = excluded.division, members = excluded.members,
                 event_classes = excluded.event_classes, closed = excluded.closed, version = org_bodies.version + 1"
        ),
        params![
            body.id,
            body.name,
            body.division,
            json(&body.members)?,
            json(&body.event_classes)?,
            body.closed
        ],
    )?;
    Ok(())
}

pub(super) fn save_post(tx: &mut Tx<'_>, post: &Post) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_posts (id, unit, title, rank, holders, closed, version)
             VALUES ($1, $2, $3, $4, $5, $6, 1)
             ON CONFLICT (id) DO UPDATE
             SET unit = excluded.unit, title = excluded.title, rank = excluded.rank, holders = excluded.holders,
                 closed = excluded.closed, version = org_posts.version + 1"
        ),
        params![post.id, post.unit, post.title, post.rank, json(&post.holders)?, post.closed],
    )?;
    Ok(())
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
        initials: row.get(7)?,
        duty_phone: row.get(8)?,
        closed: row.get(9)?,
        version: row.get(10)?,
    })
}

/// Units of a division range, those whose name contains or whose initials begin with `q`; dissolved ones are left out.
pub fn units(
    tx: &mut Tx<'_>,
    area: &str,
    q: &str,
    kind: Option<&str>,
    limit: u64,
) -> Result<Vec<Unit>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, name, short_name, kind, department, division, superior, initials, duty_phone, closed, version
             FROM org_units
             WHERE division >= $1 AND division < $2 AND closed = FALSE AND (name LIKE $3 OR initials LIKE $6)
               AND (CAST($4 AS TEXT) IS NULL OR kind = $4)
             ORDER BY LENGTH(division), division, kind, id
             LIMIT $5"
        ),
        params![area, format!("{area}:"), format!("%{q}%"), kind, limit, format!("{q}%")],
        unit,
    )
}

/// The units of exactly one division, dissolved ones among them.
pub fn units_of(tx: &mut Tx<'_>, division: &str) -> Result<Vec<Unit>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, name, short_name, kind, department, division, superior, initials, duty_phone, closed, version
             FROM org_units
             WHERE division = $1
             ORDER BY closed, kind, id
             LIMIT 500"
        ),
        params![division],
        unit,
    )
}

/// One unit.
pub fn load_unit(tx: &mut Tx<'_>, id: &str) -> Result<Option<Unit>, StoreError> {
    tx.first(
        sql!(
            "SELECT id, name, short_name, kind, department, division, superior, initials, duty_phone, closed, version
             FROM org_units
             WHERE id = $1"
        ),
        params![id],
        unit,
    )
}

/// Relations from or to a unit, with the name of the other unit.
pub fn relations(tx: &mut Tx<'_>, id: &str) -> Result<Vec<(Relation, String)>, StoreError> {
    tx.query(
        sql!(
            "SELECT r.from_unit, r.to_unit, r.kind, r.note, u.name
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
                note: row.get(3)?,
            };
            Ok((relation, row.get(4)?))
        },
    )
}

fn body(row: &Row<'_>) -> Result<Body, StoreError> {
    let (members, event_classes): (String, String) = (row.get(3)?, row.get(4)?);
    Ok(Body {
        id: row.get(0)?,
        name: row.get(1)?,
        division: row.get(2)?,
        members: from_json(&members)?,
        event_classes: from_json(&event_classes)?,
        closed: row.get(5)?,
        version: row.get(6)?,
    })
}

/// Command bodies of an area; dissolved ones are left out.
pub fn bodies(tx: &mut Tx<'_>, area: &str) -> Result<Vec<Body>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, name, division, members, event_classes, closed, version
             FROM org_bodies
             WHERE division >= $1 AND division < $2 AND closed = FALSE
             ORDER BY LENGTH(division), division, id
             LIMIT 200"
        ),
        params![area, format!("{area}:")],
        body,
    )
}

/// One command body.
pub fn load_body(tx: &mut Tx<'_>, id: &str) -> Result<Option<Body>, StoreError> {
    tx.first(
        sql!(
            "SELECT id, name, division, members, event_classes, closed, version
             FROM org_bodies
             WHERE id = $1"
        ),
        params![id],
        body,
    )
}

fn post(row: &Row<'_>) -> Result<Post, StoreError> {
    let holders: String = row.get(4)?;
    Ok(Post {
        id: row.get(0)?,
        unit: row.get(1)?,
        title: row.get(2)?,
        rank: row.get(3)?,
        holders: from_json(&holders)?,
        closed: row.get(5)?,
        version: row.get(6)?,
    })
}

/// The posts of a unit by rank; abolished ones are left out.
pub fn posts(tx: &mut Tx<'_>, unit: &str) -> Result<Vec<Post>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, unit, title, rank, holders, closed, version
             FROM org_posts
             WHERE unit = $1 AND closed = FALSE
             ORDER BY rank, id
             LIMIT 200"
        ),
        params![unit],
        post,
    )
}

/// One post.
pub fn load_post(tx: &mut Tx<'_>, id: &str) -> Result<Option<Post>, StoreError> {
    tx.first(
        sql!("SELECT id, unit, title, rank, holders, closed, version FROM org_posts WHERE id = $1"),
        params![id],
        post,
    )
}
