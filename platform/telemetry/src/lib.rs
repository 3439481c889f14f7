//! What the node measures of itself, for Prometheus.
//!
//! One [`Metrics`] a node: counters and histograms are fed where things happen; gauges are read at the moment of a
//! scrape ([`Gauges`]). Names begin with `anlan_`; labels have few values (routes as written, never paths as asked).

use std::sync::Arc;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Answered {
    /// `GET`, `POST`, …
    pub method: String,
    /// The route as the program writes it, for example `/api/v1/incidents/{id}`.
    pub route: String,
    /// HTTP status.
    pub status: u16,
}

/// A route, for latencies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Route {
    /// The route as the program writes it.
    pub route: String,
}

/// What is read at the moment of a scrape.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gauges {
    /// Entries that this node has accepted.
    pub position: u64,
    /// Commands that wait for the writer.
    pub waiting: u64,
    /// Open live streams.
    pub streams: u64,
    /// Deadlines that still run or have passed unmet.
    pub open_deadlines: u64,
    /// Firings of jobs since the node came up.
    pub jobs_fired: u64,
    /// Failed firings since the node came up.
    pub jobs_failed: u64,
    /// Firings that fail again and again.
    pub jobs_resting: u64,
    /// Bytes held back for a full disk.
    pub reserve: u64,
    /// 1 when the store can be written.
    pub writable: u64,
}

/// The node's measurements.
pub struct Metrics {
    registry: Registry,
    http: Family<Answered, Counter>,
    http_seconds: Family<Route, Histogram, fn() -> Histogram>,
    commit_seconds: Histogram,
    group_size: Histogram,
    gauges: Vec<(Gauge, Value)>,
    memory: Gauge,
}

/// Reads one gauge.
type Value = fn(&Gauges) -> u64;

fn latency() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
}

/// Name, meaning and value of the gauges.
const GAUGES: &[(&str, &str, Value)] = &[
    ("ledger_position", "Entries this node has accepted", |g| {
        g.position
    }),
    ("store_waiting", "Commands waiting for the writer", |g| g.waiting),
    ("streams", "Open live streams", |g| g.streams),
    ("open_deadlines", "Reporting deadlines not yet met", |g| {
        g.open_deadlines
    }),
    ("jobs_fired", "Firings of jobs since the node came up", |g| {
        g.jobs_fired
    }),
    ("jobs_failed", "Failed firings since the node came up", |g| {
        g.jobs_failed
    }),
    ("jobs_resting", "Firings that fail again and again", |g| {
        g.jobs_resting
    }),
    (
        "store_reserve_bytes",
        "Disk space held back for a full disk",
        |g| g.reserve,
    ),
    ("store_writable", "1 when the store can be written", |g| {
        g.writable
    }),
];

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("anlan");
        let http = Family::<Answered, Counter>::default();
        let constructor: fn() -> Histogram = latency;
        let http_seconds = Family::new_with_constructor(constructor);
        let (commit_seconds, group_size) = (latency(), Histogram::new(exponential_buckets(1.0, 2.0, 10)));
        registry.register("http_requests", "Requests answered", http.clone());
        registry.register_with_unit("http", "Time to an answer", Unit::Seconds, http_seconds.clone());
        let about = "Time from the first command of a group to the disk";
        registry.register_with_unit("store_commit", about, Unit::Seconds, commit_seconds.clone());
        registry.register(
            "store_group_commands",
            "Commands that shared one commit",
            group_size.clone(),
        );
        let memory = Gauge::default();
        registry.register_with_unit(
            "process_memory",
            "Resident memory of the process",
            Unit::Bytes,
            memory.clone(),
        );
        let mut gauges = Vec::new();
        for (name, about, value) in GAUGES {
            let gauge: Gauge = Gauge::default();
            registry.register(*name, *about, gauge.clone());
            gauges.push((gauge, *value));
        }
        Self {
            registry,
            http,
            http_seconds,
            commit_seconds,
            group_size,
            gauges,
            memory,
        }
    }
}

impl Metrics {
    /// Makes the measurements of a node.
    pub fn shared() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Counts an answer and its time.
    pub fn answered(&self, answered: &Answered, seconds: f64) {
        let route = Route {
            route: answered.route.clone(),
        };
        self.http_seconds.get_or_create(&route).observe(seconds);
        self.http.get_or_create(answered).inc();
    }

    /// Counts a commit and its time.
    pub fn committed(&self, commands: usize, seconds: f64) {
        self.commit_seconds.observe(seconds);
        self.group_size
            .observe(f64::from(u32::try_from(commands).unwrap_or(u32::MAX)));
    }

    /// Everything, as Prometheus reads it.
    pub fn scrape(&self, now: &Gauges) -> Result<String, std::fmt::Error> {
        for (gauge, value) in &self.gauges {
            gauge.set(i64::try_from(value(now)).unwrap_or(i64::MAX));
        }
        self.memory.set(resident_bytes().unwrap_or(0));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Resident memory of this process, where the system tells it.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_tells_what_was_counted_and_what_was_read() {
        let metrics = Metrics::default();
        let answered = Answered {
            method: "GET".to_owned(),
            route: "/api/v1/incidents/{id}".to_owned(),
            status: 200,
        };
        metrics.answered(&answered, 0.01);
        metrics.answered(&answered, 0.02);
        metrics.committed(3, 0.004);
        let gauges = Gauges {
            position: 42,
            ..Gauges::default()
        };
        let text = metrics.scrape(&gauges).unwrap();
        for line in [
            "anlan_http_requests_total{method=\"GET\",route=\"/api/v1/incidents/{id}\",status=\"200\"} 2",
            "anlan_ledger_position 42",
            "anlan_store_commit_seconds_count 1",
            "anlan_store_group_commands_sum 3.0",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(text.contains("anlan_process_memory_bytes "));
    }
}
