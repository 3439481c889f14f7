//! Signing in and out, and who one is.

use anlan_access::{Caller, Grant};
use anlan_foundation::Timestamp;
use anlan_web::{Answer, Ask, Edge, Failure, SESSION_COOKIE, no_content, token_of};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::Account;
use crate::service::SignIn;
use crate::{Organisation, store};

/// Name and password.
#[derive(Deserialize, ToSchema)]
pub struct Credentials {
    /// Log-in name.
    name: String,
    /// Password.
    password: String,
    /// Six digits of the second factor, or a recovery code; asked for with the code `session.totp_required`.
    totp: Option<String>,
}

/// An open session.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Bearer token for machine clients; browsers also get it as a cookie.
    token: String,
    /// When it ends.
    expires_at: Timestamp,
    /// Who signed in.
    account: Me,
}

/// Who is signed in, and what that account may do.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four questions that the page asks, each yes or no"
)]
pub struct Me {
    account_id: String,
    name: String,
    display_name: String,
    person_id: Option<String>,
    unit: Option<MyUnit>,
    post: Option<String>,
    #[schema(value_type = Vec<Object>)]
    grants: Vec<Grant>,
    operations: Vec<String>,
    /// Posts one holds; empty until posts are kept.
    posts: Vec<String>,
    node: crate::service::NodeShown,
    /// Whether nothing else is allowed until the password was changed.
    must_change_password: bool,
    totp_enabled: bool,
    /// Whether nothing else is allowed until a second factor is enrolled.
    must_enrol_totp: bool,
    pin_set: bool,
}

/// The unit one acts for.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyUnit {
    id: String,
    name: String,
    division: String,
}

async fn describe(organisation: &Organisation, caller: Caller) -> Answer<Me> {
    let id = caller.account.clone();
    let account = organisation
        .ledger
        .db()
        .read(move |tx| store::account_by_id(tx, &id))
        .await
        .map_err(crate::OrganisationError::from)?
        .map(|stored| stored.account);
    let is = |what: fn(&Account) -> bool| account.as_ref().is_some_and(what);
    let must_enrol_totp = account
        .as_ref()
        .is_some_and(|account| organisation.owes_totp(account));
    let unit = match caller.unit.clone() {
        Some(id) => organisation
            .ledger
            .db()
            .read(move |tx| store::load_unit(tx, &id))
            .await
            .map_err(crate::OrganisationError::from)?,
        None => None,
    };
    let operations = caller.operations();
    Ok(Me {
        account_id: caller.account,
        name: caller.name.clone(),
        display_name: caller.name,
        person_id: caller.person,
        unit: unit.map(|unit| MyUnit {
            id: unit.id,
            name: unit.name,
            division: unit.division,
        }),
        post: caller.post,
        grants: caller.grants,
        operations,
        posts: Vec::new(),
        node: organisation.node.clone(),
        must_change_password: is(|account| account.must_change_password),
        totp_enabled: is(|account| account.totp_enabled),
        must_enrol_totp,
        pin_set: is(|account| account.pin_set),
    })
}

fn client_of(headers: &HeaderMap) -> String {
    headers
        .get(header::USER_AGENT)
        .and_then(|client| client.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/sessions", operation_id = "sessions.open", tag = "sessions",
    request_body = Credentials, responses((status = 201, body = Session), (status = 401, body = anlan_web::ProblemBody)))]
pub async fn open(
    Extension(organisation): Extension<Organisation>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Answer<Response> {
    let wrong = |error: serde_json::Error| {
        Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "request.body",
            error.to_string(),
            Vec::new(),
        )
    };
    let credentials: Credentials = serde_json::from_slice(&body).map_err(wrong)?;
    let opened = organisation
        .sign_in(SignIn {
            name: credentials.name,
            password: credentials.password,
            totp: credentials.totp,
            client: client_of(&headers),
        })
        .await?;
    let cookie = format!(
        "{SESSION_COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=90000",
        opened.token
    );
    let account = describe(&organisation, organisation.caller(opened.account)).await?;
    let session = Session {
        token: opened.token,
        expires_at: opened.expires_at,
        account,
    };
    let mut response = (StatusCode::CREATED, Json(session)).into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", operation_id = "sessions.end", tag = "sessions",
    responses((status = 204)))]
pub async fn end(
    Extension(organisation): Extension<Organisation>,
    State(_edge): State<Edge>,
    headers: HeaderMap,
) -> Answer<Response> {
    let token = token_of(&Method::DELETE, &headers)?;
    organisation.sign_out(&token).await?;
    let mut response = no_content();
    let gone = HeaderValue::from_static("anlan_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    response.headers_mut().insert(header::SET_COOKIE, gone);
    Ok(response)
}

/// Nothing to ask for.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "sessions.me", tag = "sessions", responses((status = 200, body = Me)))]
pub async fn me(Extension(organisation): Extension<Organisation>, ask: Ask<Nothing>) -> Answer<Json<Me>> {
    Ok(Json(describe(&organisation, ask.caller).await?))
}
