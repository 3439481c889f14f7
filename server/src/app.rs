//! Wiring: slices, edge, timers, and the server's life.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anlan_access::Roles;
use anlan_files::{Files, PhotoLimits};
use anlan_incident::Incidents;
use anlan_jobs::{Job, JobError, Runner};
use anlan_ledger::Ledger;
use anlan_organisation::rules::EventDuties;
use anlan_organisation::{NodeShown, Organisation};
use anlan_paper::Papers;
use anlan_resource::Resources;
use anlan_resource::service::ResourceRules;
use anlan_web::Edge;
use anyhow::Context as _;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::config::{Config, Settings};
use crate::directory::CityDirectory;
use crate::findings::findings;
use crate::law::Law;
use crate::monitor::{self, Monitor};
use crate::node::{self, NodeFile};
use crate::papers::{Stationery, papers};
use crate::{assets, clock, law_http, ledger_http, node_http, refusals, search, setup_http};

/// The table of roles that ships with the program.
const ROLES: &str = include_str!("../../rules/access.toml");

/// Folder of the photos, in the data directory.
pub(crate) const FILES: &str = "files";

/// Who prevents and who rescues.
const EVENT_DUTIES: &str = include_str!("../../rules/event-duties.toml");

/// How long running requests may take to end after the node was told to stop.
const LAST_REQUESTS: std::time::Duration = std::time::Duration::from_secs(3);

/// What the demo tells once it serves.
pub(crate) struct Ready {
    /// File to write it into.
    pub file: Option<PathBuf>,
    /// The demo accounts.
    pub accounts: Vec<DemoAccount>,
}

/// A log-in of the demo city.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DemoAccount {
    /// Log-in name.
    pub name: String,
    /// Password, made for this run.
    pub password: String,
    /// Role.
    pub role: String,
    /// Unit.
    pub unit: String,
    /// PIN for approvals, made for this run; only of those who may sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

#[derive(utoipa::OpenApi)]
#[openapi(info(title = "Anlan", description = "Emergency-management platform"))]
struct Api;

/// The table of roles.
pub(crate) fn roles() -> anyhow::Result<Arc<Roles>> {
    Ok(Arc::new(Roles::parse(ROLES)?))
}

/// The slices over an open ledger.
pub(crate) fn slices(
    ledger: &Ledger,
    node: &NodeFile,
    law: &Law,
    data: &Path,
) -> anyhow::Result<(Organisation, Incidents)> {
    let organisation = Organisation {
        ledger: ledger.clone(),
        roles: roles()?,
        node: node_shown(ledger, node),
        duties: Arc::new(EventDuties::parse(EVENT_DUTIES)?),
    };
    let incidents = Incidents {
        ledger: ledger.clone(),
        directory: Arc::new(CityDirectory::load(law)?),
        files: Files::new(data.join(FILES), ledger.suite(), PhotoLimits::default()),
    };
    Ok((organisation, incidents))
}

/// Resources over the incidents they are for.
pub(crate) fn resources(incidents: &Incidents) -> anyhow::Result<Resources> {
    Ok(Resources {
        ledger: incidents.ledger.clone(),
        incidents: incidents.clone(),
        rules: Arc::new(ResourceRules::shipped()?),
    })
}

/// The jobs of all slices.
pub(crate) fn jobs(organisation: &Organisation, papers: &Papers, kept_days: u32) -> anyhow::Result<Vec<Job>> {
    let mut jobs = anlan_incident::jobs::jobs(&papers.incidents);
    let clock = Arc::clone(papers.incidents.ledger.clock());
    jobs.push(clock::job(clock, organisation.node.division.clone()));
    let numbers = organisation.clone();
    jobs.push(Job::every("organisation.phones", 10, move |work, _| {
        // After a copy, a restore or a rebuild nobody is recognised by number until this has run.
        let taken = anlan_organisation::jobs::index_phones(&numbers, work.tx);
        taken.map(drop).map_err(JobError::slice)
    }));
    jobs.extend(anlan_paper::jobs::jobs(papers));
    jobs.extend(anlan_finding::jobs::jobs(&findings(papers)?));
    jobs.extend(anlan_resource::jobs::jobs());
    jobs.push(Job::every("ledger.idempotency", 10, move |work, _| {
        anlan_ledger::prune_responses(work.tx, work.now.plus_minutes(-i64::from(kept_days) * 24 * 60))?;
        Ok(())
    }));
    jobs.push(Job::every("organisation.sessions", 10, |work, _| {
        anlan_organisation::jobs::forget_ended_sessions(work.tx, work.now)?;
        Ok(())
    }));
    Ok(jobs)
}

