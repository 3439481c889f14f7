//! The ledger over HTTP, for auditors.

use anlan_access::Object;
use anlan_foundation::Timestamp;
use anlan_ledger::{Actor, EntryFilter, Headline, Ledger, LedgerError, Recorded};
use anlan_web::{Answer, Ask, Command, Edge, Failure};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All routes about the ledger.
pub(crate) fn router() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(head))
        .routes(routes!(verify))
        .routes(routes!(export))
}

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
struct EntriesQuery {
    /// Only positions before this (newest first).
    before: Option<u64>,
    /// Only this stream.
    stream: Option<String>,
    /// Prefix of the kind.
    kind: Option<String>,
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
    ask.caller
        .require("ledger.read", Object::in_area(own_area(&ask)))?;
    let limit = ask.query.limit.unwrap_or(50).clamp(1, 200);
    let area = own_area(&ask).to_owned();
    let filter = EntryFilter {
        up_to: ask.query.before.map_or(0, |before| before.saturating_sub(1)),
        area_before: if area.is_empty() {
            "\u{10FFFF}".to_owned()
        } else {
            format!("{area}:")
        },
        area_from: area,
        stream: ask.query.stream.clone(),
        kind_prefix: ask.query.kind.clone(),
        limit,
        newest_first: true,
        ..EntryFilter::default()
    };
    let found = edge
        .ledger
        .db()
        .read(move |tx| anlan_ledger::entries(tx, &filter))
        .await
        .map_err(LedgerError::from)?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let items: Vec<_> = found
        .into_iter()
        .map(|recorded| row(&edge.ledger, recorded))
        .collect();
    let next = items
        .last()
        .filter(|_| full)
        .map(|last| last.position.to_string());
    Ok(Json(Entries { items, next }))
}

/// The area asked for, or the widest the caller has.
fn own_area(ask: &Ask<EntriesQuery>) -> &str {
    if !ask.query.area.is_empty() {
        return &ask.query.area;
    }
    let granted = ask
        .caller
        .grants
        .iter()
        .filter(|grant| ask.caller.roles.allows(&grant.role, "ledger.read"));
    granted
        .map(|grant| grant.area.as_str())
        .min_by_key(|area| area.len())
        .unwrap_or("")
}

/// Where the node's feed stands.
#[derive(Debug, Serialize, ToSchema)]
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
async fn export(State(edge): State<Edge>, ask: Ask<Nothing>) -> Answer<Response> {
    ask.caller
        .require("ledger.export", Object::in_area(""))
        .or_else(|_| ask.caller.require_somewhere("ledger.export"))?;
    let ledger = edge.ledger.clone();
    let bytes = off_thread(move || anlan_ledger::export(&ledger, Vec::new())).await?;
    let name = "attachment; filename=\"anlan-ledger.jsonl\"";
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl"),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}
