//! Prints figures of a road graph and answers routes.
//!
//! `cargo run --release -p anlan-routing --example routes -- city.osm.pbf < questions`. The file may also be `.osm` XML.
//! First comes one line of JSON with the graph's figures. Each question is a line `LON LAT LON LAT` (commas do too) or
//! `ID ID` with node ids of the map; each answer is a line of JSON: driving `seconds`, `metres`, and `shortest_metres`,
//! or `"route":null` where there is no way.

#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use std::collections::HashMap;
use std::error::Error;
use std::io::BufRead as _;
use std::time::Instant;

use anlan_routing::{NodeId, Position, Profile, RoadGraph, Route, Routes, read_pbf, read_xml};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: routes FILE.osm.pbf < questions")?;
    let bytes = std::fs::read(&path)?;
    let profile = Profile::shipped()?;
    let graph = if bytes
        .get(4..)
        .is_some_and(|rest| rest.starts_with(b"\x0a\x09OSMHeader"))
    {
        read_pbf(&bytes, &profile)?
    } else {
        read_xml(bytes.as_slice(), &profile)?
    };
    #[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
    let started = Instant::now();
    let mut shortest = Routes::new(graph.clone());
    shortest.set_times(graph.lengths());
    let quickest = Routes::new(graph);
    let graph = quickest.graph();
    println!(
        "{{\"nodes\":{},\"arcs\":{},\"kilometres\":{:.3},\"largest_component\":{},\"prepared_ms\":{}}}",
        graph.nodes(),
        graph.arcs(),
        graph.metres() / 1_000.0,
        graph.largest_component(),
        started.elapsed().as_millis() / 2
    );
    let ids: HashMap<i64, NodeId> = (0..)
        .map_while(|node| Some((graph.source_id(node)?, node)))
        .collect();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        match ends(&line, graph, &ids) {
            Some((from, to)) => println!("{}", answer(&quickest, &shortest, from, to)),
            None => println!("{{\"error\":\"expected LON LAT LON LAT, or ID ID of nodes on roads\"}}"),
        }
    }
    Ok(())
}

fn ends(line: &str, graph: &RoadGraph, ids: &HashMap<i64, NodeId>) -> Option<(NodeId, NodeId)> {
    let words: Vec<&str> = line
        .split([' ', ',', ';', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    let at = |lon: &str, lat: &str| {
        let position = Position {
            lon: lon.parse().ok()?,
            lat: lat.parse().ok()?,
        };
        graph.nearest_node(position)
    };
    match words.as_slice() {
        [from, to] => Some((*ids.get(&from.parse().ok()?)?, *ids.get(&to.parse().ok()?)?)),
        [lon, lat, to_lon, to_lat] => Some((at(lon, lat)?, at(to_lon, to_lat)?)),
        _ => None,
    }
}

fn answer(quickest: &Routes, shortest: &Routes, from: NodeId, to: NodeId) -> String {
    let graph = quickest.graph();
    let name = |node: NodeId| graph.source_id(node).unwrap_or_default();
    let metres =
        |route: &Route| u32::try_from(route.decimetres).map_or(f64::NAN, |length| f64::from(length) / 10.0);
    let ends = format!("\"from\":{},\"to\":{}", name(from), name(to));
    match (quickest.route(from, to), shortest.route(from, to)) {
        (Some(quick), Some(short)) => format!(
            "{{{ends},\"seconds\":{:.3},\"metres\":{:.1},\"nodes\":{},\"shortest_metres\":{:.1}}}",
            f64::from(quick.millis) / 1_000.0,
            metres(&quick),
            quick.nodes.len(),
            metres(&short)
        ),
        _ => format!("{{{ends},\"route\":null}}"),
    }
}
