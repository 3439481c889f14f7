//! Single statements about an incident: further calls, figures, times, grades, photos, questions.

use anlan_web::{Answer, Command, Params};
use axum::Extension;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::facts::{CasualtyStated, Happened, TimeStated};
use crate::http::acts::{Act, act};
use crate::http::wire::{IncidentDetail, NewCall};
use crate::service::{Called, Grading, Incidents, Learning};

/// Adds another call, message or sensor about an incident that is known already.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/calls", operation_id = "incident.add_call", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<NewCall>, responses((status = 200, body = IncidentDetail)))]
pub async fn add_call(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<NewCall>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.add_call(work, caller, id, &Called::from(body))
    })
    .await
}

/// A figure by a source.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CasualtyBody {
    /// `deaths`, `injured`, `seriously_injured`, `missing`, `trapped` or `evacuated`.
    kind: String,
    /// How many; `null` says that the source does not know.
    value: Option<u32>,
    /// Who says so.
    source: String,
    /// Ids of the statements that this one replaces.
    #[serde(default)]
    supersedes: Vec<String>,
}

/// States one figure by one source; another source's figure stays beside it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/casualties", operation_id = "incident.state_casualty", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<CasualtyBody>, responses((status = 200, body = IncidentDetail)))]
pub async fn casualty(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<CasualtyBody>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        let stated = CasualtyStated {
            kind: body.kind,
            value: body.value,
            source: body.source,
            supersedes: body
                .supersedes
                .iter()
                .map(|number| number.parse().unwrap_or(0))
                .collect(),
        };
        incidents.state_casualty(work, caller, id, stated)
    })
    .await
}

/// One of the incident's times.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TimeBody {
    /// `occurred` 发生, `learned` 获悉 or `received` 接报.
    kind: String,
    /// When, by whom, how exactly and how surely.
    #[serde(flatten)]
    time: Happened,
}

/// States one of the incident's times; earlier statements stay beside it.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/times", operation_id = "incident.state_time", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<TimeBody>, responses((status = 200, body = IncidentDetail)))]
pub async fn time(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<TimeBody>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        let stated = TimeStated {
            kind: body.kind,
            at: body.time.at,
            precision: body.time.precision,
            source: body.time.source,
            confidence: body.time.confidence,
        };
        incidents.state_time(work, caller, id, stated)
    })
    .await
}

/// States how and when a unit first came to know (获悉), with the evidence.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/knowledge", operation_id = "incident.state_learned", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<Learning>, responses((status = 200, body = IncidentDetail)))]
pub async fn learned(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<Learning>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.state_learned(work, caller, id, &body)
    })
    .await
}

/// A question to a unit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EnquiryBody {
    /// Id of the unit that is asked.
    to: String,
    /// The question.
    text: String,
    /// When it was asked, if that was before now.
    happened: Option<Happened>,
}

/// Asks a unit about the incident (询问): evidence that it knew from then on.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/enquiries", operation_id = "incident.enquire", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<EnquiryBody>, responses((status = 200, body = IncidentDetail)))]
pub async fn enquire(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<EnquiryBody>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.enquire(work, caller, id, (&body.to, &body.text), body.happened)
    })
    .await
}

/// Says of what grade the event is, and why (定级).
#[utoipa::path(post, path = "/api/v1/incidents/{id}/grade", operation_id = "incident.grade", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<Grading>, responses((status = 200, body = IncidentDetail)))]
pub async fn grade(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<Grading>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.grade(work, caller, id, &body)
    })
    .await
}

/// Photos that were sent before.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AttachBody {
    /// Their digests, 1 to 20.
    attachments: Vec<String>,
}

/// Adds photos to an incident.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/attachments", operation_id = "incident.attach", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<AttachBody>, responses((status = 200, body = IncidentDetail)))]
pub async fn attach(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<AttachBody>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.attach(work, caller, id, &body.attachments)
    })
    .await
}
