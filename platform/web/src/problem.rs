//! Problems on the wire: RFC 9457.

use anlan_foundation::{Fault, FieldProblem, Kind};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// Always `about:blank`: the code says what it is.
    #[serde(rename = "type")]
    pub type_: &'static str,
    /// Short English title of the status.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Stable code, translated by the front end, for example `incident.not_found`.
    pub code: String,
    /// English sentence for the log and for machines.
    pub detail: String,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
}

/// An error on its way to the caller.
#[derive(Debug)]
pub struct Failure(Box<ProblemBody>);

impl Failure {
    /// Makes a failure that no slice's error stands behind.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>, fields: Vec<FieldProblem>) -> Self {
        Self(Box::new(ProblemBody {
            type_: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            fields,
        }))
    }
}

impl<E: Fault> From<E> for Failure {
    fn from(error: E) -> Self {
        let status = match error.kind() {
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        if status.is_server_error() {
            tracing::error!(code = error.code(), error = %error, "a request failed");
        }
        // What went wrong inside is for the log; the caller learns the code.
        let detail = if status == StatusCode::INTERNAL_SERVER_ERROR {
            "the node could not do this; the log says why".to_owned()
        } else {
            error.to_string()
        };
        Self::new(status, error.code(), detail, error.fields().to_vec())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(*self.0)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
