//! What tests of slices share: a node with simulated time over a store that is thrown away.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use anlan_foundation::{Realm, SeededIds, SharedClock, SimClock, SteadyClock, Timestamp};
use anlan_ledger::{Ledger, LedgerConfig, NodeIdentity, Suite, View};
use anlan_proof::SigningKey;
use anlan_store::{Options, Target};

/// A node for one test. Its store goes when it goes.
pub struct TestNode {
    /// Its ledger.
    pub ledger: Ledger,
    /// Its clock, which only moves when told to.
    pub clock: Arc<SimClock>,
    /// Its store.
    pub target: Target,
    /// Folder of an embedded store.
    pub dir: Option<PathBuf>,
    suite: Suite,
    views: Vec<Arc<dyn View>>,
}

/// 2026-11-24T03:12:00+08:00, when the telephone rings.
pub const START: Timestamp = Timestamp::from_seconds(1_795_461_120);

/// Makes the views that a node is opened with.
pub type Views = fn() -> Vec<Arc<dyn View>>;

/// Numbers the nodes of a test program.
static NODES: AtomicU32 = AtomicU32::new(0);

/// A name that no other node has, on this machine and on the server.
fn fresh_name(name: &str) -> String {
    let number = NODES.fetch_add(1, Ordering::Relaxed);
    format!("{name}-{}-{number}", std::process::id())
}

/// Address of the PostgreSQL server that the test run provides, if it does.
pub fn postgres_url() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test run hands the server over in the environment"
    )]
    std::env::var("ANLAN_TEST_PG").ok().filter(|url| !url.is_empty())
}

/// Runs a story on a node over SQLite and, when the test run provides a server, on one over PostgreSQL.
pub fn both_engines(views: Views, story: impl Fn(&TestNode)) {
    story(&TestNode::new(views()));
    if let Some(url) = postgres_url() {
        story(&TestNode::on_server(url, "story", Suite::Intl, views()));
    }
}

impl TestNode {
    /// Opens a node of the international suite over an embedded store of its own.
    pub fn new(views: Vec<Arc<dyn View>>) -> Self {
        Self::with_suite(Suite::Intl, views)
    }

    /// Opens a node of a suite over an embedded store of its own.
    pub fn with_suite(suite: Suite, views: Vec<Arc<dyn View>>) -> Self {
        Self::on_sqlite("node", suite, views)
    }

    /// Opens a node over an embedded store of its own; `name` tells its folder from others.
    pub fn on_sqlite(name: &str, suite: Suite, views: Vec<Arc<dyn View>>) -> Self {
        let folder = std::env::temp_dir().join(format!("anlan-test-{}", fresh_name(name)));
        drop(std::fs::remove_dir_all(&folder));
        let target = Target::Sqlite(folder.join("anlan.db"));
        Self::open(target, suite, views, Some(folder))
    }

    /// Opens a node in a schema of its own on the PostgreSQL server that the test run provides, if it does.
    pub fn on_postgres(name: &str, suite: Suite, views: Vec<Arc<dyn View>>) -> Option<Self> {
        Some(Self::on_server(postgres_url()?, name, suite, views))
    }

    fn on_server(url: String, name: &str, suite: Suite, views: Vec<Arc<dyn View>>) -> Self {
        let schema = Some(format!("t-{}", fresh_name(name)));
        Self::open(Target::Postgres { url, schema }, suite, views, None)
    }

    fn open(target: Target, suite: Suite, views: Vec<Arc<dyn View>>, dir: Option<PathBuf>) -> Self {
        let clock = Arc::new(SimClock::new(START));
        let ledger = open_ledger(&target, suite, views.clone(), &clock);
        Self {
            ledger,
            clock,
            target,
            dir,
            suite,
            views,
        }
    }

    /// Opens the same store once more, as a second server on it does, or the same one after it was killed.
    pub fn another_server(&self) -> Ledger {
        open_ledger(&self.target, self.suite, self.views.clone(), &self.clock)
    }

    /// Opens the same store as a node does: by a clock that does not follow [`Self::clock`] when that is set.
    pub fn another_steady_server(&self) -> Ledger {
        let machine: SharedClock = Arc::<SimClock>::clone(&self.clock);
        let steady: SharedClock = Arc::new(SteadyClock::new(machine));
        open_by(&self.target, self.suite, self.views.clone(), steady)
    }
}

/// Every opening makes other ids, as two servers do.
static OPENINGS: AtomicU64 = AtomicU64::new(42);

fn open_ledger(target: &Target, suite: Suite, views: Vec<Arc<dyn View>>, clock: &Arc<SimClock>) -> Ledger {
    open_by(target, suite, views, Arc::<SimClock>::clone(clock))
}

fn open_by(target: &Target, suite: Suite, views: Vec<Arc<dyn View>>, shared: SharedClock) -> Ledger {
    let config = LedgerConfig {
        target: target.clone(),
        options: Options {
            readers: 1,
            durable: false,
            reserve: 0,
        },
        identity: NodeIdentity {
            origin: "test".to_owned(),
            realm: Realm::Live,
            key: SigningKey::generate(suite, [7; 32]).expect("a fixed seed makes a key"),
            master: [9; 32],
        },
        views,
        side_migrations: anlan_jobs::migrations().to_vec(),
        ids: Arc::new(SeededIds::new(
            Arc::clone(&shared),
            OPENINGS.fetch_add(1, Ordering::Relaxed),
        )),
        clock: shared,
    };
    Ledger::open(config).expect("a fresh ledger opens")
}

impl Drop for TestNode {
    fn drop(&mut self) {
        if let Some(folder) = &self.dir {
            drop(std::fs::remove_dir_all(folder));
        }
        if let Target::Postgres {
            url,
            schema: Some(schema),
        } = &self.target
        {
            drop_schema(url, schema);
        }
    }
}

/// Removes a schema of a test. A failure is not the test's fault and leaves only litter.
fn drop_schema(url: &str, schema: &str) {
    if let Ok(mut client) = postgres::Client::connect(url, postgres::NoTls) {
        drop(client.batch_execute(&format!(
            "SET lock_timeout = '5s'; DROP SCHEMA \"{schema}\" CASCADE"
        )));
    }
}
