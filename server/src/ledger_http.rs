//! The ledger over HTTP, for auditors.

mod proofs;

use anlan_access::{AccessError, Caller, Object, Scope};
use anlan_foundation::{Fault, FieldProblem, InvalidInput, Kind, Timestamp};
use anlan_ledger::{Actor, EntryFilter, Headline, Ledger, LedgerError, Recorded};
use anlan_store::StoreError;
use anlan_web::{Answer, Ask, Command, Edge, Failure};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::node::NodeFile;

/// All routes about the ledger.
pub(crate) fn router(node: NodeFile) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(proofs::entry))
        .routes(routes!(proofs::reveal))
        .routes(routes!(proofs::evidence))
        .routes(routes!(head))
        .routes(routes!(verify))
        .routes(routes!(export))
        .layer(Extension(node))
}

/// What can go wrong for an auditor.
#[derive(Debug, thiserror::Error)]
enum LedgerFault {
    /// No such entry or stream, or none that the caller may know of.
    #[error("there is no such entry, or it is outside your area")]
    NotFound,
    /// The input was refused.
    #[error(transparent)]
    Input(#[from] InvalidInput),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<StoreError> for LedgerFault {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

impl From<serde_json::Error> for LedgerFault {
    fn from(error: serde_json::Error) -> Self {
        Self::Ledger(LedgerError::Fact(error.to_string()))
    }
}

impl Fault for LedgerFault {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::NotFound,
            Self::Input(_) => Kind::Invalid,
            Self::Ledger(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "ledger.not_found",
            Self::Input(_) => "request.invalid",
            Self::Ledger(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Input(input) => &input.fields,
            _ => &[],
        }
    }
}

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EntriesQuery {
    /// Only positions before this (newest first).
    before: Option<u64>,
    /// Only this stream.
    stream: Option<String>,
    /// Prefix of the kind.
    kind: Option<String>,
    /// Words in the actor: name, account or unit.
    actor: Option<String>,
    /// Only entries recorded at or after this.
    from: Option<Timestamp>,
    /// Only entries recorded before this.
    to: Option<Timestamp>,
    /// Only this part of the city.
    #[serde(default)]
    area: String,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

/// An entry as auditors see it.
#[derive(Debug, Serialize, ToSchema)]
struct EntryRow {
    position: u64,
    origin: String,
    seq: u64,
    realm: String,
    recorded_at: Timestamp,
    #[schema(value_type = Object)]
    actor: Actor,
    stream: String,
    version: u64,
    kind: String,
    area: String,
    #[schema(value_type = Object)]
    body: serde_json::Value,
    prev: String,
    hash: String,
    #[schema(value_type = Object)]
    headline: Headline,
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
struct Entries {
    items: Vec<EntryRow>,
    next: Option<String>,
}

fn row(ledger: &Ledger, recorded: Recorded) -> EntryRow {
    let headline = ledger.headline(&recorded);
    let (recorded_at, entry) = (recorded.at(), recorded.entry);
    EntryRow {
        position: recorded.position,
        origin: entry.origin,
        seq: entry.seq,
        realm: entry.realm,
        recorded_at,
        actor: entry.actor,
        stream: entry.stream,
        version: entry.version,
        kind: entry.kind,
        area: entry.area,
        body: serde_json::from_str(&entry.body).unwrap_or_default(),
        prev: entry.prev.to_string(),
        hash: entry.hash.to_string(),
        headline,
    }
}

/// Entries, the newest first.
#[utoipa::path(get, path = "/api/v1/ledger/entries", operation_id = "ledger.entries", tag = "ledger", params(EntriesQuery),
    responses((status = 200, body = Entries)))]
async fn list(State(edge): State<Edge>, ask: Ask<EntriesQuery>) -> Answer<Json<Entries>> {
    let scopes = readable(&ask.caller, &ask.query.area)?;
    let limit = ask.query.limit.unwrap_or(50).clamp(1, 200);
    let filters: Vec<_> = scopes
        .into_iter()
        .map(|scope| filter(&ask.query, scope, limit))
        .collect();
    let found = edge
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for filter in &filters {
                found.extend(anlan_ledger::entries(tx, filter)?);
            }
            Ok::<_, LedgerError>(found)
        })
        .await?;
    Ok(Json(page(&edge.ledger, found, limit)))
}

