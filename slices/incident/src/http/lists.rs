//! The list and the board, now and as of an earlier moment.

use anlan_access::{Caller, Scope};
use anlan_foundation::{Checks, InvalidInput, Timestamp};
use anlan_store::Tx;
use anlan_web::{Answer, Ask};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::IncidentError;
use crate::http::moment::{AsOf, Moment};
use crate::http::wire::{IncidentRow, row};
use crate::model::{Incident, Status};
use crate::rules;
use crate::service::{Incidents, scopes};
use crate::store::{self, Cursor, Filter, Order};

/// A list on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are in all; absent when that would take too long to tell.
    pub total: Option<i64>,
    /// Set when this is how things stood at an earlier moment.
    pub as_of: Option<AsOf>,
}

/// Which incidents to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
pub struct ListQuery {
    /// `open`, `closed`, `all` (default), or one of `received`, `reported`, `verified`, `dismissed`, `merged`.
    status: Option<String>,
    /// Words in title, text, place, unit or number; up to three, all of which must occur.
    #[serde(default)]
    q: String,
    /// Prefix of the event class.
    #[serde(default)]
    event_class: String,
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
    /// `extraordinary`, `major`, `large`, `ordinary`, `none` or `unknown`.
    grade: Option<String>,
    /// Only those received at or after this instant.
    from: Option<String>,
    /// Only those received at or before this instant.
    to: Option<String>,
    /// Only those with something owed whose time is over.
    overdue: Option<bool>,
    /// `recent` (default) or `deadline`.
    sort: Option<String>,
    /// Cursor: `next` of the page before.
    after: Option<String>,
    /// 1 to 200, default 50.
    limit: Option<u64>,
    /// A ledger position, or an instant; now when absent.
    as_of: Option<String>,
}

/// A list that was asked for, checked.
pub(crate) struct Listing {
    scopes: Vec<Scope>,
    filter: Filter,
    order: Order,
    moment: Moment,
    has_words: bool,
}

/// A page of a list.
pub(crate) struct Page {
    pub(crate) incidents: Vec<Incident>,
    pub(crate) next: Option<Cursor>,
}

impl ListQuery {
    /// Checks what was asked for; every fault names its field.
    pub(crate) fn read(
        &self,
        incidents: &Incidents,
        tx: &mut Tx<'_>,
        caller: &Caller,
    ) -> Result<Listing, IncidentError> {
        let mut checks = Checks::new();
        let (open, status) = self.statuses(&mut checks);
        let code = |text: &str| text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
        for (field, value) in [("area", &self.area), ("event_class", &self.event_class)] {
            if !code(value) {
                checks.fault(field, "bad_format", "at most 15 digits");
            }
        }
        checks.text("q", &self.q, 0, 100);
        if let Some(grade) = self.grade.as_deref().filter(|grade| *grade != "unknown") {
            rules::check_choice(&mut checks, "grade", grade, &rules::GRADES);
        }
        let mut instant = |field: &str, value: Option<&String>| -> Option<Timestamp> {
            checks.parse(field, value?, "an instant such as 2026-11-24T03:12:05+08:00")
        };
        let from = instant("from", self.from.as_ref());
        let to = instant("to", self.to.as_ref());
        let order = match self.sort.as_deref() {
            None | Some("recent") => Order::Recent,
            Some("deadline") => Order::Deadline,
            Some(_) => {
                checks.fault("sort", "not_a_choice", "recent, deadline");
                Order::Recent
            }
        };
        let after = cursor(&mut checks, self.after.as_deref());
        checks.finish()?;
        let moment = incidents.moment(tx, self.as_of.as_deref())?;
        let nowhere = Scope {
            from: String::new(),
            before: String::new(),
            department: None,
        };
        let filter = Filter {
            open,
            status,
            event_class: self.event_class.clone(),
            grade: self.grade.clone(),
            from: from.unwrap_or(Timestamp::from_micros(i64::MIN)),
            before: to.map_or(Timestamp::from_micros(i64::MAX), |to| to.plus_micros(1)),
            overdue_at: self.overdue.filter(|only| *only).map(|_| moment.at),
            words: store::words_of(&self.q),
            after,
            ..Filter::all(nowhere, self.limit.unwrap_or(50).clamp(1, 200))
        };
        Ok(Listing {
            scopes: scopes(caller, &self.area),
            filter,
            order,
            moment,
            has_words: !self.q.trim().is_empty(),
        })
    }

