//! Rosters of units.

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask, Command, Params, done};
use axum::response::Response;
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Organisation;
use crate::service::{Roster, RosterInput, Saved};

/// Days that are shown when no end is named.
const DAYS_SHOWN: i64 = 31;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SpanQuery {
    /// First instant; now when left out.
    from: Option<Timestamp>,
    /// First instant after the span; 31 days later when left out.
    to: Option<Timestamp>,
}

/// The shifts of a unit that touch a span.
#[utoipa::path(get, path = "/api/v1/units/{id}/shifts", operation_id = "organisation.shifts", tag = "organisation",
    params(("id" = String, Path), SpanQuery), responses((status = 200, body = Roster)))]
pub async fn shifts(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    ask: Ask<SpanQuery>,
) -> Answer<Json<Roster>> {
    ask.caller.require_somewhere("organisation.read")?;
    let from = ask.query.from.unwrap_or_else(|| this.ledger.clock().now());
    let to = ask
        .query
        .to
        .unwrap_or_else(|| from.plus_minutes(DAYS_SHOWN * 24 * 60));
    let found = this
        .ledger
        .db()
        .read(move |tx| Organisation::roster(tx, &id, (from, to)))
        .await?;
    Ok(Json(found))
}

/// Plans the shifts of a span anew: those given stand for all of the unit that begin in it.
#[utoipa::path(put, path = "/api/v1/units/{id}/shifts", operation_id = "organisation.plan_shifts", tag = "organisation",
    params(("id" = String, Path)), request_body = RosterInput, responses((status = 200, body = Saved)))]
pub async fn plan_shifts(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<RosterInput>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::plan_shifts(work, &caller, &id, input)
        })
        .await?;
    Ok(done(outcome))
}