/// The parts of the city to list: the one asked for, or all that the caller may read.
fn readable(caller: &Caller, area: &str) -> Result<Vec<Scope>, AccessError> {
    if area.is_empty() {
        caller.require_somewhere("ledger.read")?;
        let scopes = caller.scopes("ledger.read");
        // Entries belong to no department, so a grant for one department's matters shows none.
        return Ok(scopes
            .into_iter()
            .filter(|scope| scope.department.is_none())
            .collect());
    }
    caller.require("ledger.read", Object::in_area(area))?;
    Ok(vec![Scope {
        from: area.to_owned(),
        before: format!("{area}:"),
        department: None,
    }])
}

fn filter(query: &EntriesQuery, scope: Scope, limit: u64) -> EntryFilter {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    EntryFilter {
        up_to: query.before.map_or(0, |before| before.saturating_sub(1).max(1)),
        area_before: if scope.from.is_empty() {
            "\u{10FFFF}".to_owned()
        } else {
            scope.before
        },
        area_from: scope.from,
        stream: filled(&query.stream),
        kind_prefix: filled(&query.kind),
        actor: filled(&query.actor),
        since: query.from.map(Timestamp::as_micros),
        until: query.to.map(Timestamp::as_micros),
        limit: limit + 1,
        newest_first: true,
        ..EntryFilter::default()
    }
}

/// The newest `limit` of what the scopes hold, and where the next page begins.
fn page(ledger: &Ledger, mut found: Vec<Recorded>, limit: u64) -> Entries {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    found.sort_by_key(|recorded| std::cmp::Reverse(recorded.position));
    found.dedup_by_key(|recorded| recorded.position);
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| last.position.to_string());
    let items = found.into_iter().map(|recorded| row(ledger, recorded)).collect();
    Entries { items, next }
}

/// Where the node's feed stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeedHead)]
struct Head {
    origin: String,
    position: u64,
    suite: String,
    public_key: String,
}

/// Nothing to ask for.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// Where the node's feed stands, and the key that signs its checkpoints.
#[utoipa::path(get, path = "/api/v1/ledger/head", operation_id = "ledger.head", tag = "ledger", responses((status = 200, body = Head)))]
async fn head(State(edge): State<Edge>, ask: Ask<Nothing>) -> Answer<Json<Head>> {
    ask.caller.require_somewhere("ledger.read_head")?;
    Ok(Json(Head {
        origin: edge.ledger.origin().to_owned(),
        position: edge.ledger.hub().position(),
        suite: edge.ledger.suite().to_string(),
        public_key: edge.ledger.public_key(),
    }))
}

/// What a check of the whole feed found.
#[derive(Debug, Serialize, ToSchema)]
struct Verified {
    entries: u64,
    checkpoints: u64,
    seconds: f64,
    #[schema(value_type = Vec<Object>)]
    findings: Vec<anlan_ledger::Finding>,
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Answer<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "ledger.failed",
            error.to_string(),
            Vec::new(),
        )),
    }
}

/// Verifies the node's whole feed: every hash, the chain, the tree, the signatures.
#[utoipa::path(post, path = "/api/v1/ledger/verify", operation_id = "ledger.verify", tag = "ledger", responses((status = 200, body = Verified)))]
async fn verify(State(edge): State<Edge>, command: Command<Nothing>) -> Answer<Json<Verified>> {
    command.caller.require_somewhere("ledger.verify")?;
    let ledger = edge.ledger.clone();
    let started = edge.ledger.clock().now();
    let report = off_thread(move || anlan_ledger::verify_store(&ledger)).await?;
    let micros = edge.ledger.clock().now().micros_since(started);
    let seconds = f64::from(i32::try_from(micros / 1_000).unwrap_or(i32::MAX)) / 1_000.0;
    Ok(Json(Verified {
        entries: report.entries,
        checkpoints: report.checkpoints,
        seconds,
        findings: report.findings,
    }))
}

/// The node's feed as JSON Lines, to be verified on another machine.
#[utoipa::path(get, path = "/api/v1/ledger/export", operation_id = "ledger.export", tag = "ledger",
    responses((status = 200, content_type = "application/jsonl", body = String)))]
async fn export(
    State(edge): State<Edge>,
    Extension(node): Extension<NodeFile>,
    ask: Ask<Nothing>,
) -> Answer<Response> {
    // The whole feed speaks of the whole of the node's division.
    ask.caller
        .require("ledger.export", Object::in_area(&node.division))?;
    let ledger = edge.ledger.clone();
    let bytes = off_thread(move || anlan_ledger::export(&ledger, Vec::new())).await?;
    let name = "attachment; filename=\"anlan-ledger.jsonl\"";
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl"),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}
