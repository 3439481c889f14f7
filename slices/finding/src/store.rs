//! Every SQL statement of findings.

use anlan_access::Scope;
use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, Recorded, View};
use anlan_store::{Migration, Row, StoreError, Table, Tx, params, sql};

use crate::facts::Fact;
use crate::model::{self, Finding};
use crate::rules;

/// The tables of findings, as the ledger drives them.
#[derive(Debug, Default)]
pub struct FindingView;

const TABLES: &[Table] = &[Table {
    name: "finding_findings",
    columns: "id, incident, unit, kind, area, state_word, raised_at, next_at, state, version",
    key: "id",
}];

impl View for FindingView {
    fn prefix(&self) -> &'static str {
        "finding."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            name: "finding/0001_finding",
            sql: include_str!("../migrations/0001_finding.sql"),
        }]
    }

    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    fn apply(&self, tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), StoreError> {
        let fact = Fact::read(&recorded.entry.kind, &recorded.entry.body)
            .map_err(|error| StoreError::Value(error.to_string()))?;
        let Some(fact) = fact else { return Ok(()) };
        let stream = &recorded.entry.stream;
        let id = stream.strip_prefix("finding/").unwrap_or(stream);
        let known = load(tx, id)?;
        let meta = model::Recorded {
            position: recorded.position,
            at: recorded.at(),
            by: recorded.actor().name.clone().unwrap_or_default(),
        };
        match Finding::fold(known, id, &fact, &meta) {
            Some(finding) => save(tx, &finding),
            None => Ok(()),
        }
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let mut headline = Headline {
            code: recorded.entry.kind.trim_end_matches(".v1").to_owned(),
            ..Headline::default()
        };
        let parts = [
            ("title", "/title"),
            ("suspicion", "/suspicion"),
            ("unit_name", "/unit/unit_name"),
            ("finding_verdict", "/verdict"),
            ("reason", "/reason"),
        ];
        for (name, path) in parts {
            if let Some(text) = body.pointer(path).and_then(serde_json::Value::as_str) {
                headline.params.insert(name.to_owned(), text.to_owned());
            }
        }
        headline
    }
}

fn finding(row: &Row<'_>) -> Result<Finding, StoreError> {
    let state: String = row.get(0)?;
    serde_json::from_str(&state).map_err(|error| StoreError::Value(error.to_string()))
}

/// One finding as it stands.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Option<Finding>, StoreError> {
    tx.first(
        sql!("SELECT state FROM finding_findings WHERE id = $1"),
        params![id],
        finding,
    )
}

fn save(tx: &mut Tx<'_>, finding: &Finding) -> Result<(), StoreError> {
    let state = serde_json::to_string(finding).map_err(|error| StoreError::Value(error.to_string()))?;
    tx.execute(
        sql!(
            "INSERT INTO finding_findings (id, incident, unit, kind, area, state_word, raised_at, next_at, state, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE
             SET state_word = excluded.state_word, next_at = excluded.next_at, state = excluded.state,
                 version = excluded.version"
        ),
        params![
            finding.id,
            finding.incident.id,
            finding.unit.id,
            rules::word(finding.kind),
            finding.unit.division,
            finding.state.word(),
            finding.raised_at,
            finding.next_at(),
            state,
            finding.version
        ],
    )?;
    Ok(())
}

/// Which findings to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What the caller may see.
    pub scope: Scope,
    /// Only those about this incident.
    pub incident: Option<String>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only in this state.
    pub state: Option<String>,
    /// Only those of units of this division or below.
    pub area: String,
    /// The page before ended here.
    pub before: Timestamp,
    /// At most this many.
    pub limit: u64,
}

/// Findings that fit a filter, the newest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Finding>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM finding_findings
             WHERE area >= $1 AND area < $2 AND area >= $3 AND area < $4
               AND (CAST($5 AS TEXT) IS NULL OR incident = $5) AND (CAST($6 AS TEXT) IS NULL OR kind = $6)
               AND (CAST($7 AS TEXT) IS NULL OR state_word = $7) AND raised_at < $8
             ORDER BY raised_at DESC, id DESC
             LIMIT $9"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.area,
            format!("{}:", filter.area),
            filter.incident,
            filter.kind,
            filter.state,
            filter.before,
            filter.limit
        ],
        finding,
    )
}

/// How many findings a scope has in each state.
pub fn counts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(String, u64)>, StoreError> {
    tx.query(
        sql!(
            "SELECT state_word, COUNT(*)
             FROM finding_findings
             WHERE area >= $1 AND area < $2
             GROUP BY state_word
             ORDER BY state_word"
        ),
        params![scope.from, scope.before],
        |row| {
            let count: i64 = row.get(1)?;
            Ok((row.get(0)?, count.unsigned_abs()))
        },
    )
}

/// All findings about an incident.
pub fn of_incident(tx: &mut Tx<'_>, incident: &str) -> Result<Vec<Finding>, StoreError> {
    tx.query(
        sql!("SELECT state FROM finding_findings WHERE incident = $1 ORDER BY raised_at, id LIMIT 500"),
        params![incident],
        finding,
    )
}

/// Findings whose time for a reply is over.
pub fn reply_over(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    tx.query(
        sql!("SELECT id, next_at FROM finding_findings WHERE next_at <= $1 ORDER BY next_at, id LIMIT $2"),
        params![now, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Up to which position incidents were noticed.
pub fn cursor(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let found = tx.first(
        sql!("SELECT position FROM finding_cursor WHERE id = 'incident'"),
        params![],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// Moves the cursor.
pub fn move_cursor(tx: &mut Tx<'_>, position: u64) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO finding_cursor (id, position)
             VALUES ('incident', $1)
             ON CONFLICT (id) DO UPDATE SET position = excluded.position"
        ),
        params![position],
    )?;
    Ok(())
}

/// Asks for an incident to be examined at an instant; an earlier one that is set already stays.
pub fn examine_at(tx: &mut Tx<'_>, incident: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        sql!(
            "INSERT INTO finding_due (incident, due_at)
             VALUES ($1, $2)
             ON CONFLICT (incident) DO UPDATE
             SET due_at = CASE WHEN finding_due.due_at < excluded.due_at THEN finding_due.due_at ELSE excluded.due_at END"
        ),
        params![incident, at],
    )?;
    Ok(())
}

/// An incident was examined.
pub fn examined(tx: &mut Tx<'_>, incident: &str) -> Result<(), StoreError> {
    tx.execute(
        sql!("DELETE FROM finding_due WHERE incident = $1"),
        params![incident],
    )?;
    Ok(())
}

/// Incidents that are to be examined.
pub fn to_examine(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    tx.query(
        sql!(
            "SELECT incident, due_at FROM finding_due WHERE due_at <= $1 ORDER BY due_at, incident LIMIT $2"
        ),
        params![now, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
