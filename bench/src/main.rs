//! `cargo xtask bench [ROW…]`: the hot paths of the program beside a peer or a floor, in the same seconds.
//!
//! Machines differ and disks are moody, so a figure alone says little: every row alternates ours and the other
//! (A B A B …), quotes both raw figures and judges by the median of the ratios. `--pairs N` (5), `--seconds N` (3),
//! `--screens N` (5,000).
#![expect(
    clippy::print_stdout,
    reason = "figures are told to the person at the terminal"
)]

mod client;
mod http;
mod machine;
mod measure;
mod peers;
mod postgres;
mod report;
mod rows;
mod target;

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::peers::Peers;
use crate::report::Row;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Pairs of measurements.
    pub pairs: usize,
    /// Seconds of each measurement.
    pub seconds: u64,
    /// Screens of the push row.
    pub screens: usize,
}

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut words: Vec<String>) -> Result<()> {
    if words.first().is_some_and(|word| word == http::COMMAND) {
        return http::serve();
    }
    let plan = Plan {
        pairs: number(&mut words, "--pairs")?.unwrap_or(5),
        seconds: u64::try_from(number(&mut words, "--seconds")?.unwrap_or(3))?,
        screens: number(&mut words, "--screens")?.unwrap_or(5_000),
    };
    machine::raise_limits();
    let wanted = |row: &str| words.is_empty() || words.iter().any(|word| word == row);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let mut rows: Vec<Row> = Vec::new();
    if wanted("4") {
        rows.push(runtime.block_on(rows::post::run(plan))?);
    }
    if wanted("5") {
        rows.push(runtime.block_on(rows::durable::run(plan))?);
    }
    if wanted("7") {
        rows.push(runtime.block_on(rows::push::run(plan))?);
    }
    if ["9", "10", "11", "12"].iter().any(|row| wanted(row)) {
        rows.extend(with_peers(plan, &wanted)?);
    }
    if wanted("17") {
        rows.push(runtime.block_on(rows::reads::run(plan))?);
    }
    if wanted("18") {
        rows.push(rows::footprint::run()?);
    }
    if wanted("31") {
        rows.push(rows::reading::law(plan)?);
    }
    if wanted("32") {
        rows.push(rows::reading::texts(plan)?);
    }
    report::write(&rows)
}

/// The rows whose peers come from `PyPI`.
fn with_peers(plan: Plan, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Row>> {
    let peers = match Peers::install() {
        Ok(peers) => Some(peers),
        Err(error) => {
            println!("peers skipped: {error:#}");
            None
        }
    };
    let peers = peers.as_ref();
    let mut rows = Vec::new();
    if wanted("9") {
        rows.push(rows::roads::nearest(plan, peers)?);
    }
    if wanted("10") {
        rows.push(rows::roads::closures(plan, peers)?);
    }
    if wanted("11") {
        rows.push(rows::sending::evacuation(plan, peers)?);
    }
    if wanted("12") {
        rows.push(rows::sending::dispatching(plan, peers)?);
    }
    Ok(rows)
}

/// Takes `--name N` out of the words.
fn number(words: &mut Vec<String>, name: &str) -> Result<Option<usize>> {
    let Some(at) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    words.remove(at);
    let word = (at < words.len()).then(|| words.remove(at));
    let word = word.with_context(|| format!("{name} wants a number"))?;
    Ok(Some(word.parse().with_context(|| format!("{name} {word}"))?))
}
