//! Divisions, units, people, command bodies, duty.

use anlan_web::{Answer, Ask, Command, Params, done};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::OrganisationError;
use crate::model::{Body, Division, DutyNow, Person, Relation, Unit};
use crate::{Organisation, store};

/// A list on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    items: Vec<T>,
    next: Option<String>,
}

fn list<T>(items: Vec<T>) -> Json<List<T>> {
    Json(List { items, next: None })
}

fn bounded(limit: Option<u64>) -> u64 {
    limit.unwrap_or(50).clamp(1, 200)
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Search {
    /// Words, a code, or pinyin initials.
    #[serde(default)]
    q: String,
    /// Only below this division.
    parent: Option<String>,
    /// Only at this level.
    level: Option<String>,
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
    /// Only of this kind.
    kind: Option<String>,
    /// Only of this unit.
    unit: Option<String>,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

/// Divisions.
#[utoipa::path(get, path = "/api/v1/divisions", operation_id = "organisation.divisions", tag = "organisation", params(Search),
    responses((status = 200, body = List<Division>)))]
pub async fn list_divisions(
    Extension(this): Extension<Organisation>,
    ask: Ask<Search>,
) -> Answer<Json<List<Division>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let q = ask.query;
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            store::divisions(
                tx,
                q.parent.as_deref(),
                q.level.as_deref(),
                &q.q.to_lowercase(),
                bounded(q.limit),
            )
        })
        .await
        .map_err(OrganisationError::from)?;
    Ok(list(found))
}

/// One division.
#[utoipa::path(get, path = "/api/v1/divisions/{code}", operation_id = "organisation.division", tag = "organisation",
    params(("code" = String, Path)), responses((status = 200, body = Division)))]
pub async fn get_division(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    ask: Ask<Search>,
) -> Answer<Json<Division>> {
    ask.caller.require_somewhere("organisation.read")?;
    let wanted = code.clone();
    let found = this
        .ledger
        .db()
        .read(move |tx| store::load_division(tx, &wanted))
        .await
        .map_err(OrganisationError::from)?;
    Ok(Json(found.ok_or(OrganisationError::NotFound {
        what: "division",
        id: code,
    })?))
}

/// Units.
#[utoipa::path(get, path = "/api/v1/units", operation_id = "organisation.units", tag = "organisation", params(Search),
    responses((status = 200, body = List<Unit>)))]
pub async fn list_units(
    Extension(this): Extension<Organisation>,
    ask: Ask<Search>,
) -> Answer<Json<List<Unit>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let q = ask.query;
    let found = this
        .ledger
        .db()
        .read(move |tx| store::units(tx, &q.area, &q.q, q.kind.as_deref(), bounded(q.limit)))
        .await
        .map_err(OrganisationError::from)?;
    Ok(list(found))
}

/// A unit with its relations.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitDetail {
    #[serde(flatten)]
    unit: Unit,
    relations: Vec<RelationRow>,
}

/// A relation with the name of the other unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelationRow {
    #[serde(flatten)]
    relation: Relation,
    other_name: String,
}

/// One unit with its relations: subordinate 隶属, guidance 业务指导, negotiated 协调.
#[utoipa::path(get, path = "/api/v1/units/{id}", operation_id = "organisation.unit", tag = "organisation",
    params(("id" = String, Path)), responses((status = 200, body = UnitDetail)))]
pub async fn get_unit(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    ask: Ask<Search>,
) -> Answer<Json<UnitDetail>> {
    ask.caller.require_somewhere("organisation.read")?;
    let detail = this
        .ledger
        .db()
        .read(move |tx| {
            let unit = store::load_unit(tx, &id)?.ok_or(OrganisationError::NotFound {
                what: "unit",
                id: id.clone(),
            })?;
            let relations = store::relations(tx, &id)?
                .into_iter()
                .map(|(relation, other_name)| RelationRow { relation, other_name })
                .collect();
            Ok::<_, OrganisationError>(UnitDetail { unit, relations })
        })
        .await?;
    Ok(Json(detail))
}

/// People, with masked numbers.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "organisation.people", tag = "organisation", params(Search),
    responses((status = 200, body = List<Person>)))]
pub async fn list_people(
    Extension(this): Extension<Organisation>,
    ask: Ask<Search>,
) -> Answer<Json<List<Person>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let (q, organisation) = (ask.query, this.clone());
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let stored = store::people(tx, &q.area, q.unit.as_deref(), &q.q, bounded(q.limit))?;
            stored
                .into_iter()
                .map(|person| organisation.shown(tx, person))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(list(found))
}

/// Why a number is needed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reveal {
    /// 2 to 200 characters; becomes an entry of the ledger.
    reason: String,
}

/// A number in the clear.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Revealed {
    /// The number.
    mobile: String,
}

/// Reads a number whole; the reason becomes an entry.
#[utoipa::path(post, path = "/api/v1/people/{id}/reveal", operation_id = "organisation.reveal", tag = "organisation",
    params(("id" = String, Path)), request_body = Reveal, responses((status = 200, body = Revealed)))]
pub async fn reveal_mobile(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<Reveal>,
) -> Answer<Response> {
    let (caller, reason, organisation) = (command.caller, command.input.reason, this.clone());
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            organisation
                .reveal(work, &caller, &id, &reason)
                .map(|mobile| Revealed { mobile })
        })
        .await?;
    Ok(done(outcome))
}

/// Command bodies.
#[utoipa::path(get, path = "/api/v1/bodies", operation_id = "organisation.bodies", tag = "organisation", params(Search),
    responses((status = 200, body = List<Body>)))]
pub async fn list_bodies(
    Extension(this): Extension<Organisation>,
    ask: Ask<Search>,
) -> Answer<Json<List<Body>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let area = ask.query.area;
    let found = this
        .ledger
        .db()
        .read(move |tx| store::bodies(tx, &area))
        .await
        .map_err(OrganisationError::from)?;
    Ok(list(found))
}

/// Who is on duty now in a division (by default the caller's own).
#[utoipa::path(get, path = "/api/v1/duty/now", operation_id = "organisation.duty_now", tag = "organisation", params(Search),
    responses((status = 200, body = List<DutyNow>)))]
pub async fn duty_now(
    Extension(this): Extension<Organisation>,
    ask: Ask<Search>,
) -> Answer<Json<List<DutyNow>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let own = ask
        .caller
        .grants
        .first()
        .map(|grant| grant.area.clone())
        .unwrap_or_default();
    let area = if ask.query.area.is_empty() {
        own
    } else {
        ask.query.area
    };
    Ok(list(this.on_duty(area).await?))
}
