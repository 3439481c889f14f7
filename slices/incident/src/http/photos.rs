//! Photos: sent before or with the report, served only to those who may see the incident.

use anlan_files::{FileName, Size};
use anlan_foundation::{Fault as _, InvalidInput};
use anlan_web::{Answer, Ask, Failure, Params};
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::error::IncidentError;
use crate::facts::Attachment;
use crate::http::reads::Nothing;
use crate::service::Incidents;
use crate::store;

/// A photo as a form sends it.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form in the document of the interface; the handler reads it piece by piece"
)]
pub struct PhotoForm {
    /// The image: JPEG, PNG or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Sends a photo ahead of the report; it is decoded and encoded anew, and nothing but its pixels is kept.
#[utoipa::path(post, path = "/api/v1/attachments", operation_id = "incident.upload", tag = "incidents",
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Attachment), (status = 413, body = anlan_web::ProblemBody),
    (status = 422, body = anlan_web::ProblemBody)))]
pub async fn upload(
    Extension(this): Extension<Incidents>,
    ask: Ask<Nothing>,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Answer<Response> {
    let take = ask.caller.require_somewhere("incident.take");
    take.or_else(|_| ask.caller.require_somewhere("incident.follow_up"))?;
    let form = form
        .map_err(|refused| Failure::new(refused.status(), "request.body", refused.body_text(), Vec::new()))?;
    let (name, bytes) = file_of(form).await?;
    let files = this.files.clone();
    let kept = tokio::task::spawn_blocking(move || files.keep_photo(&bytes))
        .await
        .map_err(|_| IncidentError::from(anlan_files::FileError::Io(std::io::ErrorKind::Other.into())))?
        .map_err(IncidentError::from)?;
    let attachment = Attachment {
        digest: kept.name.to_string(),
        name,
        media_type: kept.media_type.to_owned(),
        bytes: kept.bytes,
        width: kept.width,
        height: kept.height,
    };
    let (sent, now) = (attachment.clone(), this.ledger.clock().now());
    this.ledger
        .db()
        .write(move |tx| store::keep_upload(tx, &ask.caller.account, &sent, now))
        .await
        .map_err(IncidentError::from)?;
    Ok((StatusCode::CREATED, Json(attachment)).into_response())
}

/// The field `file` of a form: what the sender calls it, and its bytes.
async fn file_of(mut form: Multipart) -> Result<(String, Vec<u8>), Failure> {
    let broken =
        |error: MultipartError| Failure::new(error.status(), "request.body", error.body_text(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = plain_name(field.file_name().unwrap_or_default());
            return Ok((name, field.bytes().await.map_err(broken)?.to_vec()));
        }
    }
    let missing = InvalidInput::one("file", "required", "a form field with the image");
    Err(IncidentError::from(missing).into())
}

/// The last part of a name, without what cannot be shown, at most 80 characters.
fn plain_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars()
        .filter(|letter| !letter.is_control())
        .take(80)
        .collect()
}

/// Which copy of a photo.
#[derive(Debug, Deserialize, IntoParams)]
pub struct SizeQuery {
    /// `thumb` for the small copy; the whole photo when absent.
    size: Option<String>,
}

/// A photo, for those who sent it and those who may see an incident that holds it.
#[utoipa::path(get, path = "/api/v1/attachments/{digest}", operation_id = "incident.photo", tag = "incidents",
    params(("digest" = String, Path), SizeQuery),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = 404, body = anlan_web::ProblemBody),
    (status = 503, body = anlan_web::ProblemBody)))]
pub async fn show(
    Extension(this): Extension<Incidents>,
    Params(digest): Params<String>,
    ask: Ask<SizeQuery>,
) -> Answer<Response> {
    let size = match ask.query.size.as_deref() {
        None => Size::Whole,
        Some("thumb") => Size::Small,
        Some(_) => return Err(crate::http::lists::fault("size", "not_a_choice", "thumb").into()),
    };
    let name: FileName = digest
        .parse()
        .map_err(|_| IncidentError::NoSuchPhoto(digest.chars().take(80).collect()))?;
    let incidents = this.clone();
    let photo = this
        .ledger
        .db()
        .read(move |tx| incidents.photo(tx, &ask.caller, &digest))
        .await?;
    let files = this.files.clone();
    let bytes = tokio::task::spawn_blocking(move || files.read(&name, size))
        .await
        .map_err(|_| IncidentError::from(anlan_files::FileError::Io(std::io::ErrorKind::Other.into())))?
        .map_err(|error| {
            tracing::error!(code = error.code(), %error, "a photo that entries name could not be read");
            IncidentError::from(error)
        })?;
    let media_type = HeaderValue::from_str(&photo.media_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (header::CONTENT_TYPE, media_type),
        // The bytes of a name never change; whether somebody may see them is asked anew by each browser.
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, max-age=86400, immutable"),
        ),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline")),
    ];
    Ok((headers, bytes).into_response())
}
