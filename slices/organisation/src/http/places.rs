//! Divisions, grids and households.

use anlan_access::{Caller, Object};
use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask, Command, Params, created, done};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::accounts::ReasonBody;
use super::directory::{List, bounded, list};
use super::sessions::Nothing;
use crate::error::OrganisationError;
use crate::facts::DivisionRetired;
use crate::model::{Division, Grid, Household, Resident};
use crate::rules;
use crate::service::{GridInput, HouseholdInput, ImportInput, ImportReport, Saved};
use crate::{Organisation, store};

/// Which divisions to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DivisionQuery {
    /// Words, a code, or pinyin initials.
    #[serde(default)]
    q: String,
    /// Only right below this division.
    parent: Option<String>,
    /// Only at this level.
    level: Option<String>,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

/// Divisions that are not retired.
#[utoipa::path(get, path = "/api/v1/divisions", operation_id = "organisation.divisions", tag = "organisation", params(DivisionQuery),
    responses((status = 200, body = List<Division>)))]
pub async fn list_divisions(
    Extension(this): Extension<Organisation>,
    ask: Ask<DivisionQuery>,
) -> Answer<Json<List<Division>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let q = ask.query;
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let words = q.q.to_lowercase();
            store::divisions(
                tx,
                q.parent.as_deref(),
                q.level.as_deref(),
                &words,
                bounded(q.limit),
            )
        })
        .await
        .map_err(OrganisationError::from)?;
    Ok(list(found))
}

/// A step on the way down to a division.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    code: String,
    name: String,
}

/// A division, where it lies, and what became of its code.
#[derive(Debug, Serialize, ToSchema)]
pub struct DivisionDetail {
    #[serde(flatten)]
    division: Division,
    /// From the city down to the division above.
    path: Vec<Step>,
    /// How many divisions lie right below it.
    children_count: u64,
    /// When the code was retired, if it was.
    retired_at: Option<Timestamp>,
    /// The code that follows it.
    successor: Option<String>,
    /// Goes back as `expected_version`.
    version: u64,
}

/// One division, retired or not.
#[utoipa::path(get, path = "/api/v1/divisions/{code}", operation_id = "organisation.division", tag = "organisation",
    params(("code" = String, Path)), responses((status = 200, body = DivisionDetail)))]
pub async fn get_division(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<DivisionDetail>> {
    ask.caller.require_somewhere("organisation.read")?;
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let missing = || OrganisationError::NotFound {
                what: "division",
                id: code.clone(),
            };
            let division = store::load_division(tx, &code)?.ok_or_else(missing)?;
            let state = store::division_state(tx, &code)?.ok_or_else(missing)?;
            let mut path = Vec::new();
            for above in rules::levels_up(&code).iter().skip(1).rev() {
                if let Some(above) = store::load_division(tx, above)? {
                    path.push(Step {
                        code: above.code,
                        name: above.name,
                    });
                }
            }
            Ok::<_, OrganisationError>(DivisionDetail {
                division,
                path,
                children_count: state.children,
                retired_at: state.retired_at,
                successor: state.successor,
                version: state.version,
            })
        })
        .await?;
    Ok(Json(found))
}

/// Takes in a table of divisions of any city, or says row by row what is wrong with it.
#[utoipa::path(post, path = "/api/v1/divisions/import", operation_id = "divisions.import", tag = "organisation",
    request_body = ImportInput, responses((status = 200, body = ImportReport)))]
pub async fn import(
    Extension(this): Extension<Organisation>,
    command: Command<ImportInput>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::import_divisions(work, &caller, &input)
        })
        .await?;
    Ok(done(outcome))
}

/// Why a code is retired, and what follows it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RetireBody {
    /// The code that follows it, of the same level.
    successor: Option<String>,
    /// 2 to 200 characters, for example the document of the change.
    reason: String,
    /// The version the caller had seen.
    expected_version: Option<u64>,
}

/// Retires a division's code, perhaps in favour of another.
#[utoipa::path(post, path = "/api/v1/divisions/{code}/retire", operation_id = "divisions.retire", tag = "organisation",
    params(("code" = String, Path)), request_body = RetireBody, responses((status = 200, body = Saved)))]
pub async fn retire(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<RetireBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let retired = DivisionRetired {
                code,
                name: String::new(),
                successor: input.successor,
                reason: input.reason,
            };
            Organisation::retire_division(work, &caller, retired, input.expected_version)
        })
        .await?;
    Ok(done(outcome))
}

/// Which grids or households to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AreaQuery {
    /// Division code.
    #[serde(default)]
    area: String,
    /// Cursor: only those after this code.
    #[serde(default)]
    after: String,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

/// A grid with who works in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GridRow {
    #[serde(flatten)]
    grid: Grid,
    /// Names of the workers, in their order.
    worker_names: Vec<String>,
    /// How many open households it has.
    households: u64,
}

/// The grids of an area.
#[utoipa::path(get, path = "/api/v1/grids", operation_id = "grids.list", tag = "organisation", params(AreaQuery),
    responses((status = 200, body = List<GridRow>)))]
pub async fn grids(
    Extension(this): Extension<Organisation>,
    ask: Ask<AreaQuery>,
) -> Answer<Json<List<GridRow>>> {
    ask.caller.require_somewhere("organisation.read")?;
    let q = ask.query;
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let mut rows = Vec::new();
            for (grid, households) in store::grids(tx, &q.area, bounded(q.limit))? {
                let mut worker_names = Vec::new();
                for worker in &grid.workers {
                    let person = store::load_person(tx, worker)?;
                    worker_names.extend(person.map(|person| person.texts[1].clone()));
                }
                rows.push(GridRow {
                    grid,
                    worker_names,
                    households,
                });
            }
            Ok::<_, OrganisationError>(rows)
        })
        .await?;
    Ok(list(found))
}

