//! A node out of an uploaded backup.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anlan_web::Failure;
use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Setup, refusal, run, upload_place};
use crate::backup::{self, Keys, OnFindings};

/// What was sent along with the file.
#[derive(Default)]
struct Parts {
    passphrase: String,
    /// Whether the file is there.
    file: bool,
    /// The copy of `node.key` that was kept apart.
    keys: bool,
}

fn unreadable(error: &MultipartError) -> Failure {
    refusal(StatusCode::BAD_REQUEST, "request.body", error.body_text())
}

/// Takes the parts `passphrase`, `file` and, for a backup without keys, `keys`.
pub(super) async fn take(State(setup): State<Setup>, mut form: Multipart) -> Result<Json<Value>, Failure> {
    let _turn = setup.turn.lock().await;
    let place = upload_place(&setup.config);
    let keys = place.with_extension("upload-keys");
    let outcome = match receive(&mut form, &place, &keys).await {
        Ok(parts) => restore(&setup, &place, &keys, parts).await,
        Err(failure) => Err(failure),
    };
    drop(std::fs::remove_file(&place));
    drop(std::fs::remove_file(&keys));
    let answer = outcome?;
    setup.finish();
    Ok(answer)
}

async fn receive(form: &mut Multipart, place: &Path, keys: &Path) -> Result<Parts, Failure> {
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error))? {
        match field.name() {
            Some("passphrase") => {
                parts.passphrase = field.text().await.map_err(|error| unreadable(&error))?;
            }
            Some("file") => {
                save(field, place).await?;
                parts.file = true;
            }
            Some("keys") => {
                save(field, keys).await?;
                parts.keys = true;
            }
            _ => {}
        }
    }
    Ok(parts)
}

/// Writes a part as it comes. The writes block, which harms nobody: nothing else is served during a first run.
async fn save(mut field: Field<'_>, place: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| refusal(StatusCode::CONFLICT, "setup.failed", error.to_string());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(place).map_err(failed)?;
    while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
        file.write_all(&chunk).map_err(failed)?;
    }
    file.sync_all().map_err(failed)
}

async fn restore(setup: &Setup, place: &Path, keys: &Path, parts: Parts) -> Result<Json<Value>, Failure> {
    if !parts.file {
        let detail = "the part `file` with the backup is missing";
        return Err(refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "request.invalid",
            detail,
        ));
    }
    let keys = if parts.keys {
        Keys::File(keys.to_owned())
    } else {
        Keys::Passphrase(parts.passphrase)
    };
    let (config, place) = (Arc::clone(&setup.config), place.to_owned());
    let (manifest, report) =
        run(move || backup::restore(&place, &config.data, &keys, OnFindings::Refuse)).await?;
    Ok(Json(json!({
        "name": manifest.name, "made_at": manifest.made_at, "position": manifest.position, "entries": report.entries,
    })))
}
