//! Papers over HTTP: lists, one paper and what is done with it, its files, and the second route.

pub mod acts;
pub mod files;
pub mod reads;
pub mod wire;

use anlan_web::Edge;
use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Papers;

/// All routes of the slice.
pub fn router(papers: Papers) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(reads::list, acts::draw))
        .routes(routes!(reads::kinds))
        .routes(routes!(acts::take_in))
        .routes(routes!(reads::get))
        .routes(routes!(acts::edit))
        .routes(routes!(acts::submit))
        .routes(routes!(acts::send_back))
        .routes(routes!(acts::sign))
        .routes(routes!(acts::receive))
        .routes(routes!(acts::discard))
        .routes(routes!(files::pdf))
        .routes(routes!(files::word))
        .routes(routes!(files::page))
        .routes(routes!(files::carry))
        .layer(Extension(papers))
}
