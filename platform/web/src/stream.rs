//! The live stream: what the caller may see, from where the caller left off.

use std::convert::Infallible;
use std::time::Duration;

use anlan_access::{Caller, Object};
use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, LiveEntry};
use async_stream::stream;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_core::Stream;
use serde::{Deserialize, Serialize};

use crate::{Answer, Ask, Edge};

/// The route of the live stream.
pub fn router() -> Router<Edge> {
    Router::new().route("/api/v1/stream", get(follow))
}

#[derive(Debug, Deserialize)]
struct From {
    /// Only entries of this part of the city.
    #[serde(default)]
    area: String,
    /// Position to start after, when there is no `Last-Event-ID`.
    after: Option<u64>,
}

#[derive(Serialize)]
struct Shown<'e> {
    position: u64,
    origin: &'e str,
    seq: u64,
    kind: &'e str,
    stream: &'e str,
    area: &'e str,
    recorded_at: Timestamp,
    headline: &'e Headline,
    actor: ShownActor<'e>,
}

#[derive(Serialize)]
struct ShownActor<'e> {
    name: Option<&'e str>,
    unit: Option<&'e str>,
}

async fn follow(
    State(edge): State<Edge>,
    ask: Ask<From>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    ask.caller.require_somewhere("stream.read")?;
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
    let start = last
        .or(ask.query.after)
        .unwrap_or_else(|| edge.ledger.hub().position());
    let events = events(edge, ask.caller, ask.query.area, start);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).text("ping")))
}

fn events(
    edge: Edge,
    caller: Caller,
    area: String,
    start: u64,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream! {
        let mut cursor = start;
        let mut grown = edge.ledger.hub().watch();
        yield Ok(hello(&edge, cursor));
        loop {
            grown.mark_unchanged();
            match edge.ledger.live_after(cursor).await {
                Ok(entries) => for live in entries {
                    cursor = live.recorded.position;
                    if visible(&caller, &area, &live) {
                        yield Ok(event(&live));
                    }
                },
                Err(error) => tracing::warn!(%error, "the live stream could not read on"),
            }
            if edge.ledger.hub().position() <= cursor && grown.changed().await.is_err() {
                return;
            }
        }
    }
}

fn visible(caller: &Caller, area: &str, live: &LiveEntry) -> bool {
    let place = live.recorded.entry.area.as_str();
    place.starts_with(area) && caller.may("stream.read", Object::in_area(place))
}

fn hello(edge: &Edge, position: u64) -> Event {
    let now = edge.ledger.clock().now();
    Event::default()
        .event("hello")
        .data(format!("{{\"position\":{position},\"now\":\"{now}\"}}"))
}

fn event(live: &LiveEntry) -> Event {
    let entry = &live.recorded.entry;
    let shown = Shown {
        position: live.recorded.position,
        origin: &entry.origin,
        seq: entry.seq,
        kind: &entry.kind,
        stream: &entry.stream,
        area: &entry.area,
        recorded_at: live.recorded.at(),
        headline: &live.headline,
        actor: ShownActor {
            name: entry.actor.name.as_deref(),
            unit: entry.actor.unit.as_deref(),
        },
    };
    let data = serde_json::to_string(&shown).unwrap_or_default();
    Event::default()
        .event("entry")
        .id(live.recorded.position.to_string())
        .data(data)
}