    fn statuses(&self, checks: &mut Checks) -> (Option<bool>, Option<String>) {
        match self.status.as_deref() {
            None | Some("all") => (None, None),
            Some("open") => (Some(true), None),
            Some("closed") => (Some(false), None),
            Some(status) if Status::NAMES.iter().any(|(name, _)| *name == status) => {
                (None, Some(status.to_owned()))
            }
            Some(_) => {
                let choices = "open, closed, all, received, reported, verified, dismissed, merged";
                checks.fault("status", "not_a_choice", choices);
                (None, None)
            }
        }
    }
}

fn cursor(checks: &mut Checks, after: Option<&str>) -> Option<Cursor> {
    let text = after.filter(|text| !text.is_empty())?;
    let read = text.split_once('~').and_then(|(at, id)| {
        let at = at.parse().ok()?;
        let id = (id.len() <= 64).then(|| id.to_owned())?;
        Some(Cursor { at, id })
    });
    if read.is_none() {
        checks.fault("after", "bad_format", "`next` of the page before");
    }
    read
}

impl Listing {
    /// The moment the list is of.
    pub(crate) fn moment(&self) -> Moment {
        self.moment
    }

    /// The next page after `after` with at most `limit` incidents, from all parts of the city in one order.
    pub(crate) fn page(
        &self,
        tx: &mut Tx<'_>,
        after: Option<&Cursor>,
        limit: u64,
    ) -> Result<Page, IncidentError> {
        let mut found: Vec<(Cursor, Incident)> = Vec::new();
        for scope in &self.scopes {
            let filter = Filter {
                scope: scope.clone(),
                after: after.cloned(),
                limit: limit + 1,
                ..self.filter.clone()
            };
            found.extend(match self.moment.position {
                None => self.current(tx, &filter)?,
                Some(position) => self.earlier(tx, filter, position)?,
            });
        }
        match self.order {
            Order::Recent => found.sort_by(|(a, _), (b, _)| (b.at, &b.id).cmp(&(a.at, &a.id))),
            Order::Deadline => found.sort_by(|(a, _), (b, _)| (a.at, &a.id).cmp(&(b.at, &b.id))),
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(cursor, _)| cursor.clone());
        let incidents = found.into_iter().map(|(_, incident)| incident).collect();
        Ok(Page { incidents, next })
    }

    fn current(&self, tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<(Cursor, Incident)>, IncidentError> {
        let place = |incident: &Incident| Cursor {
            at: match self.order {
                Order::Recent => incident.received_at().map_or(0, Timestamp::as_micros),
                Order::Deadline => incident.next_due().map_or(store::NEVER, Timestamp::as_micros),
            },
            id: incident.id.clone(),
        };
        let found = store::list(tx, filter, self.order)?;
        Ok(found
            .into_iter()
            .map(|incident| (place(&incident), incident))
            .collect())
    }

    /// Incidents as they stood. A word that came in later does not count.
    fn earlier(
        &self,
        tx: &mut Tx<'_>,
        mut filter: Filter,
        position: u64,
    ) -> Result<Vec<(Cursor, Incident)>, IncidentError> {
        let wanted = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        loop {
            let ids = store::ids_at(tx, &filter, self.order, position)?;
            let full = ids.len() >= wanted;
            filter.after = ids.last().cloned();
            for cursor in ids {
                let Some(incident) = store::as_of(tx, &cursor.id, position)? else {
                    continue;
                };
                if !self.has_words || matches(&incident.search_text(), &filter.words) {
                    found.push((cursor, incident));
                }
            }
            if !full || found.len() >= wanted {
                return Ok(found);
            }
        }
    }

    /// How many there are on all pages; `None` when words would have to be looked for in what was known then.
    pub(crate) fn total(&self, tx: &mut Tx<'_>) -> Result<Option<i64>, IncidentError> {
        if self.moment.position.is_some() && self.has_words {
            return Ok(None);
        }
        let mut total = 0;
        for scope in &self.scopes {
            let filter = Filter {
                scope: scope.clone(),
                ..self.filter.clone()
            };
            total += match self.moment.position {
                None => store::count(tx, &filter)?,
                Some(position) => store::count_at(tx, &filter, position)?,
            };
        }
        Ok(Some(total))
    }
}

/// Whether a text matches patterns as the store does.
fn matches(text: &str, patterns: &[String; 3]) -> bool {
    patterns.iter().all(|pattern| {
        let word = pattern.trim_start_matches('%');
        let word = word.strip_suffix('%').unwrap_or(word);
        text.contains(&unescaped(word))
    })
}

fn unescaped(word: &str) -> String {
    let mut letters = word.chars();
    let mut plain = String::new();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' {
            letters.next()
        } else {
            Some(letter)
        });
    }
    plain
}

