//! The registers: lists, records, rosters and what was done.

use anlan_access::Scope;
use anlan_web::{Answer, Ask, Command, Params, created, done};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::wire::{Reason, RecordInput, RecordList, RecordShown};
use crate::error::ResourceError;
use crate::model::{Deed, Entry, Member, Record};
use crate::service::{self, Imported, ReadinessChange, Resources, Saved, ShownMember};
use crate::store::{self, Near, RecordFilter};

/// Which records to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordQuery {
    /// Register; left out, all of them.
    kind: Option<String>,
    /// Class within the register.
    class: Option<String>,
    /// Only in this part of the city.
    #[serde(default)]
    area: String,
    /// `standby`, `on_task`, `resting`, `out` or `planned`.
    readiness: Option<String>,
    /// Part of a name, beginning of a code, or pinyin initials.
    #[serde(default)]
    q: String,
    /// Cursor of the page before.
    #[serde(default)]
    after: String,
    /// 1 to 500, default 50.
    limit: Option<u64>,
}

/// Nothing to ask for.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

fn filter_of(query: &RecordQuery, scope: Scope, limit: u64) -> RecordFilter {
    let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    RecordFilter {
        scope,
        kind: some(&query.kind),
        class: some(&query.class),
        readiness: some(&query.readiness),
        words: query.q.trim().to_lowercase(),
        after: query.after.clone(),
        limit,
    }
}

fn cursor(record: &Record) -> String {
    format!("{}/{}", record.entry.kind, record.entry.code)
}

/// Records of the registers, by register and code.
#[utoipa::path(get, path = "/api/v1/resources", operation_id = "resource.list", tag = "resources", params(RecordQuery),
    responses((status = 200, body = RecordList)))]
pub async fn list(Extension(this): Extension<Resources>, ask: Ask<RecordQuery>) -> Answer<Json<RecordList>> {
    ask.caller.require_somewhere("resource.read")?;
    let (query, caller) = (ask.query, ask.caller);
    let limit = query.limit.unwrap_or(50).clamp(1, 500);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let (mut items, mut total) = (Vec::new(), 0);
            for scope in service::scopes(&caller, "resource.read", &query.area) {
                let filter = filter_of(&query, scope, limit + 1);
                total += store::count(tx, &filter)?;
                items.extend(store::list(tx, &filter)?);
            }
            Ok::<_, ResourceError>((items, total))
        })
        .await?;
    let (mut items, total) = found;
    items.sort_by_key(cursor);
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(cursor);
    Ok(Json(RecordList { items, next, total }))
}

/// One record, with what follows from it.
#[utoipa::path(get, path = "/api/v1/resources/{id}", operation_id = "resource.get", tag = "resources",
    params(("id" = String, Path)), responses((status = 200, body = RecordShown)))]
pub async fn get(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<RecordShown>> {
    let (resources, caller) = (this.clone(), ask.caller);
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let record = service::visible(tx, &caller, &id, "resource.read")?;
            Ok::<_, ResourceError>(RecordShown::of(&resources, &caller, record))
        })
        .await?;
    Ok(Json(shown))
}

/// Makes a record.
#[utoipa::path(post, path = "/api/v1/resources", operation_id = "resource.create", tag = "resources",
    request_body = RecordInput, responses((status = 201, body = Saved), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn create(
    Extension(this): Extension<Resources>,
    command: Command<RecordInput>,
) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            resources.create(work, &caller, input.into())
        })
        .await?;
    Ok(created(outcome))
}

/// A record as it stands from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RecordChange {
    /// Refuse with `ledger.version_conflict` unless the record is at this version.
    expected_version: Option<u64>,
    /// The whole record.
    record: RecordInput,
}

/// Changes a record; it is given whole.
#[utoipa::path(put, path = "/api/v1/resources/{id}", operation_id = "resource.update", tag = "resources",
    params(("id" = String, Path)), request_body = RecordChange, responses((status = 200, body = Saved)))]
pub async fn update(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<RecordChange>,
) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            if let Some(record) = store::load(work.tx, &id)? {
                service::same_version(&record, input.expected_version)?;
            }
            resources.update(work, &caller, &id, input.record.into())
        })
        .await?;
    Ok(done(outcome))
}

/// Many records.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RecordRows {
    /// At most 2000.
    rows: Vec<RecordInput>,
}

/// Takes in many records: known codes change, new ones are made, equal ones change nothing. All or none.
#[utoipa::path(post, path = "/api/v1/resource-rows", operation_id = "resource.import", tag = "resources",
    request_body = RecordRows, responses((status = 200, body = Imported), (status = 422, body = anlan_web::ProblemBody)))]
pub async fn import(Extension(this): Extension<Resources>, command: Command<RecordRows>) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            let entries: Vec<Entry> = input.rows.into_iter().map(Entry::from).collect();
            resources.import(work, &caller, entries)
        })
        .await?;
    Ok(done(outcome))
}

/// What to look for near a place.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NearQuery {
    /// Register.
    kind: String,
    /// Class within the register.
    class: Option<String>,
    /// Readiness; `standby` when left out.
    readiness: Option<String>,
    /// Longitude in degrees, CGCS2000.
    lon: f64,
    /// Latitude in degrees, CGCS2000.
    lat: f64,
    /// Within so many kilometres; 50 when left out, at most 500.
    within_km: Option<f64>,
    /// 1 to 100, default 10.
    limit: Option<usize>,
}

/// A record and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearRow {
    /// The record.
    #[serde(flatten)]
    record: Record,
    /// Metres as the crow flies.
    metres: f64,
}

