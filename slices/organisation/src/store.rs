//! Every SQL statement of the organisation.

use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, LedgerError, Recorded, Sealed, View};
use anlan_store::{Migration, Row, StoreError, Table, Tx, params, sql};
use serde::de::DeserializeOwned;

use crate::facts;
use crate::model::{Account, Body, Division, DutyNow, Relation, Unit};

/// The tables of the organisation, as the ledger drives them.
#[derive(Debug, Default)]
pub struct OrganisationView;

const TABLES: &[Table] = &[
    Table {
        name: "org_divisions",
        columns: "code, name, level, parent, full_name, initials, lon, lat",
        key: "code",
    },
    Table {
        name: "org_units",
        columns: "id, name, short_name, kind, department, division, superior, version",
        key: "id",
    },
    Table {
        name: "org_relations",
        columns: "from_unit, to_unit, kind",
        key: "from_unit, to_unit, kind",
    },
    Table {
        name: "org_people",
        columns: "id, name, unit, title, mobile, area",
        key: "id",
    },
    Table {
        name: "org_duty",
        columns: "unit, person, role, since, until",
        key: "unit, person, role, since",
    },
    Table {
        name: "org_bodies",
        columns: "id, name, division, members",
        key: "id",
    },
    Table {
        name: "org_accounts",
        columns: "id, name, display_name, person, unit, post, grants, password, disabled, version",
        key: "id",
    },
];

impl View for OrganisationView {
    fn prefix(&self) -> &'static str {
        "organisation."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            name: "organisation/0001_organisation",
            sql: include_str!("../migrations/0001_organisation.sql"),
        }]
    }

    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        match recorded.entry.kind.as_str() {
            facts::DIVISIONS_SET => read::<facts::DivisionsSet>(recorded)?
                .divisions
                .iter()
                .try_for_each(|d| save_division(tx, d)),
            facts::UNITS_SET => {
                let set: facts::UnitsSet = read(recorded)?;
                set.units.iter().try_for_each(|unit| save_unit(tx, unit))?;
                set.relations
                    .iter()
                    .try_for_each(|relation| save_relation(tx, relation))
            }
            facts::PEOPLE_SET => read::<facts::PeopleSet>(recorded)?
                .people
                .iter()
                .try_for_each(|p| save_person(tx, p)),
            facts::DUTY_SET => read::<facts::DutySet>(recorded)?
                .shifts
                .iter()
                .try_for_each(|s| save_shift(tx, s)),
            facts::BODY_SET => save_body(tx, &read::<facts::BodySet>(recorded)?.body),
            facts::ACCOUNT_SET => save_account(tx, &read(recorded)?),
            _ => Ok(()),
        }
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let kind = recorded.entry.kind.trim_end_matches(".v1");
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let count = ["divisions", "units", "people", "shifts"]
            .iter()
            .find_map(|key| body.get(key)?.as_array().map(Vec::len));
        let name = body
            .get("display_name")
            .or_else(|| body.pointer("/body/name"))
            .or_else(|| body.get("name"));
        let mut headline = Headline {
            code: kind.to_owned(),
            ..Headline::default()
        };
        if let Some(count) = count {
            headline.params.insert("count".to_owned(), count.to_string());
        }
        if let Some(name) = name.and_then(|name| name.as_str()) {
            headline.params.insert("name".to_owned(), name.to_owned());
        }
        headline
    }
}

fn read<T: DeserializeOwned>(recorded: &Recorded) -> Result<T, StoreError> {
    recorded
        .fact()
        .map_err(|error: LedgerError| StoreError::Value(error.to_string()))
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Value(error.to_string()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(error.to_string()))
}

