//! What people see of findings.

use std::collections::BTreeMap;

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask, Params};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::FindingError;
use crate::model::Finding;
use crate::service::Findings;
use crate::store;

/// A list on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingList {
    /// The items.
    items: Vec<Finding>,
    /// Cursor of the next page.
    next: Option<String>,
    /// How many the caller may see in each state, whatever the filter.
    counts: BTreeMap<String, u64>,
}

/// Which findings to list.
#[derive(Debug, Deserialize, IntoParams)]
pub struct FindingQuery {
    /// Only those about this incident.
    incident: Option<String>,
    /// `late`, `omitted`, `understated`, `back_dated` or `edited_down`.
    kind: Option<String>,
    /// `open`, `replied`, `no_reply`, `upheld`, `unfounded`, `excused` or `lifted`.
    state: Option<String>,
    /// Only those of units of this division or below.
    area: Option<String>,
    /// Cursor: only those raised before this instant.
    after: Option<Timestamp>,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

/// Nothing to ask for.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// Findings that the caller's authority reaches, the newest first (核查台).
#[utoipa::path(get, path = "/api/v1/findings", operation_id = "finding.list", tag = "findings", params(FindingQuery),
    responses((status = 200, body = FindingList)))]
pub async fn list(Extension(this): Extension<Findings>, ask: Ask<FindingQuery>) -> Answer<Json<FindingList>> {
    ask.caller.require_somewhere("finding.read")?;
    let query = ask.query;
    let scopes = ask.caller.scopes("finding.read");
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let before = query.after.unwrap_or(Timestamp::from_micros(i64::MAX));
    let answer = this
        .ledger
        .db()
        .read(move |tx| {
            let (mut items, mut counts) = (Vec::new(), BTreeMap::new());
            let whole = scopes.into_iter().filter(|scope| scope.department.is_none());
            for scope in whole.take(8) {
                for (state, count) in store::counts(tx, &scope)? {
                    *counts.entry(state).or_insert(0) += count;
                }
                let filter = store::Filter {
                    scope,
                    incident: query.incident.clone(),
                    kind: query.kind.clone(),
                    state: query.state.clone(),
                    area: query.area.clone().unwrap_or_default(),
                    before,
                    limit,
                };
                items.extend(store::list(tx, &filter)?);
            }
            let full = items.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
            let next = items
                .last()
                .filter(|_| full)
                .map(|last: &Finding| last.raised_at.to_string());
            Ok::<_, FindingError>(FindingList { items, next, counts })
        })
        .await?;
    Ok(Json(answer))
}

/// A finding with what the caller may do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FindingDetail {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// What may be done next: `reply`, `judge`, `pack`.
    pub allowed: Vec<String>,
}

/// One finding with its evidence, replies and verdict.
#[utoipa::path(get, path = "/api/v1/findings/{id}", operation_id = "finding.get", tag = "findings",
    params(("id" = String, Path)), responses((status = 200, body = FindingDetail)))]
pub async fn get(
    Extension(this): Extension<Findings>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<FindingDetail>> {
    let findings = this.clone();
    let detail = this
        .ledger
        .db()
        .read(move |tx| {
            let finding = findings.visible(tx, &ask.caller, &id, "finding.read")?;
            Ok::<_, FindingError>(FindingDetail {
                allowed: findings.allowed(&ask.caller, &finding),
                finding,
            })
        })
        .await?;
    Ok(Json(detail))
}