/// Incidents, the newest or the most pressing first, now or as of an earlier moment.
#[utoipa::path(get, path = "/api/v1/incidents", operation_id = "incident.list", tag = "incidents", params(ListQuery),
    responses((status = 200, body = List<IncidentRow>), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn list(
    Extension(this): Extension<Incidents>,
    ask: Ask<ListQuery>,
) -> Answer<Json<List<IncidentRow>>> {
    ask.caller.require_somewhere("incident.read")?;
    let incidents = this.clone();
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let listing = ask.query.read(&incidents, tx, &ask.caller)?;
            let page = listing.page(tx, listing.filter.after.as_ref(), listing.filter.limit)?;
            let moment = listing.moment();
            let classes = incidents.directory.event_classes();
            Ok::<_, IncidentError>(List {
                items: page
                    .incidents
                    .iter()
                    .map(|i| row(i, classes, moment.at))
                    .collect(),
                next: page.next.map(|cursor| format!("{}~{}", cursor.at, cursor.id)),
                total: listing.total(tx)?,
                as_of: moment.shown(),
            })
        })
        .await?;
    Ok(Json(shown))
}

/// The board of open incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    items: Vec<IncidentRow>,
    counts: Counts,
    nearest: Option<Nearest>,
    /// Set when this is how things stood at an earlier moment.
    as_of: Option<AsOf>,
}

/// How many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    open: i64,
    overdue: i64,
    unverified: i64,
}

/// The deadline that comes first of all.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nearest {
    incident_id: String,
    title: String,
    obligation: String,
    due_at: Timestamp,
    to_unit_name: String,
}

/// Where and when to look.
#[derive(Debug, Deserialize, IntoParams)]
pub struct BoardQuery {
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
    /// A ledger position, or an instant; now when absent.
    as_of: Option<String>,
}

/// A board shows at most this many; its counts go on.
const BOARD: u64 = 200;

/// Open incidents, those with the nearest deadline first, now or as of an earlier moment.
#[utoipa::path(get, path = "/api/v1/incidents/board", operation_id = "incident.board", tag = "incidents", params(BoardQuery),
    responses((status = 200, body = Board)))]
pub async fn board(Extension(this): Extension<Incidents>, ask: Ask<BoardQuery>) -> Answer<Json<Board>> {
    ask.caller.require_somewhere("incident.read")?;
    let incidents = this.clone();
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let query = ListQuery {
                status: Some("open".to_owned()),
                area: ask.query.area,
                as_of: ask.query.as_of,
                sort: Some("deadline".to_owned()),
                ..ListQuery::default()
            };
            let listing = query.read(&incidents, tx, &ask.caller)?;
            let page = listing.page(tx, None, BOARD)?;
            let open = listing.total(tx)?.unwrap_or(0);
            let overdue = ListQuery {
                overdue: Some(true),
                ..query
            };
            let overdue = overdue.read(&incidents, tx, &ask.caller)?.total(tx)?.unwrap_or(0);
            let classes = incidents.directory.event_classes();
            let moment = listing.moment();
            let items: Vec<_> = page
                .incidents
                .iter()
                .map(|i| row(i, classes, moment.at))
                .collect();
            let checked = |incident: &&Incident| incident.notes.iter().any(|note| note.kind == "verified");
            let unverified = page
                .incidents
                .iter()
                .filter(|incident| !checked(incident))
                .count();
            Ok::<_, IncidentError>(Board {
                nearest: nearest(&items),
                items,
                counts: Counts {
                    open,
                    overdue,
                    unverified: i64::try_from(unverified).unwrap_or(i64::MAX),
                },
                as_of: moment.shown(),
            })
        })
        .await?;
    Ok(Json(shown))
}

fn nearest(items: &[IncidentRow]) -> Option<Nearest> {
    items.iter().find_map(|item| {
        let owed = item.obligations.iter().min_by_key(|owed| owed.due_at)?;
        Some(Nearest {
            incident_id: item.id.clone(),
            title: item.title.clone(),
            obligation: owed.kind.clone(),
            due_at: owed.due_at,
            to_unit_name: owed.to_unit.name.clone(),
        })
    })
}

/// A fault of one query field.
pub(crate) fn fault(field: &str, code: &'static str, expected: &str) -> IncidentError {
    InvalidInput::one(field, code, expected).into()
}
