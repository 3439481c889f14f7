//! What people do with findings.

use anlan_access::Caller;
use anlan_ledger::Work;
use anlan_web::{Answer, Command, Params, done};
use axum::Extension;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::FindingError;
use crate::http::reads::FindingDetail;
use crate::model::Finding;
use crate::service::{Findings, Judging, Replying};

/// An act, and the version of the finding that the caller had seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FindingAct<T> {
    /// Refuse with `ledger.version_conflict` unless the finding is at this version.
    expected_version: Option<u64>,
    #[serde(flatten)]
    act: T,
}

async fn act<T, F>(this: Findings, id: String, command: Command<FindingAct<T>>, run: F) -> Answer<Response>
where
    T: Send + 'static,
    F: FnOnce(&Findings, &mut Work<'_, '_>, &Caller, (&str, T)) -> Result<Finding, FindingError>
        + Send
        + 'static,
{
    let (findings, caller, input) = (this.clone(), command.caller, command.input);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            work.expect_version(&format!("finding/{id}"), input.expected_version)?;
            let finding = run(&findings, work, &caller, (&id, input.act))?;
            Ok::<_, FindingError>(FindingDetail {
                allowed: findings.allowed(&caller, &finding),
                finding,
            })
        })
        .await?;
    Ok(done(outcome))
}

/// Says how it was, as the unit concerned (申辩).
#[utoipa::path(post, path = "/api/v1/findings/{id}/reply", operation_id = "finding.reply", tag = "findings",
    params(("id" = String, Path)), request_body = FindingAct<Replying>, responses((status = 200, body = FindingDetail)))]
pub async fn reply(
    Extension(this): Extension<Findings>,
    Params(id): Params<String>,
    command: Command<FindingAct<Replying>>,
) -> Answer<Response> {
    act(this, id, command, |findings, work, caller, (id, body)| {
        findings.reply(work, caller, id, &body)
    })
    .await
}

/// Decides by name and with reasons (认定).
#[utoipa::path(post, path = "/api/v1/findings/{id}/verdict", operation_id = "finding.judge", tag = "findings",
    params(("id" = String, Path)), request_body = FindingAct<Judging>, responses((status = 200, body = FindingDetail)))]
pub async fn judge(
    Extension(this): Extension<Findings>,
    Params(id): Params<String>,
    command: Command<FindingAct<Judging>>,
) -> Answer<Response> {
    act(this, id, command, |findings, work, caller, (id, body)| {
        findings.judge(work, caller, id, &body)
    })
    .await
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PackBody {}

/// The evidence as one ZIP file: what was found as PDF and JSON, and every entry with its proof. Taking it becomes an entry.
#[utoipa::path(post, path = "/api/v1/findings/{id}/pack", operation_id = "finding.pack", tag = "findings",
    params(("id" = String, Path)), request_body = PackBody,
    responses((status = 200, content_type = "application/zip", body = Vec<u8>)))]
pub async fn pack(
    Extension(this): Extension<Findings>,
    Params(id): Params<String>,
    command: Command<PackBody>,
) -> Answer<Response> {
    let (findings, caller) = (this.clone(), command.caller);
    let gathered = this
        .ledger
        .db()
        .read(move |tx| findings.gather_pack(tx, &caller, &id))
        .await?;
    let (name, finding, streams) = (gathered.name(), gathered.finding.clone(), gathered.streams.len());
    let printer = this.clone();
    let lost = |error: tokio::task::JoinError| FindingError::Pack(error.to_string());
    let bytes = tokio::task::spawn_blocking(move || printer.zip(&gathered))
        .await
        .map_err(lost)??;
    this.ledger
        .command(command.actor, None, move |work| {
            let fact = crate::facts::Fact::PackTaken(crate::facts::PackTaken { streams });
            crate::service::record(work, &finding, &fact).map(drop)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}
