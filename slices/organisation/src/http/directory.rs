//! Divisions, units, people, command bodies, duty.

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask, Command, Params, created, done, no_content};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::OrganisationError;
use crate::model::{Body, DutyNow, Person, Post, Relation, Unit};
use crate::rules::EventDuty;
use crate::service::{PersonInput, Saved, WhoAnswers};
use anlan_store::{StoreError, Tx};

use crate::{Organisation, store};

/// A list on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    items: Vec<T>,
    next: Option<String>,
}

pub(crate) fn list<T>(items: Vec<T>) -> Json<List<T>> {
    Json(List { items, next: None })
}

pub(crate) fn bounded(limit: Option<u64>) -> u64 {
    limit.unwrap_or(50).clamp(1, 200)
}

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Words, a code, or pinyin initials.
    #[serde(default)]
    q: String,
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
    /// Name of the division it acts for, from the city down.
    division_name: String,
    /// Name of the unit that its reports go to.
    superior_name: Option<String>,
    relations: Vec<RelationRow>,
    /// Its posts by rank.
    posts: Vec<PostRow>,
}

/// A post with the names of who is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostRow {
    #[serde(flatten)]
    post: Post,
    /// Names of the holders, in their order.
    names: Vec<String>,
}

/// Posts with the names of who is in them.
fn named(tx: &mut Tx<'_>, posts: Vec<Post>) -> Result<Vec<PostRow>, StoreError> {
    let mut rows = Vec::new();
    for post in posts {
        let mut names = Vec::new();
        for holder in &post.holders {
            let person = store::load_person(tx, &holder.person)?;
            names.push(person.map_or_else(String::new, |person| person.texts[1].clone()));
        }
        rows.push(PostRow { post, names });
    }
    Ok(rows)
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
            let posts = store::posts(tx, &id)?;
            let posts = named(tx, posts)?;
            let superior = match &unit.superior {
                Some(superior) => store::load_unit(tx, superior)?,
                None => None,
            };
            let division = store::load_division(tx, &unit.division)?;
            Ok::<_, OrganisationError>(UnitDetail {
                division_name: division.map_or_else(|| unit.division.clone(), |division| division.full_name),
                superior_name: superior.map(|superior| superior.name),
                unit,
                relations,
                posts,
            })
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
    /// Which contact; the mobile one when left out.
    contact: Option<String>,
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
    let (caller, input, organisation) = (command.caller, command.input, this.clone());
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            organisation
                .reveal(work, &caller, (&id, input.contact.as_deref()), &input.reason)
                .map(|mobile| Revealed { mobile })
        })
        .await?;
    Ok(done(outcome))
}

/// Why numbers are taken away for good.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Erase {
    /// 2 to 200 characters; becomes an entry of the ledger.
    reason: String,
}

/// Takes a person's numbers away and destroys their key: nobody can read them again, in old entries neither.
#[utoipa::path(post, path = "/api/v1/people/{id}/erase", operation_id = "organisation.erase", tag = "organisation",
    params(("id" = String, Path)), request_body = Erase, responses((status = 204)))]
pub async fn erase(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<Erase>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    this.ledger
        .command(command.actor, None, move |work| {
            Organisation::erase_person(work, &caller, &id, &input.reason)
        })
        .await?;
    Ok(no_content())
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

/// One person, with masked contacts.
#[utoipa::path(get, path = "/api/v1/people/{id}", operation_id = "organisation.person", tag = "organisation",
    params(("id" = String, Path)), responses((status = 200, body = Person)))]
pub async fn get_person(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    ask: Ask<Search>,
) -> Answer<Json<Person>> {
    ask.caller.require_somewhere("organisation.read")?;
    let organisation = this.clone();
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let missing = || OrganisationError::NotFound {
                what: "person",
                id: id.clone(),
            };
            let stored = store::load_person(tx, &id)?.ok_or_else(missing)?;
            organisation.shown(tx, stored)
        })
        .await?;
    Ok(Json(found))
}

/// Enters a person; contacts are sealed.
#[utoipa::path(post, path = "/api/v1/people", operation_id = "organisation.create_person", tag = "organisation",
    request_body = PersonInput, responses((status = 201, body = Saved)))]
pub async fn create_person(
    Extension(this): Extension<Organisation>,
    command: Command<PersonInput>,
) -> Answer<Response> {
    let (organisation, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            organisation.save_person(work, &caller, None, &input)
        })
        .await?;
    Ok(created(outcome))
}

/// Changes a person; contacts without a value stay as they are.
#[utoipa::path(put, path = "/api/v1/people/{id}", operation_id = "organisation.update_person", tag = "organisation",
    params(("id" = String, Path)), request_body = PersonInput, responses((status = 200, body = Saved)))]
pub async fn update_person(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<PersonInput>,
) -> Answer<Response> {
    let (organisation, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            organisation.save_person(work, &caller, Some(&id), &input)
        })
        .await?;
    Ok(done(outcome))
}

/// A number on the line.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NumberBody {
    /// At least five digits.
    number: String,
}

/// Whose number is this? Among the people of the caller's area.
#[utoipa::path(post, path = "/api/v1/people/lookup", operation_id = "organisation.lookup", tag = "organisation",
    request_body = NumberBody, responses((status = 200, body = List<Person>)))]
pub async fn look_up(
    Extension(this): Extension<Organisation>,
    command: Command<NumberBody>,
) -> Answer<Json<List<Person>>> {
    Ok(list(this.look_up(command.caller, command.input.number).await?))
}

/// What happened where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AnswerQuery {
    /// Division code.
    area: String,
    /// Event class, for example `11000`.
    event_class: String,
    /// As of when; now when left out.
    at: Option<Timestamp>,
}

/// Who answers for an area and a kind of event: who rescues, who prevents, whom to call there and in which order.
#[utoipa::path(get, path = "/api/v1/who-answers", operation_id = "organisation.who_answers", tag = "organisation", params(AnswerQuery),
    responses((status = 200, body = WhoAnswers)))]
pub async fn who_answers(
    Extension(this): Extension<Organisation>,
    ask: Ask<AnswerQuery>,
) -> Answer<Json<WhoAnswers>> {
    ask.caller.require_somewhere("organisation.read")?;
    let (q, organisation) = (ask.query, this.clone());
    let at = q.at.unwrap_or_else(|| this.ledger.clock().now());
    let answer = this
        .ledger
        .db()
        .read(move |tx| organisation.who_answers(tx, (&q.area, &q.event_class), at))
        .await?;
    Ok(Json(answer))
}

/// Who prevents and who rescues, by class of event.
#[utoipa::path(get, path = "/api/v1/event-duties", operation_id = "organisation.event_duties", tag = "organisation",
    responses((status = 200, body = Vec<EventDuty>)))]
pub async fn event_duties(
    Extension(this): Extension<Organisation>,
    ask: Ask<Search>,
) -> Answer<Json<Vec<EventDuty>>> {
    ask.caller.require_somewhere("organisation.read")?;
    Ok(Json(this.duties.all().to_vec()))
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