fn node_shown(ledger: &Ledger, node: &NodeFile) -> NodeShown {
    NodeShown {
        name: node.name.clone(),
        division: node.division.clone(),
        division_name: node.division_name.clone(),
        realm: ledger.realm().to_string(),
        demo: node.demo,
        suite: node.suite.to_string(),
        origin: node.origin.clone(),
    }
}

fn routes(
    node: NodeFile,
    law: Law,
    organisation: Organisation,
    papers: Papers,
) -> anyhow::Result<OpenApiRouter<Edge>> {
    let incidents = papers.incidents.clone();
    let findings = findings(&papers)?;
    let resources = resources(&incidents)?;
    Ok(OpenApiRouter::with_openapi(Api::openapi())
        .merge(ledger_http::router(node.clone()))
        .merge(node_http::router(node, incidents.ledger.clock().now()))
        .merge(anlan_organisation::http::router(organisation))
        .merge(anlan_incident::http::router(incidents))
        .merge(anlan_paper::http::router(papers))
        .merge(anlan_resource::http::router(resources))
        .merge(law_http::router(law))
        .merge(anlan_finding::http::router(findings))
        .merge(search::router()))
}

/// The OpenAPI document, without opening a node.
pub(crate) fn openapi() -> anyhow::Result<String> {
    let folder = std::env::temp_dir().join(format!("anlan-openapi-{}", std::process::id()));
    let node = crate::demo::identity();
    let clock = Arc::new(anlan_foundation::SystemClock);
    let ids: anlan_foundation::SharedIds = Arc::new(anlan_foundation::RandomIds::new(clock));
    node::create(&folder, &node, &ids)?;
    let ledger = node::open(&Config::in_folder(&folder))?;
    let law = Law::load(None)?;
    let (organisation, incidents) = slices(&ledger, &node, &law, &folder)?;
    let papers = papers(&organisation, &incidents, Stationery::default())?;
    let (_, document) = routes(node, law, organisation, papers)?.split_for_parts();
    std::fs::remove_dir_all(&folder)?;
    Ok(refusals::describe(document).to_pretty_json()?)
}

pub(crate) fn router(
    monitor: &Monitor,
    edge: Edge,
    node: NodeFile,
    law: Law,
    organisation: Organisation,
    papers: Papers,
) -> anyhow::Result<Router> {
    let (api, document) = routes(node, law, organisation, papers)?.split_for_parts();
    // Shared, not copied: a route's closure is cloned whenever its router is.
    let document = axum::body::Bytes::from(refusals::describe(document).to_json()?);
    let router = Router::new()
        .merge(api)
        .merge(anlan_web::stream_router())
        .merge(monitor.router())
        .route(
            "/api/openapi.json",
            get(async move || ([("content-type", "application/json")], document)),
        )
        .fallback(assets::serve)
        .layer(axum::middleware::from_fn_with_state(
            monitor.clone(),
            monitor::measure,
        ))
        .layer(DefaultBodyLimit::max(1 << 20))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new());
    Ok(with_headers(router).with_state(edge))
}

