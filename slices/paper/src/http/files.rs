//! The files of a paper: PDF, Word, its pages as pictures, and what can be carried by hand.

use anlan_documents::word as pack;
use anlan_web::{Answer, Ask, Params};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::carry::{self, Carried};
use crate::error::PaperError;
use crate::http::reads::Nothing;
use crate::service::{Papers, Printout};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

async fn printout<Q>(this: &Papers, id: String, ask: Ask<Q>) -> Result<Printout, PaperError> {
    let (papers, caller) = (this.clone(), ask.caller);
    this.ledger
        .db()
        .read(move |tx| papers.printout(tx, &caller, &id))
        .await
}

/// Runs slow work away from the threads that serve.
#[cfg(feature = "pdf")]
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PaperError> + Send + 'static,
) -> Result<T, PaperError> {
    let lost = |error: tokio::task::JoinError| {
        PaperError::Document(anlan_documents::DocumentError::Setting(error.to_string()))
    };
    tokio::task::spawn_blocking(work).await.map_err(lost)?
}

fn file(bytes: Vec<u8>, media: &'static str, name: &str, ending: &str) -> Response {
    let encoded: String = format!("{name}.{ending}").bytes().map(percent).collect();
    let disposition = format!("attachment; filename=\"paper.{ending}\"; filename*=UTF-8''{encoded}");
    let mut response = ([(header::CONTENT_TYPE, media)], bytes).into_response();
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || byte == b'.' {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(feature = "pdf")]
async fn set(this: &Papers, printout: Printout) -> Result<anlan_documents::Printed, PaperError> {
    let press = this.press.clone();
    apart(move || Ok(press.set(&printout.document)?)).await
}

/// The paper as PDF.
#[utoipa::path(get, path = "/api/v1/papers/{id}/pdf", operation_id = "paper.pdf", tag = "papers",
    params(("id" = String, Path)), responses((status = 200, content_type = "application/pdf", body = Vec<u8>)))]
pub async fn pdf(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Response> {
    let printout = printout(&this, id, ask).await?;
    let name = printout.name.clone();
    #[cfg(feature = "pdf")]
    {
        let printed = set(&this, printout).await?;
        let bytes = apart(move || Ok(printed.pdf()?)).await?;
        Ok(file(bytes, "application/pdf", &name, "pdf"))
    }
    #[cfg(not(feature = "pdf"))]
    {
        drop(name);
        Err(PaperError::NoPrinting.into())
    }
}

/// The paper as a Word file.
#[utoipa::path(get, path = "/api/v1/papers/{id}/word", operation_id = "paper.word", tag = "papers",
    params(("id" = String, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body = Vec<u8>)))]
pub async fn word(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Response> {
    let printout = printout(&this, id, ask).await?;
    let bytes = pack(&printout.document).map_err(PaperError::from)?;
    Ok(file(bytes, WORD, &printout.name, "docx"))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
pub struct PageQuery {
    /// From 1.
    page: Option<usize>,
}

/// A page of the paper as it prints, as SVG; the header `x-pages` says how many there are.
#[utoipa::path(get, path = "/api/v1/papers/{id}/page", operation_id = "paper.page", tag = "papers",
    params(("id" = String, Path), PageQuery), responses((status = 200, content_type = "image/svg+xml", body = String)))]
pub async fn page(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    ask: Ask<PageQuery>,
) -> Answer<Response> {
    let number = ask.query.page.unwrap_or(1);
    let missing = PaperError::NotFound(format!("{id} page {number}"));
    let printout = printout(&this, id, ask).await?;
    #[cfg(feature = "pdf")]
    {
        let printed = set(&this, printout).await?;
        let svg = printed.page(number).ok_or(missing)?;
        let pages = printed.page_count().to_string();
        let heads = [
            (header::CONTENT_TYPE.as_str(), "image/svg+xml".to_owned()),
            ("x-pages", pages),
            (header::CACHE_CONTROL.as_str(), "no-store".to_owned()),
        ];
        Ok((heads, svg).into_response())
    }
    #[cfg(not(feature = "pdf"))]
    {
        drop((missing, printout));
        Err(PaperError::NoPrinting.into())
    }
}

/// A paper as it can be carried by hand.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarryAnswer {
    /// The signed file.
    file: Carried,
    /// The same as parts of text, each small enough for one QR code.
    parts: Vec<String>,
    /// The fingerprint of this node's key, to be told by telephone.
    fingerprint: String,
}

/// The issued paper as a signed file and as parts of text, for when the line is cut.
#[utoipa::path(get, path = "/api/v1/papers/{id}/carry", operation_id = "paper.carry", tag = "papers",
    params(("id" = String, Path)), responses((status = 200, body = CarryAnswer)))]
pub async fn carry(
    Extension(this): Extension<Papers>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<CarryAnswer>> {
    let papers = this.clone();
    let file = this
        .ledger
        .db()
        .read(move |tx| {
            let paper = papers.visible(tx, &ask.caller, &id, "paper.read")?;
            papers.carried(&paper)
        })
        .await?;
    Ok(Json(CarryAnswer {
        parts: carry::parts(&file)?,
        fingerprint: file.fingerprint(),
        file,
    }))
}
