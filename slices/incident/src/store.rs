//! Every SQL statement of incidents.

use anlan_access::Scope;
use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, Recorded, View, stream_entries};
use anlan_store::{Migration, Row, StoreError, Table, Tx, params, sql};

use crate::facts::Fact;
use crate::model::{self, Incident};

/// The tables of incidents, as the ledger drives them.
#[derive(Debug, Default)]
pub struct IncidentView;

const TABLES: &[Table] = &[Table {
    name: "incident_incidents",
    columns: "id, code, area, is_open, event_class, search_text, received_at, next_due_at, next_alarm_at, state, version",
    key: "id",
}];

impl View for IncidentView {
    fn prefix(&self) -> &'static str {
        "incident."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            name: "incident/0001_incident",
            sql: include_str!("../migrations/0001_incident.sql"),
        }]
    }

    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        let Some(fact) = fact_of(recorded)? else {
            return Ok(());
        };
        let id = id_of(recorded);
        let mut incident = load(tx, id)?.unwrap_or_else(|| Incident::new(id));
        incident.apply(&fact, &meta(recorded));
        save(tx, &incident)
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let mut headline = Headline {
            code: recorded.entry.kind.trim_end_matches(".v1").to_owned(),
            ..Headline::default()
        };
        let parts = [
            ("title", "/title"),
            ("division_name", "/division_name"),
            ("unit_name", "/taken_by/unit_name"),
            ("unit_name", "/unit/unit_name"),
            ("from_unit", "/from_unit/unit_name"),
            ("to_unit", "/to_unit/unit_name"),
            ("verdict", "/verdict"),
            ("outcome", "/outcome"),
            ("kind", "/kind"),
            ("source", "/source"),
        ];
        for (name, path) in parts {
            if let Some(text) = body.pointer(path).and_then(|value| value.as_str()) {
                headline.params.insert(name.to_owned(), text.to_owned());
            }
        }
        headline
    }
}

fn id_of(recorded: &Recorded) -> &str {
    recorded
        .entry
        .stream
        .strip_prefix("incident/")
        .unwrap_or(&recorded.entry.stream)
}

fn fact_of(recorded: &Recorded) -> Result<Option<Fact>, StoreError> {
    Fact::read(&recorded.entry.kind, &recorded.entry.body)
        .map_err(|error| StoreError::Value(error.to_string()))
}

fn meta(recorded: &Recorded) -> model::Recorded {
    let by = recorded.actor().name.clone().unwrap_or_default();
    model::Recorded {
        position: recorded.position,
        at: recorded.at(),
        by,
    }
}

/// The incident as of a ledger position, from its entries; `None` when it did not exist yet.
pub fn as_of(tx: &mut Tx<'_>, id: &str, position: u64) -> Result<Option<Incident>, StoreError> {
    let entries = stream_entries(tx, &format!("incident/{id}"), position)?;
    let mut incident = Incident::new(id);
    for recorded in &entries {
        if let Some(fact) = fact_of(recorded)? {
            incident.apply(&fact, &meta(recorded));
        }
    }
    Ok((incident.version > 0).then_some(incident))
}

/// The entries of an incident up to a position.
pub fn entries(tx: &mut Tx<'_>, id: &str, position: u64) -> Result<Vec<Recorded>, StoreError> {
    stream_entries(tx, &format!("incident/{id}"), position)
}

fn incident(row: &Row<'_>) -> Result<Incident, StoreError> {
    let state: String = row.get(0)?;
    serde_json::from_str(&state).map_err(|error| StoreError::Value(error.to_string()))
}

/// One incident as it stands.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Option<Incident>, StoreError> {
    tx.first(
        sql!("SELECT state FROM incident_incidents WHERE id = $1"),
        params![id],
        incident,
    )
}

fn save(tx: &mut Tx<'_>, incident: &Incident) -> Result<(), StoreError> {
    let state = serde_json::to_string(incident).map_err(|error| StoreError::Value(error.to_string()))?;
    let search = format!(
        "{} {} {} {} {}",
        incident.code,
        incident.title,
        incident.division_name,
        incident.address.as_deref().unwrap_or_default(),
        incident.text
    )
    .to_lowercase();
    let received = incident
        .time("received")
        .or(incident.recorded_at)
        .unwrap_or(Timestamp::from_micros(0));
    tx.execute(
        sql!(
            "INSERT INTO incident_incidents (id, code, area, is_open, event_class, search_text, received_at, next_due_at,
                                             next_alarm_at, state, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (id) DO UPDATE
             SET is_open = excluded.is_open, search_text = excluded.search_text, next_due_at = excluded.next_due_at,
                 next_alarm_at = excluded.next_alarm_at, state = excluded.state, version = excluded.version"
        ),
        params![
            incident.id,
            incident.code,
            incident.division,
            incident.is_open(),
            incident.event_class,
            search,
            received,
            incident.next_due(),
            incident.next_alarm(),
            state,
            incident.version
        ],
    )?;
    Ok(())
}

