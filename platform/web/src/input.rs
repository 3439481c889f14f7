//! Reading requests: every fault names its field.

use anlan_access::Caller;
use anlan_foundation::FieldProblem;
use anlan_ledger::{Actor, Idempotency};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::edge::InFlight;
use crate::{Edge, Failure, actor_of, token_of};

/// A read by somebody who is signed in: the caller and the query string as `Q`.
#[derive(Debug)]
pub struct Ask<Q> {
    /// Who asks.
    pub caller: Caller,
    /// The query string.
    pub query: Q,
}

/// A write by somebody who is signed in: the caller, the JSON body as `T`, and the promise of the idempotency key.
#[derive(Debug)]
pub struct Command<T> {
    /// Who acts.
    pub caller: Caller,
    /// The same, as the ledger names it.
    pub actor: Actor,
    /// The JSON body.
    pub input: T,
    /// The idempotency key, when one was sent.
    pub idempotency: Option<Idempotency>,
    _in_flight: Option<InFlight>,
}

/// Path parameters, refused as "not found" when they are not of the right form.
#[derive(Debug)]
pub struct Params<P>(pub P);

/// The token that a request came with, for what concerns the session itself.
pub struct TokenOf(pub String);

impl FromRequestParts<Edge> for TokenOf {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _edge: &Edge) -> Result<Self, Failure> {
        Ok(Self(token_of(&parts.method, &parts.headers)?))
    }
}

fn bad_request(code: &str, detail: String, fields: Vec<FieldProblem>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, code, detail, fields)
}

async fn caller(parts: &Parts, edge: &Edge) -> Result<Caller, Failure> {
    let token = token_of(&parts.method, &parts.headers)?;
    Ok(edge.authenticator.authenticate(token).await?)
}

impl<Q: DeserializeOwned> FromRequestParts<Edge> for Ask<Q> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Failure> {
        let caller = caller(parts, edge).await?;
        let Query(query) = Query::try_from_uri(&parts.uri).map_err(|error| {
            let said = error.body_text();
            let fields = crate::fault::of_query(&said).into_iter().collect();
            bad_request("request.query", said, fields)
        })?;
        Ok(Self { caller, query })
    }
}

impl<P: DeserializeOwned + Send> FromRequestParts<Edge> for Params<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Failure> {
        let Path(params) = Path::from_request_parts(parts, edge).await.map_err(|error| {
            Failure::new(
                StatusCode::NOT_FOUND,
                "request.path",
                error.body_text(),
                Vec::new(),
            )
        })?;
        Ok(Self(params))
    }
}

impl<T: DeserializeOwned> FromRequest<Edge> for Command<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let caller = caller(&parts, edge).await?;
        let path = parts.uri.path().to_owned();
        let method = parts.method.clone();
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), edge)
            .await
            .map_err(|error| Failure::new(error.status(), "request.body", error.body_text(), Vec::new()))?;
        let key = idempotency_key(&headers)?;
        let request = edge.ledger.suite().digest_parts(&[
            method.as_str().as_bytes(),
            b" ",
            path.as_bytes(),
            b"\n",
            &body,
        ]);
        let in_flight = match &key {
            Some(key) => Some(edge.enter(&caller.account, key).ok_or_else(in_flight)?),
            None => None,
        };
        let input = read_json(&body)?;
        let idempotency = key.map(|key| Idempotency {
            actor: caller.account.clone(),
            key,
            request,
        });
        Ok(Self {
            actor: actor_of(&caller),
            caller,
            input,
            idempotency,
            _in_flight: in_flight,
        })
    }
}

fn in_flight() -> Failure {
    let detail = "the same request is being worked on; repeat it in a moment";
    Failure::new(StatusCode::CONFLICT, "idempotency.in_flight", detail, Vec::new())
}

fn idempotency_key(headers: &axum::http::HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let valid =
        |text: &&str| (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    match value.to_str().ok().filter(valid) {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(bad_request(
            "request.idempotency_key",
            "the Idempotency-Key is 1 to 200 visible ASCII characters".to_owned(),
            Vec::new(),
        )),
    }
}

/// Reads JSON; an empty body counts as `{}` so that actions without input need none.
fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let body = if body.is_empty() { b"{}" } else { body };
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let detail = error.into_inner().to_string();
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let problem = crate::fault::of_json(&path, &detail);
        Failure::new(status, "request.body", detail, vec![problem])
    })?;
    reader
        .end()
        .map_err(|error| bad_request("request.body", error.to_string(), Vec::new()))?;
    Ok(value)
}
