//! Power cuts: what was acknowledged is on the disk when the power comes back.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::acks::{Fact, Verdict};
use crate::disk::{Disk, FileSystem};
use crate::kill;
use crate::load::{Client, PATIENCE, Plant, Watch};
use crate::node::{Node, WITHOUT_FSYNC};
use crate::place::copy_demo;
use crate::random::Random;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many times the power fails.
    pub cuts: usize,
    /// On which file system.
    pub file_system: FileSystem,
    /// Seed of all choices.
    pub seed: u64,
    /// Whether the node waits for the disk; the negative control does not.
    pub waits: Waits,
}

/// Whether commits wait for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// As shipped.
    ForTheDisk,
    /// The negative control (`synchronous=NORMAL`).
    ForNothing,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Facts that clients were told are recorded.
    pub recorded: usize,
    /// Facts acknowledged while the power was already being cut and not there afterwards: a dead machine says nothing,
    /// so they count as not told.
    pub gone_with_the_power: usize,
    /// The judgement.
    pub verdict: Verdict,
}

/// Size of the disk: the least that XFS takes.
const MEGABYTES: u64 = 320;

/// Cuts the power of a demo city at work, again and again, and judges in the end.
pub fn run(folder: &Path, plan: &Plan) -> Result<Outcome> {
    let disk = Disk::make(folder, plan.file_system, MEGABYTES)?;
    copy_demo(disk.path())?;
    let node = Node::demo(disk.path())?;
    let mut clients = kill::clients(
        &node,
        &kill::Plan {
            rounds: plan.cuts,
            clients: 3,
            seed: plan.seed,
            plant: Plant::Nothing,
        },
    )?;
    node.stop()?;
    disk.sync()?;
    let mut random = Random::new(plan.seed);
    for cut in 0..plan.cuts {
        one_cut(&disk, &mut clients, &mut random, plan.waits).with_context(|| format!("cut {cut}"))?;
    }
    let node = Node::demo(disk.path())?;
    if plan.waits == Waits::ForTheDisk {
        for client in &mut clients {
            client.settle(&node.address)?;
        }
    }
    node.stop()?;
    let facts: Vec<Fact> = clients.iter().flat_map(|client| client.facts.clone()).collect();
    let mut verdict = kill::judge(disk.path(), &facts)?;
    // Deadlines are counted by the kill test; here the node has no time for them.
    verdict.deadlines.clear();
    Ok(Outcome {
        recorded: clients.iter().map(Client::recorded).sum(),
        gone_with_the_power: clients.iter().map(|client| client.gone_with_the_power).sum(),
        verdict,
    })
}

fn one_cut(disk: &Disk, clients: &mut [Client], random: &mut Random, waits: Waits) -> Result<()> {
    let words: &[&str] = match waits {
        Waits::ForTheDisk => &[],
        Waits::ForNothing => &[WITHOUT_FSYNC],
    };
    let node = Node::demo_with(disk.path(), words)?;
    if waits == Waits::ForTheDisk {
        for client in clients.iter_mut() {
            client.settle(&node.address)?;
        }
    }
    let now = node.now()?;
    let (watch, answered) = Watch::new();
    thread::scope(|scope| {
        for client in clients.iter_mut() {
            let (watch, address) = (&watch, node.address.as_str());
            scope.spawn(move || client.work(address, now, 200, watch));
        }
        for _ in 0..=random.below(30) {
            if answered.recv_timeout(PATIENCE).is_err() {
                break;
            }
        }
        let moment = Duration::from_micros(u64::try_from(random.below(3_000)).unwrap_or(0));
        answered.recv_timeout(moment).ok();
        watch.cut_begins();
        let cut = disk.cut_power();
        // The node lives on for a moment without a disk, as no machine does.
        answered.recv_timeout(Duration::from_millis(20)).ok();
        node.end()?;
        cut
    })?;
    drop(node);
    disk.unmount()?;
    disk.mount()
}
