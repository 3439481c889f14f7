//! The organisation over HTTP: sessions, divisions, units, people, duty, accounts.

pub mod accounts;
pub mod directory;
pub mod own;
pub mod sessions;

use anlan_web::Edge;
use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Organisation;

/// All routes of the slice.
pub fn router(organisation: Organisation) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(sessions::open))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::me))
        .routes(routes!(directory::list_divisions))
        .routes(routes!(directory::get_division))
        .routes(routes!(directory::list_units))
        .routes(routes!(directory::get_unit))
        .routes(routes!(directory::list_people))
        .routes(routes!(directory::reveal_mobile))
        .routes(routes!(directory::list_bodies))
        .routes(routes!(directory::duty_now))
        .routes(routes!(own::password))
        .routes(routes!(own::sessions))
        .routes(routes!(own::end_session))
        .routes(routes!(own::totp_begin, own::totp_end))
        .routes(routes!(own::totp_confirm))
        .routes(routes!(own::pin))
        .routes(routes!(accounts::list_accounts, accounts::create))
        .routes(routes!(accounts::get_account, accounts::update))
        .routes(routes!(accounts::reset_password))
        .routes(routes!(accounts::unlock))
        .routes(routes!(accounts::sessions))
        .routes(routes!(accounts::end_sessions))
        .routes(routes!(accounts::reset_totp))
        .routes(routes!(accounts::tokens, accounts::issue_token))
        .routes(routes!(accounts::revoke_token))
        .routes(routes!(accounts::list_roles))
        .layer(Extension(organisation))
}
