//! What monitoring asks: does the node live, can it work, how does it fare.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anlan_jobs::Runner;
use anlan_ledger::{Ledger, LedgerError};
use anlan_store::{Observer, StoreError, Trouble};
use anlan_telemetry::{Answered, Gauges, Metrics};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::node;

/// How often the node looks whether other servers on its store have written.
const LOOK: Duration = Duration::from_millis(200);

/// What the answers are made from.
#[derive(Clone)]
pub(crate) struct Monitor {
    ledger: Ledger,
    runner: Runner,
    metrics: Arc<Metrics>,
}

struct Commits(Arc<Metrics>);

impl Observer for Commits {
    fn committed(&self, commands: usize, seconds: f64) {
        self.0.committed(commands, seconds);
    }
}

/// Whether the node can work, and what is wrong when it cannot.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    /// Stable codes.
    reasons: Vec<&'static str>,
    /// The reasons in words.
    detail: Vec<String>,
}

impl Monitor {
    /// Begins to measure.
    pub(crate) fn new(ledger: Ledger, runner: Runner) -> Self {
        let metrics = Metrics::shared();
        ledger.db().observe(Box::new(Commits(Arc::clone(&metrics))));
        Self {
            ledger,
            runner,
            metrics,
        }
    }

    /// The routes.
    pub(crate) fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route("/healthz", get(async || "ok"))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics))
            .with_state(self.clone())
    }

    /// Keeps the live stream in step with what other servers and the command line write to the same store.
    pub(crate) async fn look_around(self) {
        let mut tick = tokio::time::interval(LOOK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if let Err(error) = self.ledger.look_around().await {
                tracing::debug!(%error, "the store could not be asked how far it has come");
            }
        }
    }

    async fn ready(&self) -> Readiness {
        let (mut reasons, mut detail) = (Vec::new(), Vec::new());
        let mut say = |code, words: String| {
            reasons.push(code);
            detail.push(words);
        };
        match self.ledger.db().trouble() {
            None => {}
            Some(Trouble::DiskFull) => say("store.disk_full", "the disk is full".to_owned()),
            Some(Trouble::Unwritable(why)) => say("store.unavailable", why),
        }
        let mut steps = anlan_ledger::migrations().to_vec();
        steps.extend(
            node::views()
                .iter()
                .flat_map(|view| view.migrations().iter().copied()),
        );
        steps.extend(node::side_migrations());
        let pending = self
            .ledger
            .db()
            .read(move |tx| anlan_store::pending(tx, &steps))
            .await;
        match pending {
            Ok(pending) if pending.is_empty() => {}
            Ok(pending) => say("store.migrations_pending", pending.join(", ")),
            Err(error) => say("store.unavailable", StoreError::to_string(&error)),
        }
        Readiness {
            ready: reasons.is_empty(),
            reasons,
            detail,
        }
    }

    async fn gauges(&self) -> Gauges {
        let (standing, db) = (self.runner.standing(), self.ledger.db());
        let deadlines: Result<u64, LedgerError> = db
            .read(|tx| Ok(anlan_incident::store::count_open_deadlines(tx)?))
            .await;
        Gauges {
            position: self.ledger.hub().position(),
            waiting: db.waiting(),
            streams: u64::try_from(self.ledger.hub().readers()).unwrap_or(0),
            open_deadlines: deadlines.unwrap_or(0),
            jobs_fired: standing.fired,
            jobs_failed: standing.failed,
            jobs_resting: u64::try_from(standing.resting.len()).unwrap_or(0),
            reserve: db.reserve(),
            writable: u64::from(db.trouble().is_none()),
        }
    }
}

async fn readyz(State(monitor): State<Monitor>) -> Response {
    let ready = monitor.ready().await;
    let status = if ready.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(ready)).into_response()
}

async fn metrics(State(monitor): State<Monitor>) -> Response {
    let gauges = monitor.gauges().await;
    match monitor.metrics.scrape(&gauges) {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the measurements could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Counts and times every answer by its route.
pub(crate) async fn measure(State(monitor): State<Monitor>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let started = now();
    let response = next.run(request).await;
    let answered = Answered {
        method,
        route,
        status: response.status().as_u16(),
    };
    monitor
        .metrics
        .answered(&answered, started.elapsed().as_secs_f64());
    response
}

#[expect(
    clippy::disallowed_methods,
    reason = "a latency is measured; nothing is decided by it"
)]
fn now() -> Instant {
    Instant::now()
}
