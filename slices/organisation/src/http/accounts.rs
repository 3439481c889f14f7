//! Accounts and roles.

use std::collections::BTreeSet;

use anlan_access::{Grant, Object};
use anlan_ledger::Work;
use anlan_web::{Answer, Ask, Command, Params, created, done, no_content};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Organisation;
use crate::error::OrganisationError;
use crate::http::sessions::Nothing;
use crate::model::{Account, MachineToken, SessionRow};
use crate::service::{self, AccountChange, NewAccount, NewToken};
use crate::store;

/// Which accounts to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccountQuery {
    /// Part of a name.
    #[serde(default)]
    q: String,
}

/// The accounts that the caller may read.
#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "accounts.list", tag = "accounts", params(AccountQuery),
    responses((status = 200, body = Vec<Account>)))]
pub async fn list_accounts(
    Extension(this): Extension<Organisation>,
    ask: Ask<AccountQuery>,
) -> Answer<Json<Vec<Account>>> {
    ask.caller.require_somewhere("accounts.read")?;
    Ok(Json(this.accounts(ask.caller, ask.query.q).await?))
}

/// One account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", operation_id = "accounts.get", tag = "accounts",
    params(("id" = String, Path)), responses((status = 200, body = Account)))]
pub async fn get_account(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Account>> {
    Ok(Json(this.readable(&ask.caller, id).await?))
}

/// A new account.
#[derive(Deserialize, ToSchema)]
pub struct NewAccountBody {
    /// Log-in name.
    name: String,
    /// Name on the screen.
    display_name: String,
    /// First password, 10 to 128 characters; the holder changes it at the first log-in.
    password: String,
    /// The person behind it; required for the three administrators.
    person: Option<String>,
    /// The unit the account acts for.
    unit: Option<String>,
    /// The post the person acts in.
    post: Option<String>,
    /// What it may do, and where.
    #[schema(value_type = Vec<Object>)]
    grants: Vec<Grant>,
}

/// The id of what was made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Created {
    /// Its id.
    id: String,
}

impl Created {
    /// Names what was made.
    pub(crate) const fn new(id: String) -> Self {
        Self { id }
    }
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "accounts.create", tag = "accounts",
    request_body = NewAccountBody, responses((status = 201, body = Created)))]
pub async fn create(
    Extension(this): Extension<Organisation>,
    command: Command<NewAccountBody>,
) -> Answer<Response> {
    let caller = command.caller;
    caller.require_somewhere("accounts.write")?;
    let input = command.input;
    for grant in &input.grants {
        caller.require("accounts.write", Object::in_area(&grant.area))?;
    }
    if input.grants.is_empty() {
        caller.require("accounts.write", Object::in_area(""))?;
    }
    let new = NewAccount {
        name: input.name,
        display_name: input.display_name,
        password: input.password,
        person: input.person,
        unit: input.unit,
        post: input.post,
        grants: input.grants,
    };
    service::check_account(&new).map_err(OrganisationError::from)?;
    let hash = hashed(new.password.clone()).await?;
    let organisation = this.clone();
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            organisation.create(work, &new, &hash).map(Created::new)
        })
        .await?;
    Ok(created(outcome))
}

async fn hashed(password: String) -> Result<String, OrganisationError> {
    tokio::task::spawn_blocking(move || service::hash_password(&password))
        .await
        .map_err(|_| OrganisationError::Hash)?
}

/// What becomes of an account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AccountBody {
    /// Name on the screen.
    display_name: String,
    /// The person behind it.
    person: Option<String>,
    /// The unit the account acts for.
    unit: Option<String>,
    /// The post the person acts in.
    post: Option<String>,
    /// What it may do, and where.
    #[schema(value_type = Vec<Object>)]
    grants: Vec<Grant>,
    /// Whether it is switched off; its sessions end at once.
    #[serde(default)]
    disabled: bool,
    /// The version the caller had seen.
    expected_version: Option<u64>,
}

/// Changes an account: its names, its grants, whether it is switched off.
#[utoipa::path(put, path = "/api/v1/accounts/{id}", operation_id = "accounts.update", tag = "accounts",
    params(("id" = String, Path)), request_body = AccountBody, responses((status = 200, body = Account)))]
pub async fn update(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<AccountBody>,
) -> Answer<Response> {
    let (organisation, caller, input) = (this.clone(), command.caller, command.input);
    let change = AccountChange {
        display_name: input.display_name,
        person: input.person,
        unit: input.unit,
        post: input.post,
        grants: input.grants,
        disabled: input.disabled,
        expected_version: input.expected_version,
    };
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            organisation
                .update_account(work, &caller, &id, &change)
                .map(Shown::of)
        })
        .await?;
    Ok(done(outcome))
}

/// An account as the answer of a command.
#[derive(Debug, Serialize, Deserialize)]
struct Shown(serde_json::Value);

impl Shown {
    fn of(account: Account) -> Self {
        Self(serde_json::to_value(account).unwrap_or_default())
    }
}

/// A password set by somebody else.
#[derive(Deserialize, ToSchema)]
pub struct ResetBody {
    /// 10 to 128 characters; the holder changes it at the next log-in.
    password: String,
}

/// Sets a new password; the holder has to change it, and all sessions end.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/password", operation_id = "accounts.reset_password", tag = "accounts",
    params(("id" = String, Path)), request_body = ResetBody, responses((status = 200, body = Account)))]
pub async fn reset_password(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<ResetBody>,
) -> Answer<Response> {
    let (caller, password) = (command.caller, command.input.password);
    caller.require_somewhere("accounts.write")?;
    let mut checks = anlan_foundation::Checks::new();
    crate::rules::check_password(&mut checks, "password", "", &password);
    checks.finish().map_err(OrganisationError::from)?;
    let hash = hashed(password).await?;
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            Organisation::reset_password(work, &caller, &id, &hash).map(Shown::of)
        })
        .await?;
    Ok(done(outcome))
}

