//! Row 18: memory of the demo city, and how long a start takes, also after kill -9 with a million entries.

use anlan_tests::http::Request;
use anlan_tests::load::report;
use anlan_tests::node::Node;
use anlan_tests::place::{Scratch, copy_demo};
use anyhow::Result;
use rusqlite::Connection;

use crate::machine::{memory_kib, now};
use crate::measure::median;
use crate::report::Row;

const ENTRIES: i64 = 1_000_000;

/// Measures.
pub(crate) fn run() -> Result<Row> {
    let bar = "demo city ≤ 150 MB → ≤ 64 MB; start ≤ 200 ms; a million entries back after kill -9 ≤ 1 s";
    let mut row = Row::new("Row 18: footprint", bar);
    let scratch = Scratch::new("bench-footprint")?;
    let data = scratch.join("data");
    let start = now();
    Node::demo(&scratch.join("fresh"))?.stop()?;
    row.line(
        "demo city filled and served, from nothing",
        format!("{:.2} s", start.elapsed().as_secs_f64()),
    );
    copy_demo(&data)?;
    let (mut starts, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let start = now();
        let node = Node::demo(&data)?;
        starts.push(start.elapsed().as_secs_f64() * 1_000.0);
        resident.push(memory_kib(node.pid(), "VmRSS")? / 1_024.0);
        node.stop()?;
    }
    row.line(
        "start of the filled demo city",
        format!("{:.0} ms", median(&starts)),
    );
    row.line(
        "memory when it has started",
        format!("{:.0} MiB", median(&resident)),
    );
    let node = Node::demo(&data)?;
    used(&node, 500)?;
    row.line(
        "memory after 1,000 requests",
        format!("{:.0} MiB", memory_kib(node.pid(), "VmRSS")? / 1_024.0),
    );
    row.line(
        "memory at its highest",
        format!("{:.0} MiB", memory_kib(node.pid(), "VmHWM")? / 1_024.0),
    );
    node.stop()?;
    multiply(&data)?;
    let mut back = Vec::new();
    for _ in 0..5 {
        let node = Node::demo(&data)?;
        used(&node, 100)?;
        node.kill()?;
        let start = now();
        let node = Node::demo(&data)?;
        back.push(start.elapsed().as_secs_f64() * 1_000.0);
        node.kill()?;
    }
    row.line(
        "back after kill -9 with a million entries",
        format!("{:.0} ms", median(&back)),
    );
    row.note("The million are copies of the demo city's entries: a start does not read them. Reports are posted before each kill.".to_owned());
    Ok(row)
}

fn used(node: &Node, times: usize) -> Result<()> {
    let token = node.token_of("county_officer")?;
    let mut connection = node.connect()?;
    for number in 0..times {
        let posted = Request::post("/api/v1/incidents", &report(&format!("m{number}"), None)).bearer(&token);
        connection.ask(&posted)?;
        connection.ask(&Request::get("/api/v1/incidents?limit=50").bearer(&token))?;
    }
    Ok(())
}

/// Copies short entries before the present ones, whose numbers move up, until there are a million.
fn multiply(data: &std::path::Path) -> Result<()> {
    let connection = Connection::open(data.join("anlan.db"))?;
    connection.execute_batch(&format!(
        "PRAGMA synchronous=OFF;
         BEGIN;
         WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {ENTRIES})
         INSERT INTO ledger_entries (position, origin, seq, realm, hlc, recorded_at, actor, stream, version, kind, area, body, prev, hash)
         SELECT -n, origin || '-copy', n, realm, hlc, recorded_at, actor, stream || '-copy', n, kind || '-copy', area, body, prev, hash
         FROM number, (SELECT * FROM ledger_entries WHERE kind LIKE 'incident.followed_up%' ORDER BY position LIMIT 1);
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);"
    ))?;
    Ok(())
}
