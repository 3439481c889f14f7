//! Rows 11 and 12: evacuation at the least cost, and dispatch to several incidents.

use anlan_assign::{
    Arc, Block, Effort, Group, Need, Network, Problem, Shelter, Transport, Trip, Unit, dispatch, evacuate,
    solve,
};
use anlan_tests::random::Random;
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Plan;
use crate::machine::now;
use crate::measure::{Pairs, at, median};
use crate::peers::{Peers, figures};
use crate::report::Row;

const PEOPLE: i64 = 452_000;
const BLOCKS: usize = 2_000;
const SHELTERS: usize = 26;

fn number(random: &mut Random, end: usize) -> i64 {
    i64::try_from(random.below(end)).unwrap_or(0)
}

fn distance(a: (i64, i64), b: (i64, i64)) -> i64 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

/// Blocks, shelters with room for all and a little more, and every way between them.
fn city() -> (Vec<Block>, Vec<Shelter>, Vec<Transport>) {
    let mut random = Random::new(11);
    let place = |random: &mut Random| (number(random, 9_000), number(random, 9_000));
    let whole = |count: usize| i64::try_from(count).unwrap_or(0);
    let each = PEOPLE / whole(BLOCKS);
    let homes: Vec<(i64, i64)> = (0..BLOCKS).map(|_| place(&mut random)).collect();
    let havens: Vec<(i64, i64)> = (0..SHELTERS).map(|_| place(&mut random)).collect();
    let room = PEOPLE / whole(SHELTERS) + 1;
    let shelters = (0..SHELTERS)
        .map(|_| Shelter {
            capacity: room + number(&mut random, 1_500),
        })
        .collect();
    let mut ways = Vec::new();
    for (block, home) in homes.iter().enumerate() {
        for (shelter, haven) in havens.iter().enumerate() {
            ways.push(Transport {
                block,
                shelter,
                seconds: distance(*home, *haven) + 60,
            });
        }
    }
    (vec![Block { people: each }; BLOCKS], shelters, ways)
}

/// The same evacuation as a plain network, for the peer.
fn network(blocks: &[Block], shelters: &[Shelter], ways: &[Transport]) -> Network {
    let sink = blocks.len() + shelters.len();
    let mut network = Network::new(sink + 1);
    for (node, block) in blocks.iter().enumerate() {
        network.supplies[node] = block.people;
        network.supplies[sink] -= block.people;
    }
    for way in ways {
        let upper = blocks[way.block].people;
        network.add(way.block, blocks.len() + way.shelter, Some(upper), way.seconds);
    }
    for (index, shelter) in shelters.iter().enumerate() {
        network.add(blocks.len() + index, sink, Some(shelter.capacity), 0);
    }
    network
}

fn flow_question(network: &Network) -> Value {
    let arc = |arc: &Arc| json!([arc.from, arc.to, arc.upper, arc.cost]);
    json!({ "arcs": network.arcs.iter().map(arc).collect::<Vec<_>>(), "supplies": network.supplies })
}

/// Milliseconds that OR-Tools needs for the same cost.
fn by_or_tools(peers: &Peers, question: &Value, cost: i128) -> Result<f64> {
    let said = peers.ask("flow", question, 3)?;
    ensure!(
        said["cost"].as_i64().map(i128::from) == Some(cost),
        "OR-Tools says {}, ours {cost}",
        said["cost"]
    );
    Ok(median(&figures(&said, "seconds")) * 1_000.0)
}

/// Row 11.
pub(crate) fn evacuation(plan: Plan, peers: Option<&Peers>) -> Result<Row> {
    let mut row = Row::new(
        "Row 11: evacuation of 452,000 people, 2,000 blocks × 26 shelters",
        "equal cost, ≤ 1× → ≤ 0.25× OR-Tools",
    );
    let (blocks, shelters, ways) = city();
    let network = network(&blocks, &shelters, &ways);
    let question = flow_question(&network);
    let (mut pairs, mut flows) = (Pairs::default(), Vec::new());
    let cost = solve(&network)?.cost;
    for _ in 0..plan.pairs * 2 {
        let start = now();
        let moved = evacuate(&blocks, &shelters, &ways)?;
        let ours = start.elapsed().as_secs_f64() * 1_000.0;
        let start = now();
        ensure!(solve(&network)?.cost == cost, "one question, two answers");
        flows.push(start.elapsed().as_secs_f64() * 1_000.0);
        let seconds = moved
            .iter()
            .map(|movement| i128::from(movement.people * movement.seconds));
        ensure!(
            seconds.sum::<i128>() == cost,
            "the evacuation is not the cheapest"
        );
        ensure!(
            moved.iter().all(|movement| movement.shelter.is_some()),
            "somebody is left"
        );
        let theirs = peers.map(|peers| by_or_tools(peers, &question, cost));
        pairs.push(ours, theirs.transpose()?.unwrap_or(f64::NAN));
    }
    row.line("least sum of travelling time", format!("{cost} person-seconds"));
    row.line(
        "ours: the whole evacuation, with its check and its list",
        format!("{:.1} ms", median(&pairs.ours)),
    );
    row.line(
        "ours: the same as a plain flow by the network simplex",
        format!("{:.1} ms", median(&flows)),
    );
    if peers.is_some() {
        row.line(
            "OR-Tools, the same cost",
            format!("{:.1} ms", median(&pairs.theirs)),
        );
        row.line("ours / OR-Tools", format!("{:.2}", pairs.ratio()));
    }
    let start = now();
    let mut fewer = shelters.clone();
    fewer[0].capacity = 0;
    evacuate(&blocks, &fewer, &ways)?;
    row.line(
        "solved again when a shelter closes",
        format!("{:.1} ms", start.elapsed().as_secs_f64() * 1_000.0),
    );
    Ok(row)
}