/// Records near a place, the nearest first.
#[utoipa::path(get, path = "/api/v1/resources-near", operation_id = "resource.near", tag = "resources", params(NearQuery),
    responses((status = 200, body = Vec<NearRow>)))]
pub async fn near(Extension(this): Extension<Resources>, ask: Ask<NearQuery>) -> Answer<Json<Vec<NearRow>>> {
    ask.caller.require_somewhere("resource.read")?;
    let (query, caller) = (ask.query, ask.caller);
    let limit = query.limit.unwrap_or(10).clamp(1, 100);
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for scope in service::scopes(&caller, "resource.read", "") {
                let near = Near {
                    scope,
                    kind: query.kind.clone(),
                    class: query.class.clone(),
                    readiness: Some(query.readiness.clone().unwrap_or_else(|| "standby".to_owned())),
                    at: (query.lon, query.lat),
                    within_metres: query.within_km.unwrap_or(50.0).clamp(0.0, 500.0) * 1_000.0,
                    limit,
                };
                found.extend(store::near(tx, &near)?);
            }
            Ok::<_, ResourceError>(found)
        })
        .await?;
    let mut rows: Vec<NearRow> = found
        .into_iter()
        .map(|(record, metres)| NearRow { record, metres })
        .collect();
    rows.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    rows.truncate(limit);
    Ok(Json(rows))
}

/// 待命、执勤、休整、停用.
#[utoipa::path(post, path = "/api/v1/resources/{id}/readiness", operation_id = "resource.readiness", tag = "resources",
    params(("id" = String, Path)), request_body = ReadinessChange, responses((status = 200, body = Record)))]
pub async fn set_readiness(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<ReadinessChange>,
) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            resources.set_readiness(work, &caller, &id, &input)
        })
        .await?;
    Ok(done(outcome))
}

/// Who says that it is still so.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Confirming {
    /// 1 to 120 characters.
    source: String,
}

/// 核实: it is still so; its age begins anew.
#[utoipa::path(post, path = "/api/v1/resources/{id}/confirm", operation_id = "resource.confirm", tag = "resources",
    params(("id" = String, Path)), request_body = Confirming, responses((status = 200, body = Record)))]
pub async fn confirm(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<Confirming>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::confirm(work, &caller, &id, &input.source)
        })
        .await?;
    Ok(done(outcome))
}

/// 注销: takes a record out of its register.
#[utoipa::path(post, path = "/api/v1/resources/{id}/retire", operation_id = "resource.retire", tag = "resources",
    params(("id" = String, Path)), request_body = Reason, responses((status = 200)))]
pub async fn retire(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<Reason>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::retire(work, &caller, &id, &input.reason)
        })
        .await?;
    Ok(done(outcome))
}

/// The people of a record, masked.
#[utoipa::path(get, path = "/api/v1/resources/{id}/members", operation_id = "resource.members", tag = "resources",
    params(("id" = String, Path)), responses((status = 200, body = Vec<ShownMember>)))]
pub async fn members(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<ShownMember>>> {
    let resources = this.clone();
    let shown = this
        .ledger
        .db()
        .read(move |tx| resources.shown_members(tx, &ask.caller, &id))
        .await?;
    Ok(Json(shown))
}

/// The people of a record.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MemberRows {
    /// Each of them.
    members: Vec<Member>,
}

/// Sets the people of a record whole.
#[utoipa::path(put, path = "/api/v1/resources/{id}/members", operation_id = "resource.set_members", tag = "resources",
    params(("id" = String, Path)), request_body = MemberRows, responses((status = 200)))]
pub async fn set_members(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<MemberRows>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::set_roster(work, &caller, &id, &input.members)
        })
        .await?;
    Ok(done(outcome))
}

/// A number in the clear.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct MemberPhone {
    /// The number.
    phone: String,
}

/// Reads the number of one member whole; the reason becomes an entry.
#[utoipa::path(post, path = "/api/v1/resources/{id}/members/{place}/reveal", operation_id = "resource.reveal",
    tag = "resources", params(("id" = String, Path), ("place" = u64, Path)), request_body = Reason,
    responses((status = 200, body = MemberPhone)))]
pub async fn reveal(
    Extension(this): Extension<Resources>,
    Params((id, place)): Params<(String, u64)>,
    command: Command<Reason>,
) -> Answer<Response> {
    let (resources, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            resources
                .reveal(work, &caller, (&id, place), &input.reason)
                .map(|phone| MemberPhone { phone })
        })
        .await?;
    Ok(done(outcome))
}

/// What was done with a record, the newest first.
#[utoipa::path(get, path = "/api/v1/resources/{id}/deeds", operation_id = "resource.deeds", tag = "resources",
    params(("id" = String, Path)), responses((status = 200, body = Vec<Deed>)))]
pub async fn deeds(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<Deed>>> {
    let found = this
        .ledger
        .db()
        .read(move |tx| {
            service::visible(tx, &ask.caller, &id, "resource.read")?;
            Ok::<_, ResourceError>(store::deeds(tx, &id, 200)?)
        })
        .await?;
    Ok(Json(found))
}

/// Training, a drill, a task or an inspection was done.
#[utoipa::path(post, path = "/api/v1/resources/{id}/deeds", operation_id = "resource.add_deed", tag = "resources",
    params(("id" = String, Path)), request_body = Deed, responses((status = 200)))]
pub async fn add_deed(
    Extension(this): Extension<Resources>,
    Params(id): Params<String>,
    command: Command<Deed>,
) -> Answer<Response> {
    let (caller, input) = (command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            Resources::add_deed(work, &caller, &id, input)
        })
        .await?;
    Ok(done(outcome))
}