/// Sets what every answer says to browsers: nothing comes from elsewhere, nobody frames us.
pub(crate) fn with_headers<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
                  worker-src 'self' blob:; frame-ancestors 'none'";
    router
        .layer(SetResponseHeaderLayer::overriding(
            axum::http::header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            axum::http::header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
}

/// Serves the node until it is told to stop.
pub(crate) fn serve(config: &Config, ready: Option<Ready>) -> anyhow::Result<()> {
    start_logging(&config.settings);
    let law = Law::load(config.settings.rules_dir.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // The first text pasted after a start is read as fast as the others.
    drop(runtime.spawn_blocking(anlan_extract::warm_for_threads));
    let listener = std::net::TcpListener::bind(&config.settings.listen)
        .with_context(|| format!("listening on {}", config.settings.listen))?;
    listener.set_nonblocking(true)?;
    if !node::exists(&config.data) {
        // The same socket serves the first run and then the node: whoever asks in between waits and is not refused.
        let first_run = setup_http::serve(listener.try_clone()?, config.clone());
        if runtime.block_on(first_run)? == setup_http::Outcome::Stopped {
            return Ok(());
        }
    }
    let node = node::load(&config.data)?;
    let ledger = node::open(config)?;
    // Tells the live stream where it stands before anybody listens.
    ledger
        .db()
        .write_blocking(|_| Ok::<_, anlan_store::StoreError>(()))?;
    let (organisation, incidents) = slices(&ledger, &node, &law, &config.data)?;
    let papers = papers(&organisation, &incidents, Stationery::of(config))?;
    let runner = Runner::come_up(
        &ledger,
        jobs(&organisation, &papers, config.settings.idempotency_days)?,
    )?;
    let edge = Edge::new(ledger.clone(), Arc::new(organisation.clone()));
    let monitor = Monitor::new(ledger, runner.clone());
    let router = router(&monitor, edge, node, law, organisation, papers)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let address = format!("http://{}", listener.local_addr()?);
        announce(&address, ready)?;
        let (stop_jobs, jobs_stopped) = tokio::sync::oneshot::channel::<()>();
        let jobs = tokio::spawn(runner.run(async { drop(jobs_stopped.await) }));
        let looking = tokio::spawn(monitor.look_around());
        serve_until_stopped(listener, router).await?;
        looking.abort();
        drop(stop_jobs);
        Ok(jobs.await?)
    })
}

/// Answers until it is told to stop, then lets running requests end; a live stream would never end by itself.
async fn serve_until_stopped(listener: tokio::net::TcpListener, router: Router) -> std::io::Result<()> {
    let (stop, stopping) = tokio::sync::watch::channel(());
    let mut also = stopping.clone();
    let mut asked = stopping;
    // Made ready once: else the whole router would be built anew for every connection, and kept with it.
    let serving = axum::serve(listener, router.into_make_service())
        .with_graceful_shutdown(async move { drop(asked.changed().await) })
        .into_future();
    let serving = tokio::spawn(serving);
    tokio::spawn(async move {
        stopped().await;
        drop(stop);
    });
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => ended?,
        _ = also.changed() => tokio::time::timeout(LAST_REQUESTS, serving).await.unwrap_or(Ok(Ok(())))?,
    }
}

fn start_logging(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(&settings.log));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if settings.log_json {
        builder.json().try_init()
    } else {
        builder.try_init()
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging was started before");
    }
}

#[derive(Serialize)]
struct ReadyFile<'r> {
    address: &'r str,
    accounts: &'r [DemoAccount],
}

fn announce(address: &str, ready: Option<Ready>) -> anyhow::Result<()> {
    println!("安澜 Anlan: {address}");
    let Some(ready) = ready else { return Ok(()) };
    println!("演示账号 (demo accounts):");
    for account in &ready.accounts {
        let pin = account
            .pin
            .as_ref()
            .map_or_else(String::new, |pin| format!("  PIN {pin}"));
        println!(
            "  {:<12} {}  {} · {}{pin}",
            account.name, account.password, account.role, account.unit
        );
    }
    if let Some(path) = ready.file {
        let text = serde_json::to_string(&ReadyFile {
            address,
            accounts: &ready.accounts,
        })?;
        // Written whole and then renamed, so that nobody reads half of it.
        let half = path.with_extension("part");
        std::fs::write(&half, text)?;
        std::fs::rename(&half, &path)?;
    }
    Ok(())
}

pub(crate) async fn stopped() {
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(term) => term,
        Err(error) => {
            tracing::error!(%error, "cannot listen for SIGTERM");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
