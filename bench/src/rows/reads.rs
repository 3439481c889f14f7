//! Row 17: the list of fifty incidents and the duty board, with the permission filter.

use std::sync::Arc;

use anyhow::Result;

use crate::Plan;
use crate::client::{Make, load, request};
use crate::machine::cpu_seconds;
use crate::measure::{Pairs, median};
use crate::postgres::Postgres;
use crate::report::Row;
use crate::target::{Floor, Ours};

const CONNECTIONS: usize = 32;

/// Measures list and board beside the floor, and beside a point read of PostgreSQL.
pub(crate) async fn run(plan: Plan) -> Result<Row> {
    let mut row = Row::new("Row 17: reads", "list ≥ 3k/s → ≥ 15k/s");
    let (ours, floor) = (Ours::start("bench-reads")?, Floor::start()?);
    // Some seconds of reports, so that the list is cut out of many.
    let filled = load(&ours.host, CONNECTIONS, 2, ours.report()).await?;
    let floor_list: Make = Arc::new(|_| request("GET", "/list", &[], ""));
    for (what, path) in [
        ("list of 50", "/api/v1/incidents?limit=50"),
        ("board", "/api/v1/incidents/board"),
        ("who am I", "/api/v1/me"),
    ] {
        let (mut rates, mut per_cpu, mut p99) = (Pairs::default(), Pairs::default(), Vec::new());
        for _ in 0..plan.pairs {
            let before = cpu_seconds(&ours.pids());
            let a = load(&ours.host, CONNECTIONS, plan.seconds, get(&ours, path)).await?;
            let ours_cpu = cpu_seconds(&ours.pids()) - before;
            let before = cpu_seconds(&floor.pids());
            let b = load(&floor.host, CONNECTIONS, plan.seconds, Arc::clone(&floor_list)).await?;
            rates.push(a.rate, b.rate);
            per_cpu.push(
                a.answers / ours_cpu,
                b.answers / (cpu_seconds(&floor.pids()) - before),
            );
            p99.push(a.p99_ms);
        }
        row.line(
            &format!("{what}: ours a second"),
            format!("{:.0}", median(&rates.ours)),
        );
        row.line(
            &format!("{what}: 99 of 100 within"),
            format!("{:.1} ms", median(&p99)),
        );
        row.line(
            &format!("{what}: ours a processor second"),
            format!("{:.0}", median(&per_cpu.ours)),
        );
        row.line(
            &format!("{what}: ours / floor (axum, 60 KB of text)"),
            format!("{:.3}", rates.ratio()),
        );
        if what == "board" {
            row.line("floor a second", format!("{:.0}", median(&rates.theirs)));
        }
    }
    match Postgres::start(ours.scratch.path()) {
        Ok(peer) => {
            let rate = tokio::task::block_in_place(|| {
                peer.inserts(8, 1)?;
                peer.point_reads(CONNECTIONS, plan.seconds)
            })?;
            row.line("PostgreSQL, one row by its key, a second", format!("{rate:.0}"));
        }
        Err(error) => row.note(format!("peer skipped: {error:#}")),
    }
    row.note(format!(
        "{CONNECTIONS} connections, {} pairs of {} s, {:.0} incidents before. Peer (Alerta) skipped: not installed.",
        plan.pairs, plan.seconds, filled.answers
    ));
    Ok(row)
}

fn get(ours: &Ours, path: &'static str) -> Make {
    let bearer = format!("Bearer {}", ours.token);
    Arc::new(move |_| request("GET", path, &[("Authorization", bearer.as_str())], ""))
}
