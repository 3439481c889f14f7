//! People, their contacts and their shifts in tables.

use anlan_foundation::Timestamp;
use anlan_ledger::Sealed;
use anlan_store::{Row, StoreError, Tx, params, sql};

use super::{from_json, json};
use crate::facts::{self, ContactFact};
use crate::model::DutyNow;

/// The contacts of a fact: older ones carry a mobile number only.
pub(super) fn contacts_of(person: &facts::PersonFact) -> Vec<ContactFact> {
    let mobile = person.mobile.clone().map(|value| ContactFact {
        id: "mobile".to_owned(),
        kind: "mobile".to_owned(),
        value,
    });
    mobile
        .into_iter()
        .chain(person.contacts.iter().cloned())
        .collect()
}

pub(super) fn save_person(tx: &mut Tx<'_>, person: &facts::PersonFact) -> Result<(), StoreError> {
    let contacts = contacts_of(person);
    let mobile = contacts.iter().find(|contact| contact.kind == "mobile");
    let mobile = mobile.map(|contact| json(&contact.value)).transpose()?;
    tx.execute(
        sql!(
            "INSERT INTO org_people (id, name, unit, title, mobile, area, initials, contacts, closed, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, unit = excluded.unit, title = excluded.title, mobile = excluded.mobile,
                 area = excluded.area, initials = excluded.initials, contacts = excluded.contacts,
                 closed = excluded.closed, version = org_people.version + 1"
        ),
        params![
            person.id,
            person.name,
            person.unit,
            person.title,
            mobile,
            person.area,
            anlan_divisions::initials(&person.name),
            json(&contacts)?,
            person.closed
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

/// A person with the sealed numbers.
#[derive(Debug)]
pub struct StoredPerson {
    /// Id, name, unit id, unit name, title.
    pub texts: [String; 5],
    /// Sealed contacts.
    pub contacts: Vec<ContactFact>,
    /// Division of the unit.
    pub area: String,
    /// Whether the person has left.
    pub closed: bool,
    /// How often the person was changed.
    pub version: u64,
}

fn person(row: &Row<'_>) -> Result<StoredPerson, StoreError> {
    let contacts: String = row.get(5)?;
    Ok(StoredPerson {
        texts: [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?],
        contacts: from_json(&contacts)?,
        area: row.get(6)?,
        closed: row.get(7)?,
        version: row.get(8)?,
    })
}

/// People of an area, perhaps of one unit, whose name, title, unit or initials answer `q`; those who left are left out.
pub fn people(
    tx: &mut Tx<'_>,
    area: &str,
    unit: Option<&str>,
    q: &str,
    limit: u64,
) -> Result<Vec<StoredPerson>, StoreError> {
    tx.query(
        sql!(
            "SELECT p.id, p.name, p.unit, u.name, p.title, p.contacts, p.area, p.closed, p.version
             FROM org_people p
             JOIN org_units u ON u.id = p.unit
             WHERE p.area >= $1 AND p.area < $2 AND (CAST($3 AS TEXT) IS NULL OR p.unit = $3) AND p.closed = FALSE
               AND (p.name LIKE $4 OR u.name LIKE $4 OR p.title LIKE $4 OR p.initials LIKE $6 OR u.initials LIKE $6)
             ORDER BY LENGTH(p.area), p.area, p.unit, p.id
             LIMIT $5"
        ),
        params![area, format!("{area}:"), unit, format!("%{q}%"), limit, format!("{q}%")],
        person,
    )
}

/// One person.
pub fn load_person(tx: &mut Tx<'_>, id: &str) -> Result<Option<StoredPerson>, StoreError> {
    tx.first(
        sql!(
            "SELECT p.id, p.name, p.unit, u.name, p.title, p.contacts, p.area, p.closed, p.version
             FROM org_people p
             JOIN org_units u ON u.id = p.unit
             WHERE p.id = $1"
        ),
        params![id],
        person,
    )
}

fn duty(row: &Row<'_>) -> Result<(DutyNow, Option<Sealed>), StoreError> {
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
}

/// Who is on duty in exactly one division at an instant.
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
             ORDER BY u.id, CASE d.role WHEN 'leader' THEN 0 WHEN 'main' THEN 1 ELSE 2 END, p.id
             LIMIT 100"
        ),
        params![area, at],
        duty,
    )
}

/// Who is on duty for one unit at an instant: the leader, then main, then deputy.
pub fn duty_of_unit(
    tx: &mut Tx<'_>,
    unit: &str,
    at: Timestamp,
) -> Result<Vec<(DutyNow, Option<Sealed>)>, StoreError> {
    tx.query(
        sql!(
            "SELECT d.unit, u.name, d.role, d.person, p.name, p.mobile, d.until
             FROM org_duty d
             JOIN org_units u ON u.id = d.unit
             JOIN org_people p ON p.id = d.person
             WHERE d.unit = $1 AND d.since <= $2 AND d.until > $2
             ORDER BY CASE d.role WHEN 'leader' THEN 0 WHEN 'main' THEN 1 ELSE 2 END, p.id
             LIMIT 20"
        ),
        params![unit, at],
        duty,
    )
}

/// Puts a contact into the index by which a number is looked up. The index is made from the sealed numbers, so it is
/// no view and goes when they go.
pub fn index_phone(tx: &mut Tx<'_>, digest: &str, person: &str, contact: &str) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_phone_index (digest, person, contact)
             VALUES ($1, $2, $3)
             ON CONFLICT (digest, person, contact) DO NOTHING"
        ),
        params![digest, person, contact],
    )?;
    Ok(())
}

/// Takes a person out of the index.
pub fn unindex_person(tx: &mut Tx<'_>, person: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM org_phone_index WHERE person = $1"),
        params![person],
    )
}

/// The people whose number has this digest.
pub fn people_by_digest(tx: &mut Tx<'_>, digest: &str) -> Result<Vec<StoredPerson>, StoreError> {
    tx.query(
        sql!(
            "SELECT p.id, p.name, p.unit, u.name, p.title, p.contacts, p.area, p.closed, p.version
             FROM org_people p
             JOIN org_units u ON u.id = p.unit
             WHERE p.closed = FALSE AND p.id IN (SELECT i.person FROM org_phone_index i WHERE i.digest = $1)
             ORDER BY p.id
             LIMIT 50"
        ),
        params![digest],
        person,
    )
}

/// People who have contacts and are not in the index, at most `limit`.
pub fn people_not_indexed(tx: &mut Tx<'_>, after: &str, limit: u64) -> Result<Vec<StoredPerson>, StoreError> {
    tx.query(
        sql!(
            "SELECT p.id, p.name, p.unit, u.name, p.title, p.contacts, p.area, p.closed, p.version
             FROM org_people p
             JOIN org_units u ON u.id = p.unit
             WHERE p.closed = FALSE AND p.contacts <> '[]'
               AND p.id > $1 AND p.id NOT IN (SELECT i.person FROM org_phone_index i)
             ORDER BY p.id
             LIMIT $2"
        ),
        params![after, limit],
        person,
    )
}
