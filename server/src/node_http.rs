//! The node over HTTP: what it is, whether it lives, how it fares.

use anlan_foundation::Timestamp;
use anlan_web::{Answer, Edge};
use axum::extract::State;
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::node::NodeFile;

/// What anybody may know of a node.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodeState {
    name: String,
    division: String,
    division_name: String,
    origin: String,
    realm: String,
    demo: bool,
    initialised: bool,
    suite: String,
    version: String,
    position: u64,
    started_at: Timestamp,
    now: Timestamp,
    /// By how many seconds the machine's clock is ahead of the node's since somebody set it; negative when behind, 0
    /// when they agree.
    machine_clock_ahead_seconds: i64,
}

/// All routes about the node.
pub(crate) fn router(node: NodeFile, started: Timestamp) -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .layer(Extension(node))
        .layer(Extension(started))
}

/// What this node is.
#[utoipa::path(get, path = "/api/v1/node", operation_id = "node.show", tag = "node", responses((status = 200, body = NodeState)))]
async fn show(
    Extension(node): Extension<NodeFile>,
    Extension(started): Extension<Timestamp>,
    State(edge): State<Edge>,
) -> Answer<Json<NodeState>> {
    Ok(Json(NodeState {
        name: node.name,
        division: node.division,
        division_name: node.division_name,
        origin: node.origin,
        realm: edge.ledger.realm().to_string(),
        demo: node.demo,
        initialised: true,
        suite: node.suite.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        position: edge.ledger.hub().position(),
        started_at: started,
        now: edge.ledger.clock().now(),
        machine_clock_ahead_seconds: edge
            .ledger
            .clock()
            .difference()
            .map_or(0, |differ| differ.ahead_micros() / 1_000_000),
    }))
}
