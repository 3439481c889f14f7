//! Every SQL statement of papers.

use anlan_access::Scope;
use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, Recorded, View};
use anlan_store::{Migration, Row, StoreError, Table, Tx, params, sql};

use crate::facts::Fact;
use crate::jobs::MINUTES_BEFORE;
use crate::model::{self, Paper};

/// The tables of papers, as the ledger drives them.
#[derive(Debug, Default)]
pub struct PaperView;

const TABLES: &[Table] = &[Table {
    name: "paper_papers",
    columns: "id, area, unit, incident, kind, state_word, series, year, number, digest, next_alarm_at, drafted_at, state, version",
    key: "id",
}];

impl View for PaperView {
    fn prefix(&self) -> &'static str {
        "paper."
    }

    fn migrations(&self) -> &'static [Migration] {
        &[Migration {
            name: "paper/0001_paper",
            sql: include_str!("../migrations/0001_paper.sql"),
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
        let id = stream.strip_prefix("paper/").unwrap_or(stream);
        let mut paper = load(tx, id)?.unwrap_or_else(|| Paper::new(id));
        paper.apply(&fact, &meta(recorded));
        save(tx, &paper)
    }

    fn headline(&self, recorded: &Recorded) -> Headline {
        let body: serde_json::Value = serde_json::from_str(&recorded.entry.body).unwrap_or_default();
        let mut headline = Headline {
            code: recorded.entry.kind.trim_end_matches(".v1").to_owned(),
            ..Headline::default()
        };
        let parts = [
            ("title", "/content/title"),
            ("title", "/document/title"),
            ("title", "/carried/document/title"),
            ("number", "/document/number"),
            ("kind_name", "/kind_name"),
            ("unit_name", "/unit/unit_name"),
            ("reason", "/reason"),
            ("route", "/route"),
        ];
        for (name, path) in parts {
            if let Some(text) = body.pointer(path).and_then(|value| value.as_str()) {
                headline.params.insert(name.to_owned(), text.to_owned());
            }
        }
        headline
    }
}

fn meta(recorded: &Recorded) -> model::Recorded {
    model::Recorded {
        position: recorded.position,
        at: recorded.at(),
        by: recorded.actor().name.clone().unwrap_or_default(),
    }
}

fn paper(row: &Row<'_>) -> Result<Paper, StoreError> {
    let state: String = row.get(0)?;
    serde_json::from_str(&state).map_err(|error| StoreError::Value(error.to_string()))
}

/// One paper as it stands.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Option<Paper>, StoreError> {
    tx.first(
        sql!("SELECT state FROM paper_papers WHERE id = $1"),
        params![id],
        paper,
    )
}

fn save(tx: &mut Tx<'_>, paper: &Paper) -> Result<(), StoreError> {
    let state = serde_json::to_string(paper).map_err(|error| StoreError::Value(error.to_string()))?;
    let since = paper.drafted.as_ref().or(paper.issued.as_ref());
    let drafted_at = since.map_or(Timestamp::from_micros(0), |stamp| stamp.at);
    tx.execute(
        sql!(
            "INSERT INTO paper_papers (id, area, unit, incident, kind, state_word, series, year, number, digest,
                                       next_alarm_at, drafted_at, state, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (id) DO UPDATE
             SET state_word = excluded.state_word, year = excluded.year, number = excluded.number,
                 digest = excluded.digest, next_alarm_at = excluded.next_alarm_at, state = excluded.state,
                 version = excluded.version"
        ),
        params![
            paper.id,
            paper.area,
            paper.unit.id,
            paper.incident,
            paper.kind,
            paper.state.word(),
            paper.head.series,
            paper.year.map(i64::from),
            paper.number.map(i64::from),
            paper.digest,
            paper.next_alarm(MINUTES_BEFORE),
            drafted_at,
            state,
            paper.version
        ],
    )?;
    Ok(())
}

/// Which papers to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What the caller may see.
    pub scope: Scope,
    /// Only those about this incident.
    pub incident: Option<String>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those in this state.
    pub state: Option<String>,
    /// Only those drafted before this.
    pub before: Timestamp,
    /// At most this many.
    pub limit: u64,
}

/// Papers that fit a filter, the newest first.
pub fn list(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Paper>, StoreError> {
    tx.query(
        sql!(
            "SELECT state
             FROM paper_papers
             WHERE area >= $1 AND area < $2 AND (CAST($3 AS TEXT) IS NULL OR incident = $3)
               AND (CAST($4 AS TEXT) IS NULL OR kind = $4) AND (CAST($5 AS TEXT) IS NULL OR state_word = $5)
               AND drafted_at < $6
             ORDER BY drafted_at DESC, id DESC
             LIMIT $7"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.incident,
            filter.kind,
            filter.state,
            filter.before,
            filter.limit
        ],
        paper,
    )
}

/// All papers about an incident, the oldest first.
pub fn of_incident(tx: &mut Tx<'_>, incident: &str) -> Result<Vec<Paper>, StoreError> {
    tx.query(
        sql!("SELECT state FROM paper_papers WHERE incident = $1 ORDER BY drafted_at, id LIMIT 500"),
        params![incident],
        paper,
    )
}

/// The paper with a digest, if it is here.
pub fn by_digest(tx: &mut Tx<'_>, digest: &str) -> Result<Option<Paper>, StoreError> {
    tx.first(
        sql!("SELECT state FROM paper_papers WHERE digest = $1 LIMIT 1"),
        params![digest],
        paper,
    )
}

/// The last number given within a unit, a series and a year; 0 when none was.
pub fn last_number(tx: &mut Tx<'_>, unit: &str, series: &str, year: i32) -> Result<u32, StoreError> {
    let found: Option<i64> = tx.first(
        sql!(
            "SELECT COALESCE(MAX(number), 0)
             FROM paper_papers
             WHERE unit = $1 AND series = $2 AND year = $3"
        ),
        params![unit, series, i64::from(year)],
        |row| row.get(0),
    )?;
    Ok(found.and_then(|number| u32::try_from(number).ok()).unwrap_or(0))
}

/// Papers that nobody has signed although their time is near: id and since when.
pub fn alarms_before(
    tx: &mut Tx<'_>,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<(String, Timestamp)>, StoreError> {
    tx.query(
        sql!(
            "SELECT id, next_alarm_at
             FROM paper_papers
             WHERE next_alarm_at <= $1
             ORDER BY next_alarm_at, id
             LIMIT $2"
        ),
        params![now, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
