//! Accounts and roles.

use anlan_access::{Grant, Object};
use anlan_web::{Answer, Ask, Command, created};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Organisation;
use crate::error::OrganisationError;
use crate::http::sessions::Nothing;
use crate::model::Account;
use crate::service::{self, NewAccount};
use crate::store;

/// All accounts.
#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "accounts.list", tag = "accounts",
    responses((status = 200, body = Vec<Account>)))]
pub async fn list_accounts(
    Extension(this): Extension<Organisation>,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<Account>>> {
    ask.caller.require_somewhere("accounts.read")?;
    Ok(Json(
        this.ledger
            .db()
            .read(store::accounts)
            .await
            .map_err(OrganisationError::from)?,
    ))
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAccountBody {
    /// Log-in name.
    name: String,
    /// Name on the screen.
    display_name: String,
    /// First password, 10 to 128 characters.
    password: String,
    /// The unit the account acts for.
    unit: Option<String>,
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

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "accounts.create", tag = "accounts",
    request_body = NewAccountBody, responses((status = 201, body = Created)))]
pub async fn create(
    Extension(this): Extension<Organisation>,
    command: Command<NewAccountBody>,
) -> Answer<Response> {
    command.caller.require_somewhere("accounts.write")?;
    let input = command.input;
    for grant in &input.grants {
        command
            .caller
            .require("accounts.write", Object::in_area(&grant.area))?;
    }
    let new = NewAccount {
        name: input.name,
        display_name: input.display_name,
        password: input.password,
        person: None,
        unit: input.unit,
        post: None,
        grants: input.grants,
    };
    service::check_account(&new).map_err(OrganisationError::from)?;
    let password = new.password.clone();
    let hash = tokio::task::spawn_blocking(move || service::hash_password(&password))
        .await
        .map_err(|_| OrganisationError::Hash)??;
    let roles = std::sync::Arc::clone(&this.roles);
    let outcome = this
        .ledger
        .command(command.actor, command.idempotency, move |work| {
            service::create_account(work, &roles, &new, &hash).map(|id| Created { id })
        })
        .await?;
    Ok(created(outcome))
}

/// A role on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleRow {
    role: String,
    name_zh: String,
    operations: Vec<String>,
}

/// The table of roles.
#[utoipa::path(get, path = "/api/v1/roles", operation_id = "accounts.roles", tag = "accounts",
    responses((status = 200, body = Vec<RoleRow>)))]
pub async fn list_roles(Extension(this): Extension<Organisation>, _ask: Ask<Nothing>) -> Json<Vec<RoleRow>> {
    let rows = this.roles.all().map(|role| RoleRow {
        role: role.id.clone(),
        name_zh: role.name_zh.clone(),
        operations: role.operations.iter().cloned().collect(),
    });
    Json(rows.collect())
}