fn save_division(tx: &mut Tx<'_>, d: &Division) -> Result<(), StoreError> {
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

fn save_unit(tx: &mut Tx<'_>, unit: &Unit) -> Result<(), StoreError> {
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

fn save_relation(tx: &mut Tx<'_>, relation: &Relation) -> Result<(), StoreError> {
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

fn save_person(tx: &mut Tx<'_>, person: &facts::PersonFact) -> Result<(), StoreError> {
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

fn save_shift(tx: &mut Tx<'_>, shift: &facts::Shift) -> Result<(), StoreError> {
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

fn save_body(tx: &mut Tx<'_>, body: &Body) -> Result<(), StoreError> {
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

fn save_account(tx: &mut Tx<'_>, account: &facts::AccountSet) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_accounts (id, name, display_name, person, unit, post, grants, password, disabled, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
             ON CONFLICT (id) DO UPDATE
             SET display_name = excluded.display_name, person = excluded.person, unit = excluded.unit,
                 post = excluded.post, grants = excluded.grants, password = excluded.password,
                 disabled = excluded.disabled, version = org_accounts.version + 1"
        ),
        params![
            account.id,
            account.name,
            account.display_name,
            account.person,
            account.unit,
            account.post,
            json(&account.grants)?,
            json(&account.password)?,
            account.disabled
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

fn account(row: &Row<'_>) -> Result<(Account, Sealed), StoreError> {
    let (grants, password): (String, String) = (row.get(6)?, row.get(7)?);
    let account = Account {
        id: row.get(0)?,
        name: row.get(1)?,
        display_name: row.get(2)?,
        person: row.get(3)?,
        unit: row.get(4)?,
        post: row.get(5)?,
        grants: from_json(&grants)?,
        disabled: row.get(8)?,
    };
    Ok((account, from_json(&password)?))
}

/// All accounts, by name.
pub fn accounts(tx: &mut Tx<'_>) -> Result<Vec<Account>, StoreError> {
    let found = tx.query(
        sql!(
            "SELECT id, name, display_name, person, unit, post, grants, password, disabled
             FROM org_accounts
             ORDER BY name
             LIMIT 5000"
        ),
        params![],
        account,
    )?;
    Ok(found.into_iter().map(|(account, _)| account).collect())
}

/// An account and its sealed password hash, by log-in name.
pub fn account_by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<(Account, Sealed)>, StoreError> {
    tx.first(
        sql!(
            "SELECT id, name, display_name, person, unit, post, grants, password, disabled
             FROM org_accounts
             WHERE name = $1"
        ),
        params![name],
        account,
    )
}

/// The account behind a session token's digest, if the session still runs.
pub fn account_by_token(
    tx: &mut Tx<'_>,
    token: &[u8],
    now: Timestamp,
) -> Result<Option<Account>, StoreError> {
    let found = tx.first(
        sql!(
            "SELECT a.id, a.name, a.display_name, a.person, a.unit, a.post, a.grants, a.password, a.disabled
             FROM org_sessions s
             JOIN org_accounts a ON a.id = s.account
             WHERE s.token = $1 AND s.expires_at > $2 AND a.disabled = FALSE"
        ),
        params![*token, now],
        account,
    )?;
    Ok(found.map(|(account, _)| account))
}

/// Opens a session. Sessions are not legal facts, so this is no entry.
pub fn insert_session(
    tx: &mut Tx<'_>,
    token: &[u8],
    account: &str,
    now: Timestamp,
    expires: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        sql!("INSERT INTO org_sessions (token, account, created_at, expires_at) VALUES ($1, $2, $3, $4)"),
        params![*token, account, now, expires],
    )?;
    Ok(())
}

/// Ends a session.
pub fn delete_session(tx: &mut Tx<'_>, token: &[u8]) -> Result<u64, StoreError> {
    tx.execute(sql!("DELETE FROM org_sessions WHERE token = $1"), params![*token])
}

/// Forgets sessions that ended before `now`.
pub fn delete_sessions_before(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM org_sessions WHERE expires_at <= $1"),
        params![now],
    )
}

/// Wrong passwords in a row, and until when the name is locked.
pub fn attempts(tx: &mut Tx<'_>, name: &str) -> Result<(i64, Timestamp), StoreError> {
    let found = tx.first(
        sql!("SELECT failed, locked_until FROM org_attempts WHERE account_name = $1"),
        params![name],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.unwrap_or((0, Timestamp::from_micros(0))))
}

/// Keeps the count of wrong passwords.
pub fn save_attempts(
    tx: &mut Tx<'_>,
    name: &str,
    failed: i64,
    locked_until: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO org_attempts (account_name, failed, locked_until)
             VALUES ($1, $2, $3)
             ON CONFLICT (account_name) DO UPDATE SET failed = excluded.failed, locked_until = excluded.locked_until"
        ),
        params![name, failed, locked_until],
    )?;
    Ok(())
}
