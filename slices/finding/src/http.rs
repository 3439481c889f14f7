//! Findings over HTTP: the desk, one finding, its reply, its verdict, its pack.

pub mod acts;
pub mod reads;

use anlan_web::Edge;
use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Findings;

/// All routes of the slice.
pub fn router(findings: Findings) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(reads::list))
        .routes(routes!(reads::get))
        .routes(routes!(acts::reply))
        .routes(routes!(acts::judge))
        .routes(routes!(acts::pack))
        .layer(Extension(findings))
}
