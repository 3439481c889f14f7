//! What people do with their own account.

use anlan_web::{Answer, Ask, Command, Params, TokenOf, no_content};
use axum::response::Response;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Organisation;
use crate::error::OrganisationError;
use crate::http::sessions::Nothing;
use crate::model::SessionRow;
use crate::service::{PasswordChange, PinChange, TOKEN_PREFIX};

/// The token of a person's session; a machine's token is refused.
fn session(token: TokenOf) -> Result<String, OrganisationError> {
    if token.0.starts_with(TOKEN_PREFIX) {
        return Err(OrganisationError::Machine);
    }
    Ok(token.0)
}

/// A new password.
#[derive(Deserialize, ToSchema)]
pub struct PasswordBody {
    /// The current one.
    current: String,
    /// The new one, 10 to 128 characters, of at least two sorts.
    new: String,
}

/// Changes the own password; all other sessions end.
#[utoipa::path(post, path = "/api/v1/me/password", operation_id = "me.password", tag = "sessions",
    request_body = PasswordBody, responses((status = 204)))]
pub async fn password(
    Extension(this): Extension<Organisation>,
    token: TokenOf,
    command: Command<PasswordBody>,
) -> Answer<Response> {
    let change = PasswordChange {
        current: command.input.current,
        fresh: command.input.new,
        token: session(token)?,
    };
    this.change_password(&command.caller, change).await?;
    Ok(no_content())
}

/// The own sessions that still run.
#[utoipa::path(get, path = "/api/v1/me/sessions", operation_id = "me.sessions", tag = "sessions",
    responses((status = 200, body = Vec<SessionRow>)))]
pub async fn sessions(
    Extension(this): Extension<Organisation>,
    token: TokenOf,
    ask: Ask<Nothing>,
) -> Answer<Json<Vec<SessionRow>>> {
    Ok(Json(this.sessions(&ask.caller.account, &session(token)?).await?))
}

/// Ends one of the own sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", operation_id = "me.end_session", tag = "sessions",
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn end_session(
    Extension(this): Extension<Organisation>,
    Params(id): Params<String>,
    token: TokenOf,
    command: Command<Nothing>,
) -> Answer<Response> {
    session(token)?;
    this.end_session(&command.caller.account, id).await?;
    Ok(no_content())
}

/// A second factor that waits for its first code.
#[derive(Serialize, ToSchema)]
pub struct TotpSecret {
    /// For typing, in base 32.
    secret: String,
    /// For the QR code.
    otpauth_url: String,
}

/// Makes a secret for a second factor; it takes effect with its first code.
#[utoipa::path(post, path = "/api/v1/me/totp", operation_id = "me.totp_begin", tag = "sessions",
    responses((status = 200, body = TotpSecret)))]
pub async fn totp_begin(
    Extension(this): Extension<Organisation>,
    token: TokenOf,
    command: Command<Nothing>,
) -> Answer<Json<TotpSecret>> {
    session(token)?;
    let secret = this.begin_totp(&command.caller).await?;
    Ok(Json(TotpSecret {
        secret: secret.base32,
        otpauth_url: secret.url,
    }))
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
pub struct CodeBody {
    /// Six digits.
    code: String,
}

/// Codes that stand in for the second factor, each once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Shown now and never again.
    recovery_codes: Vec<String>,
}

/// Takes the second factor into use; answers with the recovery codes, shown once.
#[utoipa::path(post, path = "/api/v1/me/totp/confirm", operation_id = "me.totp_confirm", tag = "sessions",
    request_body = CodeBody, responses((status = 200, body = RecoveryCodes)))]
pub async fn totp_confirm(
    Extension(this): Extension<Organisation>,
    token: TokenOf,
    command: Command<CodeBody>,
) -> Answer<Json<RecoveryCodes>> {
    session(token)?;
    let recovery_codes = this.confirm_totp(&command.caller, command.input.code).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Takes the own second factor away, with a code of it.
#[utoipa::path(delete, path = "/api/v1/me/totp", operation_id = "me.totp_end", tag = "sessions",
    request_body = CodeBody, responses((status = 204)))]
pub async fn totp_end(
    Extension(this): Extension<Organisation>,
    token: TokenOf,
    command: Command<CodeBody>,
) -> Answer<Response> {
    session(token)?;
    this.end_totp(&command.caller, command.input.code).await?;
    Ok(no_content())
}

/// A new PIN.
#[derive(Deserialize, ToSchema)]
pub struct PinBody {
    /// The account's password.
    current: String,
    /// Six digits; `null` takes the PIN away.
    pin: Option<String>,
}

/// Sets the PIN for approvals on the telephone.
#[utoipa::path(post, path = "/api/v1/me/pin", operation_id = "me.pin", tag = "sessions",
    request_body = PinBody, responses((status = 204)))]
pub async fn pin(
    Extension(this): Extension<Organisation>,
    token: TokenOf,
    command: Command<PinBody>,
) -> Answer<Response> {
    session(token)?;
    let change = PinChange {
        password: command.input.current,
        pin: command.input.pin,
    };
    this.change_pin(&command.caller, change).await?;
    Ok(no_content())
}
