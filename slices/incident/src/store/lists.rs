//! Lists, boards and counts, now and as of an earlier position.

use anlan_access::Scope;
use anlan_foundation::Timestamp;
use anlan_store::{Statement, StoreError, Tx, params, sql};

use super::incident;
use crate::model::Incident;

/// How a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest receipt first.
    Recent,
    /// The nearest deadline first.
    Deadline,
}

/// The last item of the page before: its instant in the order of the list, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Receipt or deadline, in microseconds.
    pub at: i64,
    /// Id of the incident.
    pub id: String,
}

/// Which incidents to list.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What the caller may see.
    pub scope: Scope,
    /// Only open ones, only closed ones, or all.
    pub open: Option<bool>,
    /// Only those that have come this far.
    pub status: Option<String>,
    /// Prefix of the event class; empty for all.
    pub event_class: String,
    /// Only of this grade.
    pub grade: Option<String>,
    /// Only those received from here on …
    pub from: Timestamp,
    /// … to before here.
    pub before: Timestamp,
    /// Only those with something owed since before this instant.
    pub overdue_at: Option<Timestamp>,
    /// Patterns that the search text must match, all of them.
    pub words: [String; 3],
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most this many.
    pub limit: u64,
}

impl Filter {
    /// Everything in a scope.
    pub fn all(scope: Scope, limit: u64) -> Self {
        Self {
            scope,
            open: None,
            status: None,
            event_class: String::new(),
            grade: None,
            from: Timestamp::from_micros(i64::MIN),
            before: Timestamp::from_micros(i64::MAX),
            overdue_at: None,
            words: words_of(""),
            after: None,
            limit,
        }
    }
}

/// The words that were typed as patterns: up to three, in lower case, found anywhere in the text.
///
/// More than three words are looked for as they stand, the rest as one.
pub fn words_of(typed: &str) -> [String; 3] {
    let mut words = typed.trim().splitn(3, char::is_whitespace);
    std::array::from_fn(|_| match words.next().map(str::trim) {
        Some(word) if !word.is_empty() => pattern(word),
        _ => "%".to_owned(),
    })
}

fn pattern(word: &str) -> String {
    let mut escaped = String::from("%");
    for letter in word.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped.push('%');
    escaped
}

/// Whether a scope can hold incidents: they belong to no department, so a department's scope holds none.
fn holds_incidents(scope: &Scope) -> bool {
    scope.department.is_none()
}

/// Incidents that fit a filter, as they stand, in an order.
pub fn list(tx: &mut Tx<'_>, filter: &Filter, order: Order) -> Result<Vec<Incident>, StoreError> {
    if !holds_incidents(&filter.scope) {
        return Ok(Vec::new());
    }
    let statement = match order {
        Order::Recent => sql!(
            "SELECT s.state
             FROM incident_incidents i JOIN incident_states s ON s.id = i.id
             WHERE i.area >= $1 AND i.area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR i.is_open = $3)
               AND (CAST($4 AS TEXT) IS NULL OR i.status = $4) AND i.event_class LIKE $5
               AND (CAST($6 AS TEXT) IS NULL OR i.grade = $6) AND i.received_at >= $7 AND i.received_at < $8
               AND (CAST($9 AS BIGINT) IS NULL OR i.next_due_at < $9)
               AND i.search_text LIKE $10 ESCAPE '\\' AND i.search_text LIKE $11 ESCAPE '\\'
               AND i.search_text LIKE $12 ESCAPE '\\'
               AND (CAST($13 AS BIGINT) IS NULL OR i.received_at < $13 OR (i.received_at = $13 AND i.id < $14))
             ORDER BY i.received_at DESC, i.id DESC
             LIMIT $15"
        ),
        Order::Deadline => sql!(
            "SELECT s.state
             FROM incident_incidents i JOIN incident_states s ON s.id = i.id
             WHERE i.area >= $1 AND i.area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR i.is_open = $3)
               AND (CAST($4 AS TEXT) IS NULL OR i.status = $4) AND i.event_class LIKE $5
               AND (CAST($6 AS TEXT) IS NULL OR i.grade = $6) AND i.received_at >= $7 AND i.received_at < $8
               AND (CAST($9 AS BIGINT) IS NULL OR i.next_due_at < $9)
               AND i.search_text LIKE $10 ESCAPE '\\' AND i.search_text LIKE $11 ESCAPE '\\'
               AND i.search_text LIKE $12 ESCAPE '\\'
               AND (CAST($13 AS BIGINT) IS NULL OR i.next_due_at > $13 OR (i.next_due_at = $13 AND i.id > $14))
             ORDER BY i.next_due_at, i.id
             LIMIT $15"
        ),
    };
    let after = filter.after.as_ref();
    let (at, id) = (after.map(|c| c.at), after.map_or("", |c| c.id.as_str()));
    let [first, second, third] = &filter.words;
    tx.query(
        statement,
        params![
            filter.scope.from,
            filter.scope.before,
            filter.open,
            filter.status,
            format!("{}%", filter.event_class),
            filter.grade,
            filter.from,
            filter.before,
            filter.overdue_at,
            first,
            second,
            third,
            at,
            id,
            filter.limit
        ],
        incident,
    )
}

