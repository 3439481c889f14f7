//! kill -9 at random moments under load: nothing acknowledged is lost, nothing is doubled, every deadline fires once.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::acks::{Fact, Told, Verdict};
use crate::feed;
use crate::http::Request;
use crate::load::{Client, PATIENCE, Plant, Watch};
use crate::node::Node;
use crate::random::Random;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many times the node is killed.
    pub rounds: usize,
    /// How many clients work at once.
    pub clients: usize,
    /// Seed of all choices.
    pub seed: u64,
    /// A fault to be found.
    pub plant: Plant,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Facts that clients were told are recorded.
    pub recorded: usize,
    /// Requests that were repeated after a restart.
    pub repeated: usize,
    /// Kept answers given again.
    pub replays: usize,
    /// Rounds in which the node was killed before it served.
    pub killed_starting: usize,
    /// How long the node took to serve again after a kill, the longest time.
    pub slowest_start: Duration,
    /// The judgement.
    pub verdict: Verdict,
}

/// The account that reports: a county owes its city a report, so there are deadlines.
const REPORTER: &str = "county_officer";

/// Signs clients in.
pub fn clients(node: &Node, plan: &Plan) -> Result<Vec<Client>> {
    let token = node.token_of(REPORTER)?;
    let client = |number: usize| {
        let seed = plan
            .seed
            .wrapping_mul(1_000)
            .wrapping_add(u64::try_from(number).unwrap_or(0));
        Client::new(format!("c{number}"), token.clone(), seed, plan.plant)
    };
    Ok((0..plan.clients).map(client).collect())
}

/// Runs the rounds over a filled demo city and judges in the end.
pub fn run(data: &Path, plan: &Plan) -> Result<Outcome> {
    let mut random = Random::new(plan.seed);
    let mut outcome = Outcome::default();
    let node = Node::demo(data)?;
    let mut clients = clients(&node, plan)?;
    node.kill()?;
    for round in 0..plan.rounds {
        if random.once_in(8) {
            kill_while_starting(data, &mut random)?;
            outcome.killed_starting += 1;
            continue;
        }
        let watch = stopwatch();
        let node = Node::demo(data)?;
        outcome.slowest_start = outcome.slowest_start.max(watch.elapsed());
        outcome.repeated +=
            one_round(node, &mut clients, &mut random).with_context(|| format!("round {round}"))?;
    }
    let node = Node::demo(data)?;
    for client in &mut clients {
        outcome.repeated += client.settle(&node.address)?;
    }
    let facts: Vec<Fact> = clients.iter().flat_map(|client| client.facts.clone()).collect();
    wait_for_deadlines(&node, &facts)?;
    node.stop()?;
    outcome.recorded = clients.iter().map(Client::recorded).sum();
    outcome.replays = clients.iter().map(|client| client.replays).sum();
    outcome.verdict = judge(data, &facts)?;
    Ok(outcome)
}

/// Compares the ledger of a stopped node with what clients were told, and lets the node prove itself.
pub fn judge(data: &Path, facts: &[Fact]) -> Result<Verdict> {
    let entries = feed::read(data, &data.with_extension("jsonl"))?;
    Ok(Verdict {
        unsound: feed::complaints(data),
        ..Verdict::of(facts, &entries)
    })
}

fn kill_while_starting(data: &Path, random: &mut Random) -> Result<()> {
    let (node, _) = Node::spawn(data, &[])?;
    // A moment of real time is the fault that is injected here.
    thread::sleep(Duration::from_micros(
        u64::try_from(random.below(120_000)).unwrap_or(0),
    ));
    node.kill()
}

#[expect(
    clippy::disallowed_methods,
    reason = "elapsed time is shown to a person and decides nothing"
)]
fn stopwatch() -> Instant {
    Instant::now()
}

/// Repeats what is open, works on, and kills the node in the middle of it.
fn one_round(node: Node, clients: &mut [Client], random: &mut Random) -> Result<usize> {
    let mut repeated = 0;
    for client in clients.iter_mut() {
        repeated += client.settle(&node.address)?;
    }
    let now = node.now()?;
    let address = node.address.clone();
    let answers = 1 + random.below(40);
    let moment = Duration::from_micros(u64::try_from(random.below(4_000)).unwrap_or(0));
    let (watch, answered) = Watch::new();
    thread::scope(|scope| {
        for client in clients.iter_mut() {
            let (watch, address) = (&watch, address.as_str());
            scope.spawn(move || client.work(address, now, 200, watch));
        }
        for _ in 0..answers {
            if answered.recv_timeout(PATIENCE).is_err() {
                break;
            }
        }
        // Between this answer and the next, wherever the node is just then.
        answered.recv_timeout(moment).ok();
        node.kill()
    })?;
    Ok(repeated)
}

/// Waits until the node has looked at its deadlines, which a node does whenever it comes up.
fn wait_for_deadlines(node: &Node, facts: &[Fact]) -> Result<()> {
    let token = node.token_of(REPORTER)?;
    for fact in facts.iter().filter(|fact| fact.overdue) {
        let Told::Recorded(id) = &fact.told else { continue };
        let timeline = Request::get(&format!("/api/v1/incidents/{id}/timeline")).bearer(&token);
        for _ in 0..100 {
            if node.ask(&timeline)?.text().contains("deadline_passed") {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(())
}
