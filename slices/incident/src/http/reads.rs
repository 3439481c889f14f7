//! What people see of one incident.

use anlan_access::{Caller, Object};
use anlan_files::FileName;
use anlan_foundation::Timestamp;
use anlan_ledger::{Actor, Headline, Work};
use anlan_store::Tx;
use anlan_web::{Answer, Ask, Params};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::IncidentError;
use crate::http::lists::List;
use crate::http::moment::AsOfQuery;
use crate::http::wire::{IncidentDetail, IncidentRow, MaskedCaller, Viewer, detail, masked, row};
use crate::model::Incident;
use crate::service::{Event, EventClass, Incidents, scopes};
use crate::{rules, store};

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

/// The operation that each act needs.
const NEEDS: [(&str, &str); 13] = [
    ("report_up", "incident.report"),
    ("acknowledge", "incident.acknowledge"),
    ("verify", "incident.verify"),
    ("grade", "incident.verify"),
    ("follow_up", "incident.follow_up"),
    ("assert", "incident.follow_up"),
    ("attach", "incident.follow_up"),
    ("enquire", "incident.follow_up"),
    ("add_call", "incident.take"),
    ("close", "incident.close"),
    ("decide", "incident.verify"),
    ("merge", "incident.close"),
    ("split", "incident.close"),
];

impl Incidents {
    /// The incident as its caller sees it right after an act.
    pub(super) fn shown(
        &self,
        work: &mut Work<'_, '_>,
        caller: &Caller,
        incident: &Incident,
    ) -> Result<IncidentDetail, IncidentError> {
        let viewer = self.viewer(work.tx, caller, incident)?;
        Ok(detail(incident, viewer, self.directory.event_classes(), work.now))
    }

    fn viewer(&self, tx: &mut Tx<'_>, caller: &Caller, incident: &Incident) -> Result<Viewer, IncidentError> {
        let callers = incident.calls.iter().map(|call| self.masked(tx, call));
        let callers = callers.collect::<Result<_, _>>()?;
        let event = Event::of(incident);
        let place = Object::in_area(&incident.division);
        let reports = match caller.unit.as_deref() {
            Some(unit) => self.reports_to_anybody(tx, unit, incident)?,
            None => false,
        };
        let may = |act: &&str| {
            let needed = NEEDS.iter().find(|(name, _)| name == act);
            let granted = needed.is_some_and(|(_, operation)| caller.may(operation, place));
            granted && caller.unit.is_some() && (*act != "report_up" || reports)
        };
        let acts = rules::allowed_acts(incident, caller.unit.as_deref());
        let held = incident
            .attachments
            .iter()
            .map(|held| held.attachment.digest.clone());
        let present = |digest: &String| digest.parse::<FileName>().is_ok_and(|name| self.files.has(&name));
        Ok(Viewer {
            callers,
            missing: held.filter(|digest| !present(digest)).collect(),
            grades: self.directory.grades(&event),
            updates: self.directory.updates(&event),
            allowed: acts.into_iter().filter(may).collect(),
            as_of: None,
        })
    }

    fn masked(
        &self,
        tx: &mut Tx<'_>,
        call: &crate::model::Call,
    ) -> Result<Option<MaskedCaller>, IncidentError> {
        if call.caller_name.is_none() && call.caller_phone.is_none() {
            return Ok(None);
        }
        let name = self.opened(tx, call.caller_name.as_ref())?;
        let phone = self.opened(tx, call.caller_phone.as_ref())?;
        Ok(Some(masked(name.as_deref(), phone.as_deref())))
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
    let incidents = this.clone();
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let current = incidents.visible(tx, &ask.caller, &id, "incident.read")?;
            let moment = incidents.moment(tx, ask.query.as_of.as_deref())?;
            let incident = match moment.position {
                Some(position) => store::as_of(tx, &id, position)?.ok_or(IncidentError::NotFound(id))?,
                None => current,
            };
            let mut viewer = incidents.viewer(tx, &ask.caller, &incident)?;
            viewer.as_of = moment.shown();
            if viewer.as_of.is_some() {
                viewer.allowed.clear();
            }
            let classes = incidents.directory.event_classes();
            Ok::<_, IncidentError>(detail(&incident, viewer, classes, moment.at))
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
    let (as_of, items) = this
        .ledger
        .db()
        .read(move |tx| {
            incidents.visible(tx, &ask.caller, &id, "incident.read")?;
            let moment = incidents.moment(tx, ask.query.as_of.as_deref())?;
            let entries = store::entries(tx, &id, moment.position.unwrap_or(u64::MAX / 2))?;
            Ok::<_, IncidentError>((
                moment.shown(),
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
            ))
        })
        .await?;
    Ok(Json(List {
        items,
        next: None,
        total: None,
        as_of,
    }))
}

/// Nothing to ask for.
#[derive(Debug, Default, Deserialize)]
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
