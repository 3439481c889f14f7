//! Resources over HTTP: registers, rosters, experts, flights, overview.

pub mod experts;
pub mod overview;
pub mod records;
pub mod wire;

use anlan_web::Edge;
use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Resources;

/// All routes of the slice.
pub fn router(resources: Resources) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(records::list, records::create))
        .routes(routes!(records::get, records::update))
        .routes(routes!(records::import))
        .routes(routes!(records::near))
        .routes(routes!(records::set_readiness))
        .routes(routes!(records::confirm))
        .routes(routes!(records::retire))
        .routes(routes!(records::members, records::set_members))
        .routes(routes!(records::reveal))
        .routes(routes!(records::deeds, records::add_deed))
        .routes(routes!(overview::registers))
        .routes(routes!(overview::overview))
        .routes(routes!(overview::expiring))
        .routes(routes!(experts::rank))
        .routes(routes!(experts::of_incident, experts::ask))
        .routes(routes!(experts::of_expert))
        .routes(routes!(experts::answer))
        .routes(routes!(experts::appraise))
        .routes(routes!(experts::flights, experts::apply))
        .routes(routes!(experts::step))
        .layer(Extension(resources))
}
