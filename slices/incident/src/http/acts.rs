//! What people do with incidents.

use anlan_ledger::Work;
use anlan_web::{Answer, Command, Params, created, done};
use axum::Extension;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::IncidentError;
use crate::facts::Happened;
use crate::http::wire::{IncidentDetail, NewIncident};
use crate::model::Incident;
use crate::service::{Acknowledging, Closing, FollowUp, Incidents, ReportUp, Taken, Verifying};

/// Takes a report (接报).
#[utoipa::path(post, path = "/api/v1/incidents", operation_id = "incident.take", tag = "incidents",
    request_body = NewIncident, responses((status = 201, body = IncidentDetail), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn take(Extension(this): Extension<Incidents>, command: Command<NewIncident>) -> Answer<Response> {
    let (incidents, caller, input) = (this.clone(), command.caller, Taken::from(command.input));
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let incident = incidents.take(work, &caller, &input)?;
            incidents.shown(work, &caller, &incident)
        })
        .await?;
    Ok(created(outcome))
}

/// Runs an act on one incident and answers with the incident.
pub(super) async fn act<T, F>(
    this: Incidents,
    id: String,
    command: Command<Act<T>>,
    run: F,
) -> Answer<Response>
where
    T: Send + 'static,
    F: FnOnce(
            &Incidents,
            &mut Work<'_, '_>,
            &anlan_access::Caller,
            &str,
            T,
        ) -> Result<Incident, IncidentError>
        + Send
        + 'static,
{
    let (incidents, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            work.expect_version(&format!("incident/{id}"), input.expected_version)?;
            let incident = run(&incidents, work, &caller, &id, input.act)?;
            incidents.shown(work, &caller, &incident)
        })
        .await?;
    Ok(done(outcome))
}

/// An act, and the version of the incident that the caller had seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Act<T> {
    /// Refuse with `ledger.version_conflict` unless the incident is at this version.
    expected_version: Option<u64>,
    #[serde(flatten)]
    act: T,
}

/// Reports to everybody the caller's unit must report to, at once (上报).
#[utoipa::path(post, path = "/api/v1/incidents/{id}/report", operation_id = "incident.report", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<ReportUp>, responses((status = 200, body = IncidentDetail)))]
pub async fn report(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<ReportUp>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.report_up(work, caller, id, &body)
    })
    .await
}

/// 签收.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AcknowledgeBody {
    /// Number of the report within the incident.
    report_id: String,
    /// The receiver, when the sender records what it said.
    unit: Option<String>,
    /// Who said so for the receiver, when the sender records it.
    told_by: Option<String>,
    /// When, if that was before now.
    happened: Option<Happened>,
}

/// Acknowledges a report (签收), as its receiver, or as its sender who was told so.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/acknowledge", operation_id = "incident.acknowledge", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<AcknowledgeBody>, responses((status = 200, body = IncidentDetail)))]
pub async fn acknowledge(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<AcknowledgeBody>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        let receipt = Acknowledging {
            report: body.report_id.parse().unwrap_or(0),
            unit: body.unit,
            told_by: body.told_by,
            happened: body.happened,
        };
        incidents.acknowledge(work, caller, id, &receipt)
    })
    .await
}

/// States what a check of the facts found (核实).
#[utoipa::path(post, path = "/api/v1/incidents/{id}/verify", operation_id = "incident.verify", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<Verifying>, responses((status = 200, body = IncidentDetail)))]
pub async fn verify(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<Verifying>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.verify(work, caller, id, &body)
    })
    .await
}

/// Reports what has changed (续报).
#[utoipa::path(post, path = "/api/v1/incidents/{id}/follow-ups", operation_id = "incident.follow_up", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<FollowUp>, responses((status = 200, body = IncidentDetail)))]
pub async fn follow_up(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<FollowUp>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.follow_up(work, caller, id, &body)
    })
    .await
}

/// Ends the work on an incident (办结).
#[utoipa::path(post, path = "/api/v1/incidents/{id}/close", operation_id = "incident.close", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<Closing>, responses((status = 200, body = IncidentDetail)))]
pub async fn close(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<Closing>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.close(work, caller, id, &body)
    })
    .await
}

/// Why the caller's data are needed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RevealBody {
    /// 2 characters at least; becomes an entry of the ledger.
    reason: String,
    /// Number of the call within the incident, from 1; the first when absent.
    call: Option<u32>,
}

/// The caller's data in the clear; `null` where none were given or their key was destroyed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RevealedCaller {
    name: Option<String>,
    phone: Option<String>,
}

/// Reads the caller's name and number whole; the reason becomes an entry.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/reveal-caller", operation_id = "incident.reveal", tag = "incidents",
    params(("id" = String, Path)), request_body = RevealBody, responses((status = 200, body = RevealedCaller)))]
pub async fn reveal_caller(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<RevealBody>,
) -> Answer<Response> {
    let (incidents, caller, input) = (this.clone(), command.caller, command.input);
    // Without an idempotency key: the kept answer would hold the data in the clear.
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            incidents
                .reveal_caller(work, &caller, &id, (input.call.unwrap_or(1), &input.reason))
                .map(|(name, phone)| RevealedCaller { name, phone })
        })
        .await?;
    Ok(done(outcome))
}
