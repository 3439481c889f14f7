//! The live stream: what the caller may see, from where the caller left off.

use std::convert::Infallible;
use std::time::Duration;

use anlan_access::{Caller, Object};
use anlan_foundation::Timestamp;
use anlan_ledger::{Headline, LiveEntry};
use async_stream::stream;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_core::Stream;
use serde::{Deserialize, Serialize};

use crate::{Answer, Ask, Edge, token_of};

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
    let reader = Reader {
        checked_at: edge.ledger.clock().now(),
        token: token_of(&Method::GET, &headers)?,
        caller: ask.caller,
        area: ask.query.area,
    };
    let events = events(edge, reader, start);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).text("ping")))
}

/// How long a reader is taken for who it was, in microseconds.
const TRUSTED_MICROS: i64 = 15_000_000;

/// Who reads, and what.
struct Reader {
    token: String,
    caller: Caller,
    area: String,
    checked_at: Timestamp,
}

impl Reader {
    /// Asks again who it is when the last answer is old: a session that has ended, and a grant that was taken away,
    /// end what the stream shows. `false` ends the stream.
    async fn is_still_trusted(&mut self, edge: &Edge) -> bool {
        let now = edge.ledger.clock().now();
        if (0..TRUSTED_MICROS).contains(&now.micros_since(self.checked_at)) {
            return true;
        }
        match edge.authenticator.authenticate(self.token.clone()).await {
            Ok(caller) => {
                self.caller = caller;
                self.checked_at = now;
                true
            }
            Err(error) => {
                tracing::debug!(%error, "a live stream ends with its session");
                false
            }
        }
    }

    fn may_see(&self, live: &LiveEntry) -> bool {
        let place = live.recorded.entry.area.as_str();
        place.starts_with(&self.area) && self.caller.may("stream.read", Object::in_area(place))
    }
}

/// A reader pulls: what it has not taken waits in the ledger, not in memory, so a stalled one costs and delays nobody.
fn events(edge: Edge, mut reader: Reader, start: u64) -> impl Stream<Item = Result<Event, Infallible>> {
    stream! {
        let mut cursor = start;
        let mut grown = edge.ledger.hub().watch();
        yield Ok(hello(&edge, cursor));
        loop {
            grown.mark_unchanged();
            if !reader.is_still_trusted(&edge).await {
                return;
            }
            match edge.ledger.live_after(cursor).await {
                Ok(entries) => for live in entries {
                    cursor = live.recorded.position;
                    if reader.may_see(&live) {
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
