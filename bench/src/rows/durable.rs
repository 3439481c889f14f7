//! Row 5: durable writes by one user and by many, beside PostgreSQL and the bare disk.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::Plan;
use crate::client::{Make, load, request};
use crate::machine::{cpu_seconds, raw_syncs};
use crate::measure::{Pairs, median};
use crate::postgres::Postgres;
use crate::report::Row;
use crate::target::Ours;

/// Measures drafts (one row, as a row of the peer) and reports (a legal fact with all that belongs to it).
pub(crate) async fn run(plan: Plan) -> Result<Row> {
    let mut row = Row::new(
        "Row 5: durable writes by many users",
        "64 clients ≥ 1.5× → ≥ 3× PostgreSQL",
    );
    let ours = Ours::start("bench-durable")?;
    let peer = match Postgres::start(ours.scratch.path()) {
        Ok(peer) => Some(peer),
        Err(error) => {
            row.note(format!("peer skipped: {error:#}"));
            None
        }
    };
    for (clients, what) in [(1, "one client"), (64, "64 clients")] {
        side_by_side(&mut row, plan, (&ours, peer.as_ref()), (clients, what)).await?;
    }
    row.note(format!(
        "{} pairs of {} s. A row of PostgreSQL (600 bytes, pgbench, prepared, fsync on) stands beside a draft (one row over HTTP, signed in) \
         and a report (entry, checkpoint, sealed caller, view, kept answer over HTTP).",
        plan.pairs, plan.seconds
    ));
    Ok(row)
}

async fn side_by_side(
    row: &mut Row,
    plan: Plan,
    (ours, peer): (&Ours, Option<&Postgres>),
    (clients, what): (usize, &str),
) -> Result<()> {
    let (mut drafts, mut reports) = (Pairs::default(), Pairs::default());
    let (mut syncs, mut cpu) = (Vec::new(), Pairs::default());
    for _ in 0..plan.pairs {
        let before = cpu_seconds(&ours.pids());
        let draft = load(&ours.host, clients, plan.seconds, draft(ours)).await?;
        let ours_cpu = cpu_seconds(&ours.pids()) - before;
        let report = load(&ours.host, clients, plan.seconds, ours.report()).await?;
        syncs.push(raw_syncs(ours.scratch.path(), Duration::from_millis(500))?);
        let Some(peer) = peer else {
            drafts.push(draft.rate, f64::NAN);
            reports.push(report.rate, f64::NAN);
            continue;
        };
        let before = cpu_seconds(&peer.pids());
        let rate = tokio::task::block_in_place(|| peer.inserts(clients, plan.seconds))?;
        let peer_cpu = cpu_seconds(&peer.pids()) - before;
        drafts.push(draft.rate, rate);
        reports.push(report.rate, rate);
        let seconds = crate::client::count(usize::try_from(plan.seconds)?);
        cpu.push(draft.answers / ours_cpu, rate * seconds / peer_cpu);
    }
    row.line(
        &format!("{what}: drafts a second, ours"),
        format!("{:.0}", median(&drafts.ours)),
    );
    row.line(
        &format!("{what}: reports a second, ours"),
        format!("{:.0}", median(&reports.ours)),
    );
    row.line(
        &format!("{what}: bare fdatasyncs a second"),
        format!("{:.0}", median(&syncs)),
    );
    if peer.is_some() {
        row.line(
            &format!("{what}: rows a second, PostgreSQL"),
            format!("{:.0}", median(&drafts.theirs)),
        );
        row.line(
            &format!("{what}: drafts / PostgreSQL"),
            format!("{:.2}", drafts.ratio()),
        );
        row.line(
            &format!("{what}: reports / PostgreSQL"),
            format!("{:.2}", reports.ratio()),
        );
        row.line(
            &format!("{what}: drafts / PostgreSQL, per processor second"),
            format!("{:.2}", cpu.ratio()),
        );
    }
    Ok(())
}

fn draft(ours: &Ours) -> Make {
    let bearer = format!("Bearer {}", ours.token);
    Arc::new(move |number| {
        let body = format!("{{\"json\":{{\"text\":\"{}\"}}}}", "火".repeat(200));
        // An account keeps at most 50 drafts.
        let path = format!("/api/v1/drafts/bench-{}", number % 40);
        request("PUT", &path, &[("Authorization", bearer.as_str())], &body)
    })
}
