//! The hierarchy against plain Dijkstra, which shares no code with it.

use anlan_routing::{
    GraphBuilder, Nearest, NodeId, Position, RoadGraph, Routes, UNREACHABLE, arcs_across, arcs_within, reach,
};
use proptest::prelude::*;

/// Scattered nodes with arcs between near and far ones; some lead one way only, some parts hang alone.
fn graph() -> impl Strategy<Value = RoadGraph> {
    let nodes = 2..90_usize;
    nodes.prop_flat_map(|nodes| {
        let place = (0..1000_i32, 0..1000_i32);
        let arc = (0..nodes, 0..nodes, 1..5_000_u32);
        (
            proptest::collection::vec(place, nodes),
            proptest::collection::vec(arc, nodes..nodes * 4),
        )
            .prop_map(|(places, arcs)| {
                let mut builder = GraphBuilder::new();
                for (id, (x, y)) in (0_i64..).zip(places) {
                    let position = Position {
                        lon: 111.0 + f64::from(x) / 1e4,
                        lat: 40.0 + f64::from(y) / 1e4,
                    };
                    builder.node(position, id);
                }
                for (tail, head, millis) in arcs {
                    builder.arc(id(tail), id(head), millis, millis * 2);
                }
                builder.build().expect("all ends are there")
            })
    })
}

fn id(index: usize) -> NodeId {
    NodeId::try_from(index).expect("small")
}

/// Checks every pair of nodes, the sweep both ways, and the roads that a route names.
fn agrees(routes: &Routes) -> Result<(), TestCaseError> {
    let graph = routes.graph();
    let count = graph.nodes();
    for start in 0..count {
        let judged = reach(graph, routes.times(), id(start), UNREACHABLE).millis;
        prop_assert_eq!(&routes.millis_from(id(start)), &judged);
        for (end, &millis) in judged.iter().enumerate() {
            let known = (millis < UNREACHABLE).then_some(millis);
            prop_assert_eq!(routes.millis(id(start), id(end)), known);
            let Some(route) = routes.route(id(start), id(end)) else {
                prop_assert_eq!(known, None);
                continue;
            };
            prop_assert_eq!(route.millis, millis);
            prop_assert_eq!(driven(routes, &route.nodes), Some(millis));
            prop_assert_eq!(
                (route.nodes.first(), route.nodes.last()),
                (Some(&id(start)), Some(&id(end)))
            );
        }
    }
    Ok(())
}

/// Time along the roads between the nodes of a route.
fn driven(routes: &Routes, nodes: &[NodeId]) -> Option<u32> {
    let graph = routes.graph();
    nodes.windows(2).try_fold(0, |sum, pair| {
        let arc = graph
            .out(pair[0])
            .find(|&arc| graph.ends(id(arc)).is_some_and(|(_, head)| head == pair[1]))?;
        Some(sum + routes.times()[arc])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_route_is_as_quick_as_dijkstras(graph in graph()) {
        agrees(&Routes::new(graph))?;
    }

    #[test]
    fn closing_and_opening_roads_leaves_no_trace(graph in graph(), picks in proptest::collection::vec(0..400_u32, 1..12)) {
        let fresh = Routes::new(graph);
        let mut routes = fresh.clone();
        let arcs: Vec<u32> = picks.iter().map(|pick| pick % id(fresh.graph().arcs().max(1))).collect();
        routes.close(&arcs);
        agrees(&routes)?;
        let mut all_at_once = fresh.clone();
        all_at_once.set_times(routes.times());
        for start in 0..fresh.graph().nodes() {
            prop_assert_eq!(routes.millis_from(id(start)), all_at_once.millis_from(id(start)));
        }
        routes.open(&arcs);
        for start in 0..fresh.graph().nodes() {
            prop_assert_eq!(routes.millis_from(id(start)), fresh.millis_from(id(start)));
        }
    }

    #[test]
    fn the_nearest_are_the_nearest(graph in graph(), picks in proptest::collection::vec(0..90_usize, 1..80), count in 1..20_usize) {
        let routes = Routes::new(graph);
        let nodes = routes.graph().nodes();
        let resources: Vec<NodeId> = picks.iter().map(|pick| id(pick % nodes)).collect();
        let laid = Nearest::new(&routes, &resources);
        for place in 0..nodes {
            let to = routes.millis_to(id(place));
            let mut judged: Vec<u32> = resources
                .iter()
                .map(|&resource| to[usize::try_from(resource).expect("small")])
                .filter(|&millis| millis < UNREACHABLE)
                .collect();
            judged.sort_unstable();
            judged.truncate(count);
            let found: Vec<u32> = laid.find(&routes, id(place), count).iter().map(|near| near.millis).collect();
            prop_assert_eq!(found, judged);
        }
    }
}

fn small_town() -> Routes {
    let mut builder = GraphBuilder::new();
    for (number, (x, y)) in (0_i64..).zip([(0, 0), (1, 0), (2, 0), (1, 1)]) {
        let position = Position {
            lon: 111.0 + f64::from(x) * 0.01,
            lat: 40.0 + f64::from(y) * 0.01,
        };
        builder.node(position, number);
    }
    for (a, b) in [(0, 1), (1, 2), (0, 3), (3, 2)] {
        builder.drive(a, b, 36.0);
        builder.drive(b, a, 36.0);
    }
    Routes::new(builder.build().expect("a town"))
}

#[test]
fn a_line_across_the_road_sends_one_round() {
    let mut routes = small_town();
    assert_eq!(routes.route(0, 2).expect("a way").nodes, [0, 1, 2]);
    let line = [(111.005, 39.99), (111.005, 40.003)].map(|(lon, lat)| Position { lon, lat });
    let closed = arcs_across(routes.graph(), &line);
    assert_eq!(closed.len(), 2);
    routes.close(&closed);
    assert_eq!(routes.route(0, 2).expect("a way round").nodes, [0, 3, 2]);
}

#[test]
fn an_area_closes_everything_in_it() {
    let mut routes = small_town();
    let area = [
        (111.008, 39.99),
        (111.012, 39.99),
        (111.012, 40.02),
        (111.008, 40.02),
    ]
    .map(|(lon, lat)| Position { lon, lat });
    let closed = arcs_within(routes.graph(), &area);
    routes.close(&closed);
    assert_eq!(routes.route(0, 2), None);
}

#[test]
fn the_nearest_node_is_found_from_anywhere() {
    let routes = small_town();
    let near = |lon, lat| routes.graph().nearest_node(Position { lon, lat });
    assert_eq!(near(111.0101, 40.0099), Some(3));
    assert_eq!(near(150.0, 40.0), Some(2));
    assert_eq!(near(111.0, -80.0), Some(0));
}
