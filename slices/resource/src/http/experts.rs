//! Experts for an incident, and flights.

use anlan_web::{Answer, Ask, Command, Params, created, done};
use axum::response::Response;
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::IntoParams;

use super::records::Nothing;
use crate::error::ResourceError;
use crate::model::{Advice, Flight};
use crate::rules::ranking::Ranked;
use crate::service::{self, Answering, Appraising, Asking, FlightMove, NewFlight, Resources};
use crate::store;

/// Against whom interests are held.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RankQuery {
    /// Companies and persons concerned, separated by commas.
    #[serde(default)]
    parties: String,
    /// 1 to 500, default 20.
    limit: Option<usize>,
}

/// The experts for an incident by trade × plan × distance × record, each with its reasons.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/experts", operation_id = "resource.rank_experts", tag = "resources",
    params(("id" = String, Path), RankQuery), responses((status = 200, body = Vec<Ranked>)))]
pub async fn rank(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    ask: Ask<RankQuery>,
) -> Answer<Json<Vec<Ranked>>> {
    ask.caller.require_somewhere("resource.read")?;
    let resources = this.clone();
    let parties: Vec<String> = ask
        .query
        .parties
        .split([',', '，', '、'])
        .map(str::to_owned)
        .collect();
    let limit = ask.query.limit.unwrap_or(20).clamp(1, 500);
    let mut ranked = this
        .ledger
        .db()
        .read(move |tx| resources.rank_experts(tx, &ask.caller, &id, &parties))
        .await?;
    ranked.truncate(limit);
    Ok(Json(ranked))
}

/// Advice that was asked for an incident.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/advice", operation_id = "resource.advice", tag = "resources",
    params(("id" = String, Path)), responses((status = 200, body = Vec<Advice>)))]
pub async fn of_incident(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<Advice>>> {
    let resources = this.clone();
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            resources
                .incidents
                .visible(tx, &ask.caller, &id, "incident.read")?;
            Ok::<_, ResourceError>(store::advice_of_incident(tx, &id)?)
        })
        .await?;
    Ok(Json(found))
}

/// Advice that was asked of an expert.
#[utoipa::path(get, path = "/api/v1/resources/{id}/advice", operation_id = "resource.advice_of_expert", tag = "resources",
    params(("id" = String, Path)), responses((status = 200, body = Vec<Advice>)))]
pub async fn of_expert(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<Advice>>> {
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            service::visible(tx, &ask.caller, &id, "resource.read")?;
            let mut found = store::advice_of_expert(tx, &id)?;
            found.retain(|advice| {
                let place = anlan_access::Object::in_area(&advice.area);
                ask.caller.may("incident.read", place)
            });
            Ok::<_, ResourceError>(found)
        })
        .await?;
    Ok(Json(found))
}

/// Asks an expert (征询).
#[utoipa::path(post, path = "/api/v1/incidents/{id}/advice", operation_id = "resource.ask", tag = "resources",
    params(("id" = String, Path)), request_body = Asking, responses((status = 201, body = Advice)))]
pub async fn ask(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<Asking>,
) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            resources.ask(work, &caller, &id, &input)
        })
        .await?;
    Ok(created(outcome))
}

/// Records what the expert said, or that the expert declined.
#[utoipa::path(post, path = "/api/v1/advice/{id}/answer", operation_id = "resource.answer", tag = "resources",
    params(("id" = String, Path)), request_body = Answering, responses((status = 200, body = Advice)))]
pub async fn answer(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<Answering>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::answer(work, &caller, &id, &input)
        })
        .await?;
    Ok(done(outcome))
}

/// Appraises advice after use (用后评价).
#[utoipa::path(post, path = "/api/v1/advice/{id}/appraise", operation_id = "resource.appraise", tag = "resources",
    params(("id" = String, Path)), request_body = Appraising, responses((status = 200, body = Advice)))]
pub async fn appraise(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<Appraising>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::appraise(work, &caller, &id, &input)
        })
        .await?;
    Ok(done(outcome))
}

/// Flights, the newest first.
#[utoipa::path(get, path = "/api/v1/flights", operation_id = "resource.flights", tag = "resources",
    responses((status = 200, body = Vec<Flight>)))]
pub async fn flights(Extension(this): Extension<Resources>, ask: Ask<Nothing>) -> Answer<Json<Vec<Flight>>> {
    ask.caller.require_somewhere("resource.read")?;
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for scope in service::scopes(&ask.caller, "resource.read", "") {
                found.extend(store::flights(tx, &scope, 100)?);
            }
            Ok::<_, ResourceError>(found)
        })
        .await?;
    Ok(Json(found))
}

/// Applies for a flight (起飞申请).
#[utoipa::path(post, path = "/api/v1/flights", operation_id = "resource.apply_for_flight", tag = "resources",
    request_body = NewFlight, responses((status = 201, body = Flight)))]
pub async fn apply(Extension(this): Extension<Resources>, command: Command<NewFlight>) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            resources.apply_for_flight(work, &caller, &input)
        })
        .await?;
    Ok(created(outcome))
}

/// The next step of a flight: approved or refused, taken off, landed, cancelled.
#[utoipa::path(post, path = "/api/v1/flights/{id}/step", operation_id = "resource.move_flight", tag = "resources",
    params(("id" = String, Path)), request_body = FlightMove, responses((status = 200, body = Flight)))]
pub async fn step(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<FlightMove>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::move_flight(work, &caller, &id, &input)
        })
        .await?;
    Ok(done(outcome))
}
