//! Deciding, merging, splitting; zero reports, watches and the city at a glance.

use anlan_web::{Answer, Ask, Command, Params, created};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::IncidentError;
use crate::facts::WatchSet;
use crate::http::acts::{Act, act};
use crate::http::moment::{AsOf, AsOfQuery};
use crate::http::wire::IncidentDetail;
use crate::model::UnitRef;
use crate::service::{CityShown, Deciding, Incidents, Splitting, Watching, ZeroReporting};
use crate::store;

/// Decides which of several figures stands, by name and for a reason; the others stay readable.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/decisions", operation_id = "incident.decide", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<Deciding>, responses((status = 200, body = IncidentDetail)))]
pub async fn decide(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<Deciding>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.decide_figure(work, caller, id, &body)
    })
    .await
}

/// Into which incident, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MergeBody {
    /// Id of the incident that goes on.
    into: String,
    /// Why they are the same.
    reason: String,
}

/// Ends an incident that is the same as another (并案); answers with the one that goes on.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/merge", operation_id = "incident.merge", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<MergeBody>, responses((status = 200, body = IncidentDetail)))]
pub async fn merge(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<MergeBody>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.merge(work, caller, id, (&body.into, &body.reason))
    })
    .await
}

/// Makes an incident of its own from some of the calls and figures of another (分案); answers with the new one.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/split", operation_id = "incident.split", tag = "incidents",
    params(("id" = String, Path)), request_body = Act<Splitting>, responses((status = 200, body = IncidentDetail)))]
pub async fn split(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Act<Splitting>>,
) -> Answer<Response> {
    act(this, id, command, |incidents, work, caller, id, body| {
        incidents.split(work, caller, id, &body)
    })
    .await
}

/// Who gave a zero report.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ZeroShown {
    unit: UnitRef,
}

/// Says that the caller's unit has nothing to report (零报告).
#[utoipa::path(post, path = "/api/v1/zero-reports", operation_id = "incident.report_zero", tag = "incidents",
    request_body = ZeroReporting, responses((status = 201, body = ZeroShown)))]
pub async fn report_zero(
    Extension(this): Extension<Incidents>,
    command: Command<ZeroReporting>,
) -> Answer<Response> {
    let (incidents, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let unit = incidents.report_zero(work, &caller, &input)?;
            Ok::<_, IncidentError>(ZeroShown { unit })
        })
        .await?;
    Ok(created(outcome))
}

/// Asks every village of an area to be heard from again and again (关注).
#[utoipa::path(post, path = "/api/v1/watches", operation_id = "incident.watch", tag = "incidents",
    request_body = Watching, responses((status = 201, body = WatchSet)))]
pub async fn watch(Extension(this): Extension<Incidents>, command: Command<Watching>) -> Answer<Response> {
    let (incidents, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            incidents.watch(work, &caller, &input)
        })
        .await?;
    Ok(created(outcome))
}

/// The city at a glance, and the moment it is of.
#[derive(Debug, Serialize, ToSchema)]
pub struct CityAnswer {
    #[serde(flatten)]
    city: CityShown,
    as_of: Option<AsOf>,
}

/// All counties: what is open and overdue, when each was heard from, its daily report; silent villages of watched areas.
#[utoipa::path(get, path = "/api/v1/incidents/city", operation_id = "incident.city", tag = "incidents",
    params(AsOfQuery), responses((status = 200, body = CityAnswer)))]
pub async fn city(Extension(this): Extension<Incidents>, ask: Ask<AsOfQuery>) -> Answer<Json<CityAnswer>> {
    ask.caller.require_somewhere("incident.read")?;
    let incidents = this.clone();
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let moment = incidents.moment(tx, ask.query.as_of.as_deref())?;
            let position = moment.position.unwrap_or(store::NOW);
            let city = incidents.city(tx, &ask.caller, (moment.at, position))?;
            Ok::<_, IncidentError>(CityAnswer {
                city,
                as_of: moment.shown(),
            })
        })
        .await?;
    Ok(Json(shown))
}
