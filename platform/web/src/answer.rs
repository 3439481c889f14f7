//! Successes on the wire.

use anlan_ledger::Done;
use axum::Json;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use crate::Failure;

/// What handlers return.
pub type Answer<T> = Result<T, Failure>;

/// 200 with the outcome of a command.
pub fn done<T: Serialize>(outcome: Done<T>) -> Response {
    with_status(StatusCode::OK, outcome)
}

/// 201 with the outcome of a command that made something.
pub fn created<T: Serialize>(outcome: Done<T>) -> Response {
    with_status(StatusCode::CREATED, outcome)
}

/// 204.
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

fn with_status<T: Serialize>(status: StatusCode, outcome: Done<T>) -> Response {
    let replayed = outcome.replayed;
    let mut response = (status, Json(outcome.value)).into_response();
    if replayed {
        response
            .headers_mut()
            .insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}
