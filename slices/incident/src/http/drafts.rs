//! Drafts: kept on the node while a report is being typed; no legal facts.

use anlan_foundation::{InvalidInput, Timestamp};
use anlan_web::{Answer, Ask, Command, Params, no_content};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::IncidentError;
use crate::http::reads::Nothing;
use crate::service::Incidents;
use crate::store;

/// A draft is at most this many bytes.
const LARGEST: usize = 100_000;
/// An account keeps at most this many drafts.
const MOST: u64 = 50;

/// A draft of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct Draft {
    id: String,
    #[schema(value_type = Object)]
    json: serde_json::Value,
    saved_at: Timestamp,
}

/// What to keep.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DraftBody {
    /// Whatever the intake page wants back.
    #[schema(value_type = Object)]
    json: serde_json::Value,
}

/// The caller's drafts, the newest first.
#[utoipa::path(get, path = "/api/v1/drafts", operation_id = "drafts.list", tag = "drafts", responses((status = 200, body = Vec<Draft>)))]
pub async fn list(Extension(this): Extension<Incidents>, ask: Ask<Nothing>) -> Answer<Json<Vec<Draft>>> {
    ask.caller.require_somewhere("incident.take")?;
    let found = this
        .ledger
        .db()
        .read(move |tx| store::drafts(tx, &ask.caller.account))
        .await
        .map_err(IncidentError::from)?;
    let shown = found.into_iter().map(|(id, draft, saved_at)| Draft {
        id,
        json: serde_json::from_str(&draft).unwrap_or_default(),
        saved_at,
    });
    Ok(Json(shown.collect()))
}

/// Keeps a draft.
#[utoipa::path(put, path = "/api/v1/drafts/{id}", operation_id = "drafts.save", tag = "drafts",
    params(("id" = String, Path)), request_body = DraftBody, responses((status = 204), (status = 403, body = anlan_web::ProblemBody), (status = 409, body = anlan_web::ProblemBody)))]
pub async fn save(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<DraftBody>,
) -> Answer<Response> {
    command.caller.require_somewhere("incident.take")?;
    let draft = command.input.json.to_string();
    if draft.len() > LARGEST || id.len() > 64 {
        return Err(
            IncidentError::from(InvalidInput::one("json", "too_long", "at most 100000 bytes")).into(),
        );
    }
    let now = this.ledger.clock().now();
    let account = command.caller.account;
    this.ledger
        .db()
        .write(move |tx| match store::draft_owner(tx, &id)? {
            Some(owner) if owner != account => Err(IncidentError::DraftTaken(id)),
            None if store::count_drafts(tx, &account)? >= MOST => Err(IncidentError::TooManyDrafts(MOST)),
            _ => Ok(store::save_draft(tx, &id, &account, &draft, now)?),
        })
        .await?;
    Ok(no_content())
}

/// Forgets a draft.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", operation_id = "drafts.delete", tag = "drafts",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn delete(
    Extension(this): Extension<Incidents>,
    Params(id): Params<String>,
    command: Command<Nothing>,
) -> Answer<Response> {
    command.caller.require_somewhere("incident.take")?;
    this.ledger
        .db()
        .write(move |tx| store::delete_draft(tx, &id, &command.caller.account))
        .await
        .map_err(IncidentError::from)?;
    Ok(no_content())
}