/// Which incidents to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What the caller may see.
    pub scope: Scope,
    /// Only open ones, only closed ones, or all.
    pub open: Option<bool>,
    /// Words in lower case; empty for all.
    pub words: String,
    /// Prefix of the event class; empty for all.
    pub event_class: String,
    /// Only those received before this.
    pub before: Timestamp,
    /// At most this many.
    pub limit: u64,
}

/// Whether a scope can hold incidents: they belong to no department, so a department's scope holds none.
fn holds_incidents(scope: &Scope) -> bool {
    scope.department.is_none()
}

/// Incidents that fit a filter, the newest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Incident>, StoreError> {
    if !holds_incidents(&filter.scope) {
        return Ok(Vec::new());
    }
    tx.query(
        sql!(
            "SELECT state
             FROM incident_incidents
             WHERE area >= $1 AND area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR is_open = $3)
               AND search_text LIKE $4 AND event_class LIKE $5 AND received_at < $6
             ORDER BY received_at DESC, id DESC
             LIMIT $7"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.open,
            format!("%{}%", filter.words),
            format!("{}%", filter.event_class),
            filter.before,
            filter.limit
        ],
        incident,
    )
}

/// Open incidents of a scope, those with the nearest deadline first.
pub fn board(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Incident>, StoreError> {
    if !holds_incidents(scope) {
        return Ok(Vec::new());
    }
    tx.query(
        sql!(
            "SELECT state
             FROM incident_incidents
             WHERE is_open = TRUE AND area >= $1 AND area < $2
             ORDER BY COALESCE(next_due_at, 9000000000000000), received_at DESC
             LIMIT 200"
        ),
        params![scope.from, scope.before],
        incident,
    )
}

/// How many incidents of a scope there are.
pub fn count(tx: &mut Tx<'_>, filter: &Filter) -> Result<i64, StoreError> {
    if !holds_incidents(&filter.scope) {
        return Ok(0);
    }
    let counted = tx.first(
        sql!(
            "SELECT COUNT(*)
             FROM incident_incidents
             WHERE area >= $1 AND area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR is_open = $3)
               AND search_text LIKE $4 AND event_class LIKE $5"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.open,
            format!("%{}%", filter.words),
            format!("{}%", filter.event_class)
        ],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// Open incidents with a deadline that has passed unrecorded, and when the first of theirs fell due; at its very
/// instant a deadline still stands.
pub fn alarms_before(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, next_alarm_at
             FROM incident_incidents
             WHERE next_alarm_at < $1
             ORDER BY next_alarm_at
             LIMIT $2"
        ),
        params![now, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// How many incidents bear a number that begins with `prefix`.
pub fn count_codes(tx: &mut Tx<'_>, prefix: &str) -> Result<i64, StoreError> {
    let counted = tx.first(
        sql!("SELECT COUNT(*) FROM incident_incidents WHERE code LIKE $1"),
        params![format!("{prefix}%")],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// Keeps a draft. Drafts are not legal facts, so this is no entry.
pub fn save_draft(
    tx: &mut Tx<'_>,
    id: &str,
    account: &str,
    draft: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO incident_drafts (id, account, draft, saved_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET draft = excluded.draft, saved_at = excluded.saved_at
             WHERE incident_drafts.account = excluded.account"
        ),
        params![id, account, draft, now],
    )
}

/// The drafts of an account, the newest first.
pub fn drafts(tx: &mut Tx<'_>, account: &str) -> Result<Vec<(String, String, Timestamp)>, StoreError> {
    tx.query(
        sql!("SELECT id, draft, saved_at FROM incident_drafts WHERE account = $1 ORDER BY saved_at DESC LIMIT 20"),
        params![account],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// Forgets a draft of an account.
pub fn delete_draft(tx: &mut Tx<'_>, id: &str, account: &str) -> Result<u64, StoreError> {
    tx.execute(
        sql!("DELETE FROM incident_drafts WHERE id = $1 AND account = $2"),
        params![id, account],
    )
}