/// Makes a grid in a village.
#[utoipa::path(post, path = "/api/v1/divisions/{code}/grids", operation_id = "grids.create", tag = "organisation",
    params(("code" = String, Path)), request_body = GridInput, responses((status = 201, body = Saved)))]
pub async fn create_grid(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<GridInput>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::add_grid(work, &caller, &code, &input)
        })
        .await?;
    Ok(created(outcome))
}

/// Changes a grid's name and who works in it.
#[utoipa::path(put, path = "/api/v1/grids/{code}", operation_id = "grids.update", tag = "organisation",
    params(("code" = String, Path)), request_body = GridInput, responses((status = 200, body = Saved)))]
pub async fn update_grid(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<GridInput>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::change_grid(work, &caller, &code, &input)
        })
        .await?;
    Ok(done(outcome))
}

/// Dissolves a grid that has no open households.
#[utoipa::path(post, path = "/api/v1/grids/{code}/close", operation_id = "grids.close", tag = "organisation",
    params(("code" = String, Path)), request_body = ReasonBody, responses((status = 200, body = Saved)))]
pub async fn close_grid(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<ReasonBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::close_grid(work, &caller, &code, &input.reason)
        })
        .await?;
    Ok(done(outcome))
}

/// Households on the wire, with their sums.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdList {
    items: Vec<Household>,
    next: Option<String>,
    /// How many households there are in all.
    total: i64,
    /// How many people live there.
    people: i64,
    /// How many of them need help to move.
    need_help: i64,
}

/// The parts of an area whose households the caller may read. A grant for one department covers none: they have none.
fn readable(caller: &Caller, area: &str) -> Vec<(String, String)> {
    if caller.may("household.read", Object::in_area(area)) {
        return vec![(area.to_owned(), format!("{area}:"))];
    }
    caller
        .scopes("household.read")
        .into_iter()
        .filter(|scope| scope.department.is_none() && scope.from.starts_with(area))
        .map(|scope| (scope.from, scope.before))
        .collect()
}

/// Households of an area, as far as the caller may see them; residents are masked.
#[utoipa::path(get, path = "/api/v1/households", operation_id = "household.list", tag = "organisation", params(AreaQuery),
    responses((status = 200, body = HouseholdList)))]
pub async fn households(
    Extension(this): Extension<Organisation>,
    ask: Ask<AreaQuery>,
) -> Answer<Json<HouseholdList>> {
    ask.caller.require_somewhere("household.read")?;
    let (q, organisation) = (ask.query, this.clone());
    let mut parts = readable(&ask.caller, &q.area);
    parts.sort();
    let limit = bounded(q.limit);
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let (mut items, mut sums) = (Vec::new(), (0, 0, 0));
            for (from, before) in &parts {
                let counted = store::household_counts(tx, (from, before))?;
                sums = (sums.0 + counted.0, sums.1 + counted.1, sums.2 + counted.2);
                let left = limit.saturating_sub(u64::try_from(items.len()).unwrap_or(limit));
                for stored in store::households(tx, (from, before), &q.after, left)? {
                    items.push(organisation.shown_household(tx, stored)?);
                }
            }
            let full = u64::try_from(items.len()).is_ok_and(|count| count == limit);
            let next = items
                .last()
                .filter(|_| full)
                .map(|last: &Household| last.code.clone());
            Ok::<_, OrganisationError>(HouseholdList {
                items,
                next,
                total: sums.0,
                people: sums.1,
                need_help: sums.2,
            })
        })
        .await?;
    Ok(Json(found))
}

/// Enters a household of a grid.
#[utoipa::path(post, path = "/api/v1/grids/{code}/households", operation_id = "household.create", tag = "organisation",
    params(("code" = String, Path)), request_body = HouseholdInput, responses((status = 201, body = Saved)))]
pub async fn create_household(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<HouseholdInput>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::add_household(work, &caller, &code, &input)
        })
        .await?;
    Ok(created(outcome))
}

/// Changes a household.
#[utoipa::path(put, path = "/api/v1/households/{code}", operation_id = "household.update", tag = "organisation",
    params(("code" = String, Path)), request_body = HouseholdInput, responses((status = 200, body = Saved)))]
pub async fn update_household(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<HouseholdInput>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::change_household(work, &caller, &code, &input)
        })
        .await?;
    Ok(done(outcome))
}

/// Closes a household whose people have moved away; their data can never be read again.
#[utoipa::path(post, path = "/api/v1/households/{code}/close", operation_id = "household.close", tag = "organisation",
    params(("code" = String, Path)), request_body = ReasonBody, responses((status = 200, body = Saved)))]
pub async fn close_household(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<ReasonBody>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Organisation::close_household(work, &caller, &code, &input.reason)
        })
        .await?;
    Ok(done(outcome))
}

/// Reads who lives in a household; the reason becomes an entry.
#[utoipa::path(post, path = "/api/v1/households/{code}/reveal", operation_id = "household.reveal", tag = "organisation",
    params(("code" = String, Path)), request_body = ReasonBody, responses((status = 200, body = Vec<Resident>)))]
pub async fn reveal_household(
    Extension(this): Extension<Organisation>,
    Params(code): Params<String>,
    command: Command<ReasonBody>,
) -> Answer<Response> {
    let (organisation, caller, input) = (this.clone(), command.caller, command.input);
    // No idempotency key: the answer holds personal data, and kept answers are not sealed.
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            organisation.reveal_household(work, &caller, &code, &input.reason)
        })
        .await?;
    Ok(done(outcome))
}
