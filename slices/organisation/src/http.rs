//! The organisation over HTTP: sessions, divisions, units, people, duty, accounts.

pub mod accounts;
pub mod directory;
pub mod own;
pub mod places;
pub mod registry;
pub mod roster;
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
        .routes(routes!(places::list_divisions))
        .routes(routes!(places::get_division))
        .routes(routes!(places::import))
        .routes(routes!(places::retire))
        .routes(routes!(places::grids))
        .routes(routes!(places::create_grid))
        .routes(routes!(places::update_grid))
        .routes(routes!(places::close_grid))
        .routes(routes!(places::households))
        .routes(routes!(places::create_household))
        .routes(routes!(places::update_household))
        .routes(routes!(places::close_household))
        .routes(routes!(places::reveal_household))
        .routes(routes!(directory::list_units, registry::create_unit))
        .routes(routes!(directory::get_unit, registry::update_unit))
        .routes(routes!(roster::shifts, roster::plan_shifts))
        .routes(routes!(registry::relate))
        .routes(routes!(registry::end_relation))
        .routes(routes!(registry::create_post))
        .routes(routes!(registry::update_post))
        .routes(routes!(directory::list_people, directory::create_person))
        .routes(routes!(directory::get_person, directory::update_person))
        .routes(routes!(directory::look_up))
        .routes(routes!(directory::who_answers))
        .routes(routes!(directory::event_duties))
        .routes(routes!(directory::reveal_mobile))
        .routes(routes!(directory::erase))
        .routes(routes!(directory::list_bodies, registry::create_body))
        .routes(routes!(registry::update_body))
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
