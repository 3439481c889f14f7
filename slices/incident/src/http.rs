//! Incidents over HTTP: taking, the board, lists, one incident and what is done with it.

pub mod acts;
pub mod drafts;
pub mod reads;
pub mod wire;

use anlan_web::Edge;
use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Incidents;

/// All routes of the slice.
pub fn router(incidents: Incidents) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(reads::list, acts::take))
        .routes(routes!(reads::board))
        .routes(routes!(reads::duplicates))
        .routes(routes!(reads::get))
        .routes(routes!(reads::timeline))
        .routes(routes!(reads::event_classes))
        .routes(routes!(acts::report))
        .routes(routes!(acts::acknowledge))
        .routes(routes!(acts::verify))
        .routes(routes!(acts::follow_up))
        .routes(routes!(acts::close))
        .routes(routes!(acts::reveal_caller))
        .routes(routes!(drafts::list))
        .routes(routes!(drafts::save, drafts::delete))
        .layer(Extension(incidents))
}
