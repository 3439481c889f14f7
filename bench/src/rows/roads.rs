//! Rows 9 and 10: the next of many resources by road, and roads that close, on a city of 50,000 crossings.

use anlan_routing::{GraphBuilder, Nearest, Position, RoadGraph, Routes};
use anlan_tests::random::Random;
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::Plan;
use crate::machine::now;
use crate::measure::{Pairs, at, median};
use crate::peers::{Peers, figures};
use crate::report::Row;

/// Crossings along one side of the city.
const SIDE: usize = 224;

/// Resources that stand in it.
const RESOURCES: usize = 20_000;

/// Arcs closed at once.
const CLOSURES: usize = 100;

/// A grid with streets of four speeds, a tenth of them missing and a fifth one-way.
fn city() -> Result<RoadGraph> {
    let mut random = Random::new(24);
    let mut builder = GraphBuilder::new();
    let figure = |number: usize| u32::try_from(number).map_or(0.0, f64::from);
    for number in 0..SIDE * SIDE {
        let jitter = |random: &mut Random| figure(random.below(400)) * 1e-6;
        let lon = 111.5 + figure(number % SIDE) * 0.002 + jitter(&mut random);
        let lat = 40.6 + figure(number / SIDE) * 0.0016 + jitter(&mut random);
        builder.node(Position { lon, lat }, i64::try_from(number)?);
    }
    for number in 0..SIDE * SIDE {
        let (x, y) = (number % SIDE, number / SIDE);
        let right = (x + 1 < SIDE).then_some(number + 1);
        let above = (y + 1 < SIDE).then_some(number + SIDE);
        for (other, line) in [(right, y), (above, x)] {
            let Some(other) = other else { continue };
            let trunk = line % 16 == 0;
            if !trunk && random.once_in(10) {
                continue;
            }
            let speed = match (trunk, line % 4) {
                (true, _) => 60.0,
                (false, 0) => 40.0,
                _ => 25.0,
            };
            let (tail, head) = (u32::try_from(number)?, u32::try_from(other)?);
            builder.drive(tail, head, speed);
            if trunk || !random.once_in(5) {
                builder.drive(head, tail, speed);
            }
        }
    }
    Ok(builder.build()?)
}

/// What the peers read.
fn question(graph: &RoadGraph) -> Result<Value> {
    let ends: Vec<(u32, u32)> = (0..u32::try_from(graph.arcs())?)
        .filter_map(|arc| graph.ends(arc))
        .collect();
    let places: Vec<Position> = (0..u32::try_from(graph.nodes())?)
        .filter_map(|node| graph.position(node))
        .collect();
    Ok(json!({
        "tail": ends.iter().map(|(tail, _)| tail).collect::<Vec<_>>(),
        "head": ends.iter().map(|(_, head)| head).collect::<Vec<_>>(),
        "weights": graph.times(),
        "lat": places.iter().map(|place| place.lat).collect::<Vec<_>>(),
        "lon": places.iter().map(|place| place.lon).collect::<Vec<_>>(),
    }))
}

/// Row 9.
pub(crate) fn nearest(plan: Plan, peers: Option<&Peers>) -> Result<Row> {
    let mut row = Row::new(
        "Row 9: 10 nearest of 20,000 resources by road",
        "≤ 1.5 ms → ≤ PostGIS straight-line (0.285 ms there)",
    );
    let graph = city()?;
    let mut asked = question(&graph)?;
    let mut random = Random::new(9);
    let node = |random: &mut Random| u32::try_from(random.below(SIDE * SIDE)).unwrap_or(0);
    let resources: Vec<u32> = (0..RESOURCES).map(|_| node(&mut random)).collect();
    let places: Vec<u32> = (0..200 * plan.pairs).map(|_| node(&mut random)).collect();
    asked["resources"] = json!(resources);
    asked["places"] = json!(places.get(..100));
    let start = now();
    let routes = Routes::new(graph);
    row.line(
        "hierarchy prepared",
        format!("{:.2} s", start.elapsed().as_secs_f64()),
    );
    let start = now();
    let laid = Nearest::new(&routes, &resources);
    row.line(
        "20,000 resources laid into it",
        format!("{:.0} ms", start.elapsed().as_secs_f64() * 1_000.0),
    );
    let (mut times, mut answers) = (Vec::new(), Vec::new());
    for place in &places {
        let start = now();
        let found = laid.find(&routes, *place, 10);
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        answers.push(found.iter().map(|near| near.millis).collect::<Vec<_>>());
    }
    row.line("ours: one question", format!("{:.4} ms", median(&times)));
    row.line("ours: 99 of 100 within", format!("{:.4} ms", at(&times, 99)));
    if let Some(peers) = peers {
        beside(&mut row, peers, &asked, (median(&times), &answers))?;
    }
    Ok(row)
}

