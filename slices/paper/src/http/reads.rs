//! What people see of papers.

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask, Params};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::PaperError;
use crate::http::wire::{PaperDetail, PaperRow};
use crate::service::Papers;
use crate::{rules, store};

/// A list on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperList {
    /// The items.
    items: Vec<PaperRow>,
    /// Cursor of the next page.
    next: Option<String>,
}

/// Which papers to list.
#[derive(Debug, Deserialize, IntoParams)]
pub struct PaperQuery {
    /// Only those about this incident.
    incident: Option<String>,
    /// Only those of this kind.
    kind: Option<String>,
    /// Only those in this state.
    state: Option<String>,
    /// Cursor: only those drafted before this instant.
    after: Option<Timestamp>,
    /// 1 to 200, default 50.
    limit: Option<u64>,
}

/// Nothing to ask for.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// Papers, the newest first.
#[utoipa::path(get, path = "/api/v1/papers", operation_id = "paper.list", tag = "papers", params(PaperQuery),
    responses((status = 200, body = PaperList)))]
pub async fn list(Extension(this): Extension<Papers>, ask: Ask<PaperQuery>) -> Answer<Json<PaperList>> {
    ask.caller.require_somewhere("paper.read")?;
    let (query, unit) = (ask.query, ask.caller.unit.clone());
    let scopes = ask.caller.scopes("paper.read");
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let before = query.after.unwrap_or(Timestamp::from_micros(i64::MAX));
    let papers = this
        .ledger
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for scope in scopes
                .into_iter()
                .filter(|scope| scope.department.is_none())
                .take(8)
            {
                let filter = store::Filter {
                    scope,
                    incident: query.incident.clone(),
                    kind: query.kind.clone(),
                    state: query.state.clone(),
                    before,
                    limit,
                };
                found.extend(store::list(tx, &filter)?);
            }
            Ok::<_, PaperError>(found)
        })
        .await?;
    let full = papers.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let last = papers
        .last()
        .and_then(|paper| paper.drafted.as_ref().or(paper.issued.as_ref()));
    let next = last.filter(|_| full).map(|stamp| stamp.at.to_string());
    let seen = papers.iter().filter(|paper| rules::sees(paper, unit.as_deref()));
    Ok(Json(PaperList {
        items: seen.map(PaperRow::from).collect(),
        next,
    }))
}

/// A kind of paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaperKind {
    /// Kind.
    kind: String,
    /// Name.
    name: String,
    /// Whether it is about one incident.
    about_incident: bool,
    /// Whether issuing it reports upward.
    reports_up: bool,
}

/// The kinds of papers that this node's templates give.
#[utoipa::path(get, path = "/api/v1/paper-kinds", operation_id = "paper.kinds", tag = "papers",
    responses((status = 200, body = Vec<PaperKind>)))]
pub async fn kinds(Extension(this): Extension<Papers>, ask: Ask<Nothing>) -> Answer<Json<Vec<PaperKind>>> {
    ask.caller.require_somewhere("paper.read")?;
    let kinds = this.templates.all().map(|template| PaperKind {
        kind: template.kind.get_ref().clone(),
        name: template.name.clone(),
        about_incident: !matches!(template.kind.get_ref().as_str(), "daily" | "disaster"),
        reports_up: template.reports_up,
    });
    Ok(Json(kinds.collect()))
}

/// One paper with its facts and findings.
#[utoipa::path(get, path = "/api/v1/papers/{id}", operation_id = "paper.get", tag = "papers",
    params(("id" = String, Path)), responses((status = 200, body = PaperDetail)))]
pub async fn get(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<PaperDetail>> {
    let papers = this.clone();
    let shown = this
        .ledger
        .db()
        .read(move |tx| {
            let paper = papers.visible(tx, &ask.caller, &id, "paper.read")?;
            papers.show(tx, &ask.caller, paper)
        })
        .await?;
    Ok(Json(shown.into()))
}
