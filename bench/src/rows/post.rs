//! Row 4: one event posted, with idempotency key, ledger entry, checkpoint and view, on disk before the answer.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::Plan;
use crate::client::{Make, load, request};
use crate::machine::{cpu_seconds, raw_syncs};
use crate::measure::{Pairs, median};
use crate::report::Row;
use crate::target::{Floor, Ours};

const CONNECTIONS: usize = 64;

/// Measures ours beside the floor and beside the bare disk.
pub(crate) async fn run(plan: Plan) -> Result<Row> {
    let mut row = Row::new(
        "Row 4: one event posted, durable",
        "≥ 1× → ≥ 2× Alertmanager (15.6k/s in memory there)",
    );
    let (ours, floor) = (Ours::start("bench-post")?, Floor::start()?);
    let post: Make = {
        let body = anlan_tests::load::report("floor", None).to_string();
        Arc::new(move |_| request("POST", "/post", &[], &body))
    };
    let (mut rates, mut per_cpu, mut p99, mut syncs) =
        (Pairs::default(), Pairs::default(), Vec::new(), Vec::new());
    for _ in 0..plan.pairs {
        let before = cpu_seconds(&ours.pids());
        let a = load(&ours.host, CONNECTIONS, plan.seconds, ours.report()).await?;
        let ours_cpu = cpu_seconds(&ours.pids()) - before;
        syncs.push(raw_syncs(ours.scratch.path(), Duration::from_millis(500))?);
        let before = cpu_seconds(&floor.pids());
        let b = load(&floor.host, CONNECTIONS, plan.seconds, Arc::clone(&post)).await?;
        let floor_cpu = cpu_seconds(&floor.pids()) - before;
        rates.push(a.rate, b.rate);
        per_cpu.push(a.answers / ours_cpu, b.answers / floor_cpu);
        p99.push(a.p99_ms);
    }
    row.line("ours, events a second", format!("{:.0}", median(&rates.ours)));
    row.line(
        "ours, 99 of 100 answered within",
        format!("{:.0} ms", median(&p99)),
    );
    row.line(
        "ours, events a processor second",
        format!("{:.0}", median(&per_cpu.ours)),
    );
    row.line(
        "floor (axum parses and forgets), events a second",
        format!("{:.0}", median(&rates.theirs)),
    );
    row.line(
        "floor, events a processor second",
        format!("{:.0}", median(&per_cpu.theirs)),
    );
    row.line("ours / floor, rate", format!("{:.3}", rates.ratio()));
    row.line(
        "ours / floor, per processor second",
        format!("{:.3}", per_cpu.ratio()),
    );
    row.line(
        "bare append and fdatasync of 4 KiB a second",
        format!("{:.0}", median(&syncs)),
    );
    row.line(
        "events a second / bare fdatasyncs a second",
        format!("{:.2}", median(&rates.ours) / median(&syncs)),
    );
    row.note(format!("{CONNECTIONS} connections, {} pairs of {} s. Peer (Alertmanager) skipped: not installed; the floor stands in.", plan.pairs, plan.seconds));
    Ok(row)
}