/// How many incidents fit a filter, as they stand; pages do not matter.
pub fn count(tx: &mut Tx<'_>, filter: &Filter) -> Result<i64, StoreError> {
    if !holds_incidents(&filter.scope) {
        return Ok(0);
    }
    let [first, second, third] = &filter.words;
    let counted = tx.first(
        sql!(
            "SELECT COUNT(*)
             FROM incident_incidents i
             WHERE i.area >= $1 AND i.area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR i.is_open = $3)
               AND (CAST($4 AS TEXT) IS NULL OR i.status = $4) AND i.event_class LIKE $5
               AND (CAST($6 AS TEXT) IS NULL OR i.grade = $6) AND i.received_at >= $7 AND i.received_at < $8
               AND (CAST($9 AS BIGINT) IS NULL OR i.next_due_at < $9)
               AND i.search_text LIKE $10 ESCAPE '\\' AND i.search_text LIKE $11 ESCAPE '\\'
               AND i.search_text LIKE $12 ESCAPE '\\'"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.open,
            filter.status,
            format!("{}%", filter.event_class),
            filter.grade,
            filter.from,
            filter.before,
            filter.overdue_at,
            first,
            second,
            third
        ],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// Incidents that fitted a filter as of a position, by the same orders: id and the instant that orders them.
///
/// Words are looked for in what is known today, so a match must be proved on the incident as it stood.
pub fn ids_at(
    tx: &mut Tx<'_>,
    filter: &Filter,
    order: Order,
    position: u64,
) -> Result<Vec<Cursor>, StoreError> {
    if !holds_incidents(&filter.scope) {
        return Ok(Vec::new());
    }
    let statement = ids_statement(order);
    let after = filter.after.as_ref();
    let (at, id) = (after.map(|c| c.at), after.map_or("", |c| c.id.as_str()));
    let [first, second, third] = &filter.words;
    tx.query(
        statement,
        params![
            filter.scope.from,
            filter.scope.before,
            filter.open,
            filter.status,
            format!("{}%", filter.event_class),
            filter.grade,
            filter.from,
            filter.before,
            filter.overdue_at,
            first,
            second,
            third,
            at,
            id,
            filter.limit,
            position
        ],
        |row| {
            Ok(Cursor {
                at: row.get(0)?,
                id: row.get(1)?,
            })
        },
    )
}

fn ids_statement(order: Order) -> &'static Statement {
    match order {
        Order::Recent => sql!(
            "SELECT v.received_at, v.id
             FROM incident_versions v JOIN incident_incidents i ON i.id = v.id
             WHERE v.position <= $16 AND v.until_position > $16
               AND v.area >= $1 AND v.area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR v.is_open = $3)
               AND (CAST($4 AS TEXT) IS NULL OR v.status = $4) AND v.event_class LIKE $5
               AND (CAST($6 AS TEXT) IS NULL OR v.grade = $6) AND v.received_at >= $7 AND v.received_at < $8
               AND (CAST($9 AS BIGINT) IS NULL OR v.next_due_at < $9)
               AND i.search_text LIKE $10 ESCAPE '\\' AND i.search_text LIKE $11 ESCAPE '\\'
               AND i.search_text LIKE $12 ESCAPE '\\'
               AND (CAST($13 AS BIGINT) IS NULL OR v.received_at < $13 OR (v.received_at = $13 AND v.id < $14))
             ORDER BY v.received_at DESC, v.id DESC
             LIMIT $15"
        ),
        Order::Deadline => sql!(
            "SELECT v.next_due_at, v.id
             FROM incident_versions v JOIN incident_incidents i ON i.id = v.id
             WHERE v.position <= $16 AND v.until_position > $16
               AND v.area >= $1 AND v.area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR v.is_open = $3)
               AND (CAST($4 AS TEXT) IS NULL OR v.status = $4) AND v.event_class LIKE $5
               AND (CAST($6 AS TEXT) IS NULL OR v.grade = $6) AND v.received_at >= $7 AND v.received_at < $8
               AND (CAST($9 AS BIGINT) IS NULL OR v.next_due_at < $9)
               AND i.search_text LIKE $10 ESCAPE '\\' AND i.search_text LIKE $11 ESCAPE '\\'
               AND i.search_text LIKE $12 ESCAPE '\\'
               AND (CAST($13 AS BIGINT) IS NULL OR v.next_due_at > $13 OR (v.next_due_at = $13 AND v.id > $14))
             ORDER BY v.next_due_at, v.id
             LIMIT $15"
        ),
    }
}

/// How many incidents fitted a filter as of a position, without regard to words.
pub fn count_at(tx: &mut Tx<'_>, filter: &Filter, position: u64) -> Result<i64, StoreError> {
    if !holds_incidents(&filter.scope) {
        return Ok(0);
    }
    let counted = tx.first(
        sql!(
            "SELECT COUNT(*)
             FROM incident_versions
             WHERE position <= $10 AND until_position > $10
               AND area >= $1 AND area < $2 AND (CAST($3 AS BOOLEAN) IS NULL OR is_open = $3)
               AND (CAST($4 AS TEXT) IS NULL OR status = $4) AND event_class LIKE $5
               AND (CAST($6 AS TEXT) IS NULL OR grade = $6) AND received_at >= $7 AND received_at < $8
               AND (CAST($9 AS BIGINT) IS NULL OR next_due_at < $9)"
        ),
        params![
            filter.scope.from,
            filter.scope.before,
            filter.open,
            filter.status,
            format!("{}%", filter.event_class),
            filter.grade,
            filter.from,
            filter.before,
            filter.overdue_at,
            position
        ],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// Open incidents of a scope, those with the nearest deadline first.
pub fn board(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Incident>, StoreError> {
    let filter = Filter {
        open: Some(true),
        ..Filter::all(scope.clone(), 200)
    };
    list(tx, &filter, Order::Deadline)
}

/// Open incidents with a deadline that has passed unrecorded, by id and deadline; at its very instant it still stands.
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
