//! What people see of incidents.

use anlan_access::Caller;
use anlan_foundation::Timestamp;
use anlan_ledger::{Actor, Headline};
use anlan_store::Tx;
use anlan_web::{Answer, Ask, Params};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::IncidentError;
use crate::http::wire::{AsOf, IncidentDetail, IncidentRow, MaskedCaller, detail, row};
use crate::model::Incident;
use crate::service::{EventClass, Incidents};
use crate::{rules, store};

/// A list on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// The items.
    items: Vec<T>,
    /// Cursor of the next page.
    next: Option<String>,
    /// How many there are in all.
    total: Option<i64>,
}

/// Which incidents to list.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ListQuery {
    /// `open`, `closed` or `all` (default).
    status: Option<String>,
    /// Words.
    #[serde(default)]
    q: String,
    /// Prefix of the event class.
    #[serde(default)]
    event_class: String,
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
    /// Cursor: only those received before this instant.
    after: Option<Timestamp>,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

fn scopes(caller: &Caller, area: &str) -> Vec<anlan_access::Scope> {
    let mut scopes = caller.scopes("incident.read");
    for scope in &mut scopes {
        if area.starts_with(&scope.from) {
            area.clone_into(&mut scope.from);
            scope.before = format!("{area}:");
        }
    }
    scopes.retain(|scope| scope.from.starts_with(area));
    scopes.truncate(8);
    scopes
}

/// Incidents, the newest first.
#[utoipa::path(get, path = "/api/v1/incidents", operation_id = "incident.list", tag = "incidents", params(ListQuery),
    responses((status = 200, body = List<IncidentRow>)))]
pub async fn list(
    Extension(this): Extension<Incidents>,
    ask: Ask<ListQuery>,
) -> Answer<Json<List<IncidentRow>>> {
    ask.caller.require_somewhere("incident.read")?;
    let (query, now) = (ask.query, this.ledger.clock().now());
    let scopes = scopes(&ask.caller, &query.area);
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let open = query.status.as_deref().and_then(|status| match status {
        "open" => Some(true),
        "closed" => Some(false),
        _ => None,
    });
    let before = query.after.unwrap_or(Timestamp::from_micros(i64::MAX));
    let (incidents, total) = this
        .ledger
        .db()
        .read(move |tx| {
            let (mut found, mut total) = (Vec::new(), 0);
            for scope in scopes {
                let words = query.q.to_lowercase();
                let filter = store::Filter {
                    scope,
                    open,
                    words,
                    event_class: query.event_class.clone(),
                    before,
                    limit,
                };
                total += store::count(tx, &filter)?;
                found.extend(store::list(tx, &filter)?);
            }
            Ok::<_, IncidentError>((found, total))
        })
        .await?;
    let full = incidents.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let items: Vec<_> = incidents
        .iter()
        .map(|i| row(i, this.directory.event_classes(), now))
        .collect();
    let next = items
        .last()
        .filter(|_| full)
        .and_then(|last| last.received_at)
        .map(|at| at.to_string());
    Ok(Json(List {
        items,
        next,
        total: Some(total),
    }))
}

/// The board of open incidents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    items: Vec<IncidentRow>,
    counts: Counts,
    nearest: Option<Nearest>,
}

/// How many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    open: usize,
    overdue: usize,
    unverified: usize,
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

/// Where to look.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AreaQuery {
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
}

/// Open incidents, those with the nearest deadline first.
#[utoipa::path(get, path = "/api/v1/incidents/board", operation_id = "incident.board", tag = "incidents", params(AreaQuery),
    responses((status = 200, body = Board)))]
pub async fn board(Extension(this): Extension<Incidents>, ask: Ask<AreaQuery>) -> Answer<Json<Board>> {
    ask.caller.require_somewhere("incident.read")?;
    let scopes = scopes(&ask.caller, &ask.query.area);
    let now = this.ledger.clock().now();
    let incidents = this
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for scope in &scopes {
                found.extend(store::board(tx, scope)?);
            }
            Ok::<_, IncidentError>(found)
        })
        .await?;
    let items: Vec<_> = incidents
        .iter()
        .map(|i| row(i, this.directory.event_classes(), now))
        .collect();
    let counts = Counts {
        open: items.len(),
        overdue: items.iter().filter(|item| item.overdue).count(),
        unverified: incidents
            .iter()
            .filter(|i| !i.notes.iter().any(|note| note.kind == "verified"))
            .count(),
    };
    let nearest = items.iter().find_map(|item| {
        let owed = item.obligations.iter().min_by_key(|owed| owed.due_at)?;
        Some(Nearest {
            incident_id: item.id.clone(),
            title: item.title.clone(),
            obligation: owed.kind.clone(),
            due_at: owed.due_at,
            to_unit_name: owed.to_unit.name.clone(),
        })
    });
    Ok(Json(Board {
        items,
        counts,
        nearest,
    }))
}

/// What is being typed.
#[derive(Debug, Deserialize, IntoParams)]
pub struct TypedQuery {
    /// Division code.
    division: String,
    /// Event class.
    #[serde(default)]
    event_class: String,
    /// Text so far.
    #[serde(default)]
    text: String,
}

/// A known incident that may be the same one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Duplicate {
    incident: IncidentRow,
    reasons: Vec<String>,
    score: f64,
}

/// Known incidents that may be the one being typed.
#[utoipa::path(get, path = "/api/v1/incidents/duplicates", operation_id = "incident.duplicates", tag = "incidents", params(TypedQuery),
    responses((status = 200, body = Vec<Duplicate>)))]