/// The first hundred questions, asked of the peer too.
fn beside(row: &mut Row, peers: &Peers, asked: &Value, (ours, answers): (f64, &[Vec<u32>])) -> Result<()> {
    let said = peers.ask("nearest", asked, 100)?;
    let theirs: Vec<f64> = figures(&said, "seconds").iter().map(|s| s * 1_000.0).collect();
    row.line(
        "RoutingKit, one to all 20,000 and the ten nearest of them",
        format!("{:.2} ms", median(&theirs)),
    );
    row.line("ours / RoutingKit", format!("{:.4}", ours / median(&theirs)));
    let same = said["answers"].as_array().into_iter().flatten().zip(answers);
    let differ = same.filter(|(a, b)| **a != json!(b)).count();
    ensure!(differ == 0, "{differ} of 100 answers differ from RoutingKit's");
    row.note("The first 100 answers equal RoutingKit's.".to_owned());
    Ok(())
}

/// Row 10.
pub(crate) fn closures(plan: Plan, peers: Option<&Peers>) -> Result<Row> {
    let mut row = Row::new(
        "Row 10: roads closed",
        "≤ 1× RoutingKit (116 ms there) → 100 closures ≤ 10 ms",
    );
    let graph = city()?;
    let mut asked = question(&graph)?;
    let times = graph.times().to_vec();
    let mut random = Random::new(10);
    // Closures come together, as a flood or a front brings them: arcs near one another.
    let sets: Vec<Vec<u32>> = (0..plan.pairs * 4)
        .map(|_| {
            let first = random.below(times.len().saturating_sub(CLOSURES));
            (first..first + CLOSURES)
                .filter_map(|arc| u32::try_from(arc).ok())
                .collect()
        })
        .collect();
    asked["closed"] = json!(sets);
    row.line("crossings, arcs", format!("{}, {}", graph.nodes(), graph.arcs()));
    let mut routes = Routes::new(graph);
    let (mut whole, mut part) = (Vec::new(), Vec::new());
    for set in &sets {
        let start = now();
        routes.set_times(&times);
        whole.push(start.elapsed().as_secs_f64() * 1_000.0);
        let start = now();
        routes.close(set);
        part.push(start.elapsed().as_secs_f64() * 1_000.0);
        routes.open(set);
    }
    row.line("ours: all arcs weighed anew", format!("{:.1} ms", median(&whole)));
    row.line(
        &format!("ours: {CLOSURES} closures"),
        format!("{:.2} ms", median(&part)),
    );
    if let Some(peers) = peers {
        closed_by_peer(&mut row, peers, &asked, (&whole, &part))?;
    }
    Ok(row)
}

/// The same closures by the peer.
fn closed_by_peer(
    row: &mut Row,
    peers: &Peers,
    asked: &Value,
    (whole, part): (&[f64], &[f64]),
) -> Result<()> {
    let said = peers.ask("closures", asked, part.len())?;
    let milli = |name: &str| {
        figures(&said, name)
            .iter()
            .map(|s| s * 1_000.0)
            .collect::<Vec<_>>()
    };
    let (theirs, their_part) = (milli("seconds"), milli("part"));
    let mut pairs = Pairs::default();
    for (ours, theirs) in part.iter().zip(&their_part) {
        pairs.push(*ours, *theirs);
    }
    row.line(
        "RoutingKit: all arcs weighed anew",
        format!("{:.1} ms", median(&theirs)),
    );
    row.line(
        &format!("RoutingKit: {CLOSURES} closures by its partial update"),
        format!("{:.2} ms", median(&their_part)),
    );
    row.line(
        "ours / RoutingKit, all arcs",
        format!("{:.2}", median(whole) / median(&theirs)),
    );
    row.line(
        &format!("ours / RoutingKit, {CLOSURES} closures"),
        format!("{:.2}", pairs.ratio()),
    );
    Ok(())
}
