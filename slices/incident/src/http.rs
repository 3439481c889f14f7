//! Incidents over HTTP: taking, the board, lists, one incident and what is done with it.

pub mod acts;
pub mod chain;
pub mod drafts;
pub mod export;
pub mod extract;
pub mod lists;
pub mod moment;
pub mod photos;
pub mod reads;
pub mod statements;
pub mod wire;

use anlan_web::Edge;
use axum::Extension;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::Incidents;

/// What the form around a photo may add to it, in bytes.
const FORM_BYTES: usize = 64 << 10;

/// All routes of the slice.
pub fn router(incidents: Incidents) -> OpenApiRouter<Edge> {
    let largest = incidents.files.limits().upload_bytes + FORM_BYTES;
    OpenApiRouter::new()
        .routes(routes!(lists::list, acts::take))
        .routes(routes!(lists::board))
        .routes(routes!(export::export))
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
        .routes(routes!(statements::add_call))
        .routes(routes!(statements::casualty))
        .routes(routes!(statements::time))
        .routes(routes!(statements::learned))
        .routes(routes!(statements::enquire))
        .routes(routes!(statements::grade))
        .routes(routes!(statements::attach))
        .routes(routes!(chain::decide))
        .routes(routes!(chain::merge))
        .routes(routes!(chain::split))
        .routes(routes!(chain::report_zero))
        .routes(routes!(chain::watch))
        .routes(routes!(chain::city))
        .routes(routes!(photos::upload).layer(DefaultBodyLimit::max(largest)))
        .routes(routes!(photos::show))
        .routes(routes!(extract::read))
        .routes(routes!(drafts::list))
        .routes(routes!(drafts::save, drafts::delete))
        .layer(Extension(incidents))
}
