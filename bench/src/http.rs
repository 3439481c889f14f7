//! The floor: what the same HTTP library can do when it does nothing.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::Result;
use async_stream::stream;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;
use tokio::sync::broadcast::{Sender, channel};

/// The word on the command line that makes this program a server.
pub(crate) const COMMAND: &str = "floor-server";

/// Serves until it is killed; prints its address.
#[expect(clippy::print_stdout, reason = "the parent reads the address")]
pub(crate) fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let (screens, _) = channel::<String>(1_024);
        let router = Router::new()
            .route("/post", post(parsed))
            .route("/list", get(list))
            .route("/stream", get(follow))
            .route("/push", post(push))
            .with_state(screens);
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// Parses JSON, forgets it and answers.
async fn parsed(Json(value): Json<Value>) -> impl IntoResponse {
    Json(serde_json::json!({ "id": value["text"].as_str().map_or(0, str::len) }))
}

/// Answers with as many bytes as a list of fifty incidents has.
async fn list() -> impl IntoResponse {
    ([("content-type", "application/json")], LIST.as_str())
}

static LIST: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| format!("[\"{}\"]", "x".repeat(60_000)));

async fn push(State(screens): State<Sender<String>>, body: String) -> &'static str {
    // Nobody listening is no fault of the sender.
    screens.send(body).ok();
    "ok"
}

async fn follow(State(screens): State<Sender<String>>) -> impl IntoResponse {
    let mut receiver = screens.subscribe();
    let events = stream! {
        yield Ok::<_, Infallible>(Event::default().event("hello").data("{}"));
        while let Ok(data) = receiver.recv().await {
            yield Ok(Event::default().event("entry").data(data));
        }
    };
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