/// Why something is done to somebody's account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReasonBody {
    /// 2 to 200 characters; becomes part of the entry.
    pub(super) reason: String,
}

type Relief = fn(&mut Work<'_, '_>, &anlan_access::Caller, &str, &str) -> Result<Account, OrganisationError>;

async fn relieve(
    this: Organisation,
    id: String,
    command: Command<ReasonBody>,
    relief: Relief,
) -> Answer<Response> {
    let (caller, reason) = (command.caller, command.input.reason);
    let outcome = this
        .ledger
        .command(command.actor, None, move |work| {
            relief(work, &caller, &id, &reason).map(Shown::of)
        })
        .await?;
    Ok(done(outcome))
}

/// Lifts the locks of an account.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/unlock", operation_id = "accounts.unlock", tag = "accounts",
    params(("id" = String, Path)), request_body = ReasonBody, responses((status = 200, body = Account)))]
pub async fn unlock(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<ReasonBody>,
) -> Answer<Response> {
    relieve(this, id, command, Organisation::unlock).await
}

/// Ends all sessions of an account.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/end-sessions", operation_id = "accounts.end_sessions", tag = "accounts",
    params(("id" = String, Path)), request_body = ReasonBody, responses((status = 200, body = Account)))]
pub async fn end_sessions(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<ReasonBody>,
) -> Answer<Response> {
    relieve(this, id, command, Organisation::end_sessions).await
}

/// Takes away a second factor whose telephone was lost.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reset-totp", operation_id = "accounts.reset_totp", tag = "accounts",
    params(("id" = String, Path)), request_body = ReasonBody, responses((status = 200, body = Account)))]
pub async fn reset_totp(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<ReasonBody>,
) -> Answer<Response> {
    relieve(this, id, command, Organisation::reset_totp).await
}

/// The sessions of an account that still run.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/sessions", operation_id = "accounts.sessions", tag = "accounts",
    params(("id" = String, Path)), responses((status = 200, body = Vec<SessionRow>)))]
pub async fn sessions(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<SessionRow>>> {
    let account = this.readable(&ask.caller, id).await?;
    Ok(Json(this.sessions(&account.id, "").await?))
}

/// The machine tokens of an account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/tokens", operation_id = "accounts.tokens", tag = "accounts",
    params(("id" = String, Path)), responses((status = 200, body = Vec<MachineToken>)))]
pub async fn tokens(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<MachineToken>>> {
    let account = this.readable(&ask.caller, id).await?;
    let found = this
        .ledger
        .db()
        .read(move |tx| store::tokens(tx, &account.id))
        .await
        .map_err(OrganisationError::from)?;
    Ok(Json(found))
}

/// A machine's token that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenBody {
    /// What it is for, 2 to 60 characters.
    name: String,
    /// The only operations it may do; all are the account's.
    operations: BTreeSet<String>,
    /// The only area it may act in; empty for all of the account's.
    #[serde(default)]
    area: String,
    /// For how many days, 1 to 366.
    days: i64,
}

/// A token, shown once.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct IssuedToken {
    /// Id for withdrawing it.
    id: String,
    /// The token; it is kept nowhere.
    token: String,
}

/// Issues a token for a machine; it is shown in this answer and never again.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/tokens", operation_id = "accounts.issue_token", tag = "accounts",
    params(("id" = String, Path)), request_body = TokenBody, responses((status = 201, body = IssuedToken)))]
pub async fn issue_token(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    command: Command<TokenBody>,
) -> Answer<Response> {
    let (organisation, caller, input) = (this.clone(), command.caller, command.input);
    let new = NewToken {
        name: input.name,
        operations: input.operations,
        area: input.area,
        days: input.days,
    };
    // No idempotency key: the answer holds a secret, and kept answers are not sealed.
    let issued = this
        .ledger
        .command(command.actor, None, move |work| {
            organisation.issue_token(work, &caller, &id, &new)
        })
        .await?;
    let (id, token) = issued.value;
    Ok((StatusCode::CREATED, Json(IssuedToken { id, token })).into_response())
}

/// Withdraws a machine's token.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/tokens/{token}", operation_id = "accounts.revoke_token", tag = "accounts",
    params(("id" = String, Path), ("token" = String, Path)), responses((status = 204)))]
pub async fn revoke_token(
    Extension(this): Extension<Organisation>,
    Params((id, token)): Params<(String, String)>,
    command: Command<Nothing>,
) -> Answer<Response> {
    let caller = command.caller;
    this.ledger
        .command(command.actor, None, move |work| {
            Organisation::revoke_token(work, &caller, (&id, &token))
        })
        .await?;
    Ok(no_content())
}

/// A role on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleRow {
    role: String,
    name_zh: String,
    /// `system`, `security` or `audit`: no account and no person does two of them.
    #[schema(value_type = Option<String>)]
    administers: Option<anlan_access::Administers>,
    operations: Vec<String>,
}

/// The table of roles.
#[utoipa::path(get, path = "/api/v1/roles", operation_id = "accounts.roles", tag = "accounts",
    responses((status = 200, body = Vec<RoleRow>)))]
pub async fn list_roles(Extension(this): Extension<Organisation>, _ask: Ask<Nothing>) -> Json<Vec<RoleRow>> {
    let rows = this.roles.all().map(|role| RoleRow {
        role: role.id.clone(),
        name_zh: role.name_zh.clone(),
        administers: role.administers,
        operations: role.operations.iter().cloned().collect(),
    });
    Json(rows.collect())
}