/// Incidents of several weights that want units of four kinds, which are somewhat short.
fn alarm(incidents: usize, units: usize, seed: u64) -> Problem {
    let mut random = Random::new(seed);
    let place = |random: &mut Random| (number(random, 2_400), number(random, 2_400));
    let stations: Vec<(i64, i64)> = (0..units / 6).map(|_| place(&mut random)).collect();
    let fires: Vec<(i64, i64)> = (0..incidents).map(|_| place(&mut random)).collect();
    let mut problem = Problem {
        groups: vec![Group { may_leave: 5 }; stations.len()],
        ..Problem::default()
    };
    for _ in 0..incidents {
        let wants: Vec<(usize, i64)> = (0..4)
            .filter_map(|kind| {
                let count = number(&mut random, 5);
                (count > 0).then_some((kind, count))
            })
            .collect();
        problem.needs.push(Need {
            weight: 1 + number(&mut random, 9),
            wants,
        });
    }
    for unit in 0..units {
        let group = unit % stations.len();
        let mut kinds = vec![random.below(4)];
        if random.once_in(4) {
            let second = random.below(4);
            if !kinds.contains(&second) {
                kinds.push(second);
            }
        }
        problem.units.push(Unit { kinds, group });
        for (incident, fire) in fires.iter().enumerate() {
            problem.trips.push(Trip {
                unit,
                incident,
                seconds: 60 + distance(stations[group], *fire) + number(&mut random, 120),
            });
        }
    }
    problem
}

fn dispatch_question(problem: &Problem, limit: u64) -> Value {
    json!({
        "kinds": problem.units.iter().map(|unit| &unit.kinds).collect::<Vec<_>>(),
        "group": problem.units.iter().map(|unit| unit.group).collect::<Vec<_>>(),
        "may_leave": problem.groups.iter().map(|group| group.may_leave).collect::<Vec<_>>(),
        "weights": problem.needs.iter().map(|need| need.weight).collect::<Vec<_>>(),
        "wants": problem.needs.iter().map(|need| &need.wants).collect::<Vec<_>>(),
        "trips": problem.trips.iter().map(|trip| json!([trip.unit, trip.incident, trip.seconds])).collect::<Vec<_>>(),
        "limit": limit,
    })
}

/// Row 12.
pub(crate) fn dispatching(plan: Plan, peers: Option<&Peers>) -> Result<Row> {
    let mut row = Row::new(
        "Row 12: dispatch, several incidents and kinds",
        "≤ 1.05× CP-SAT at 20 s in 1 s → ≤ 1.00× in 0.3 s with a proved gap",
    );
    for (incidents, units) in [(5, 120), (20, 300)] {
        let what = format!("{incidents} incidents, {units} units");
        let mut sent = Sent::default();
        for seed in 0..u64::try_from(plan.pairs)? {
            sent.ask(&alarm(incidents, units, 120 + seed), peers)?;
        }
        sent.tell(&mut row, &what);
    }
    row.note(format!("{} questions of each size.", plan.pairs));
    Ok(row)
}

/// What several questions of one size came to.
#[derive(Debug, Default)]
struct Sent {
    times: Vec<f64>,
    gaps: Vec<f64>,
    ratios: Vec<f64>,
    their_times: Vec<f64>,
    their_gaps: Vec<f64>,
    unanswered: usize,
}

impl Sent {
    fn ask(&mut self, problem: &Problem, peers: Option<&Peers>) -> Result<()> {
        let start = now();
        let found = dispatch(problem, Effort::default())?;
        self.times.push(start.elapsed().as_secs_f64() * 1_000.0);
        self.gaps.push(found.gap() * 100.0);
        ensure!(found.shortages.is_empty(), "the question is too short of units");
        let Some(peers) = peers else { return Ok(()) };
        let said = peers.ask("dispatch", &dispatch_question(problem, 20), 1)?;
        let (Some(cost), Some(bound)) = (said["cost"].as_f64(), said["bound"].as_f64()) else {
            self.unanswered += 1;
            return Ok(());
        };
        let ours = i32::try_from(found.cost).map_or(f64::NAN, f64::from);
        self.ratios.push(ours / cost);
        self.their_times.extend(figures(&said, "seconds"));
        self.their_gaps.push((cost - bound) / cost * 100.0);
        Ok(())
    }

    fn tell(&self, row: &mut Row, what: &str) {
        let (times, gaps, ratios) = (&self.times, &self.gaps, &self.ratios);
        row.line(
            &format!("{what}: ours"),
            format!("{:.0} ms (slowest {:.0} ms)", median(times), at(times, 100)),
        );
        row.line(
            &format!("{what}: ours, proved gap"),
            format!("{:.2} % (largest {:.2} %)", median(gaps), at(gaps, 100)),
        );
        if ratios.is_empty() {
            return;
        }
        row.line(
            &format!("{what}: CP-SAT, two workers, at most 20 s"),
            format!(
                "{:.2} s, gap {:.2} %",
                median(&self.their_times),
                median(&self.their_gaps)
            ),
        );
        row.line(
            &format!("{what}: cost of ours / CP-SAT"),
            format!("{:.4} (largest {:.4})", median(ratios), at(ratios, 100)),
        );
        row.line(
            &format!("{what}: unanswered by CP-SAT"),
            self.unanswered.to_string(),
        );
    }
}