pub async fn duplicates(
    Extension(this): Extension<Incidents>,
    ask: Ask<TypedQuery>,
) -> Answer<Json<Vec<Duplicate>>> {
    ask.caller.require_somewhere("incident.read")?;
    let now = this.ledger.clock().now();
    let (query, county) = (ask.query, |code: &str| code.chars().take(6).collect::<String>());
    let scopes = scopes(&ask.caller, &county(&query.division));
    let open = this
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for scope in &scopes {
                found.extend(store::board(tx, scope)?);
            }
            Ok::<_, IncidentError>(found)
        })
        .await?;
    let mut alike: Vec<(rules::Likeness, &Incident)> = open
        .iter()
        .map(|known| {
            (
                rules::likeness(known, &query.division, &query.event_class, &query.text, now),
                known,
            )
        })
        .filter(|(likeness, _)| likeness.score >= 0.6)
        .collect();
    alike.sort_by(|(a, _), (b, _)| b.score.total_cmp(&a.score));
    let shown = alike.into_iter().take(5).map(|(likeness, known)| Duplicate {
        incident: row(known, this.directory.event_classes(), now),
        reasons: likeness.reasons.into_iter().map(str::to_owned).collect(),
        score: likeness.score,
    });
    Ok(Json(shown.collect()))
}

/// The moment to look from.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AsOfQuery {
    /// A ledger position, or an instant.
    as_of: Option<String>,
}

fn position(tx: &mut Tx<'_>, as_of: Option<&str>) -> Result<Option<u64>, IncidentError> {
    let Some(text) = as_of else { return Ok(None) };
    if let Ok(position) = text.parse() {
        return Ok(Some(position));
    }
    let wrong =
        || anlan_foundation::InvalidInput::one("as_of", "bad_format", "a ledger position or an instant");
    let at: Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(Some(anlan_ledger::Ledger::position_at(tx, at)?))
}

impl Incidents {
    fn masked(&self, tx: &mut Tx<'_>, incident: &Incident) -> Result<Option<MaskedCaller>, IncidentError> {
        if incident.caller_name.is_none() && incident.caller_phone.is_none() {
            return Ok(None);
        }
        let mut open = |sealed: &Option<anlan_ledger::Sealed>| match sealed {
            Some(sealed) => self.ledger.sealer().open(tx, sealed),
            None => Ok(None),
        };
        let (name, phone) = (open(&incident.caller_name)?, open(&incident.caller_phone)?);
        let name_masked = name.and_then(|name| name.chars().next().map(|surname| format!("{surname}**")));
        Ok(Some(MaskedCaller {
            name_masked,
            phone_masked: phone.map(|phone| rules::mask_phone(&phone)),
            sealed: true,
        }))
    }
}

/// One incident, as it stands or as it stood.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", operation_id = "incident.get", tag = "incidents",
    params(("id" = String, Path), AsOfQuery), responses((status = 200, body = IncidentDetail)))]
pub async fn get(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    ask: Ask<AsOfQuery>,
) -> Answer<Json<IncidentDetail>> {
    let (incidents, now) = (this.clone(), this.ledger.clock().now());
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let current = incidents.visible(tx, &ask.caller, &id, "incident.read")?;
            let position = position(tx, ask.query.as_of.as_deref())?;
            let incident = match position {
                Some(position) => store::as_of(tx, &id, position)?.ok_or(IncidentError::NotFound(id))?,
                None => current,
            };
            let caller = incidents.masked(tx, &incident)?;
            let mut shown = detail(&incident, caller, incidents.directory.event_classes(), now);
            shown.as_of = position.map(|position| AsOf { position });
            if position.is_some() {
                shown.allowed.clear();
            }
            Ok::<_, IncidentError>(shown)
        })
        .await?;
    Ok(Json(shown))
}

/// One line of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineItem {
    position: u64,
    origin: String,
    seq: u64,
    at: Timestamp,
    kind: String,
    #[schema(value_type = Object)]
    headline: Headline,
    #[schema(value_type = Object)]
    actor: Actor,
}

/// What was done with an incident, entry by entry.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline", operation_id = "incident.timeline", tag = "incidents",
    params(("id" = String, Path), AsOfQuery), responses((status = 200, body = List<TimelineItem>)))]
pub async fn timeline(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    ask: Ask<AsOfQuery>,
) -> Answer<Json<List<TimelineItem>>> {
    let incidents = this.clone();
    let items = this
        .ledger
        .db()
        .read(move |tx| {
            incidents.visible(tx, &ask.caller, &id, "incident.read")?;
            let position = position(tx, ask.query.as_of.as_deref())?.unwrap_or(u64::MAX / 2);
            let entries = store::entries(tx, &id, position)?;
            Ok::<_, IncidentError>(
                entries
                    .into_iter()
                    .map(|recorded| {
                        let headline = incidents.ledger.headline(&recorded);
                        let (at, entry) = (recorded.at(), recorded.entry);
                        TimelineItem {
                            position: recorded.position,
                            origin: entry.origin,
                            seq: entry.seq,
                            at,
                            kind: entry.kind,
                            headline,
                            actor: entry.actor,
                        }
                    })
                    .collect::<Vec<_>>(),
            )
        })
        .await?;
    Ok(Json(List {
        items,
        next: None,
        total: None,
    }))
}

/// Nothing to ask for.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// The classes of events.
#[utoipa::path(get, path = "/api/v1/event-classes", operation_id = "incident.event_classes", tag = "incidents",
    responses((status = 200, body = Vec<EventClass>)))]
pub async fn event_classes(
    Extension(this): Extension<Incidents>,
    _ask: Ask<Nothing>,
) -> Json<Vec<EventClass>> {
    Json(this.directory.event_classes().to_vec())
}
