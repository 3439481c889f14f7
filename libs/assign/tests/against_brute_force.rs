//! The solver against a slow one that shares no code with it, and against the checker.

use anlan_assign::{Arc, Network, SolveError, check_optimal, solve};
use proptest::prelude::*;

/// Cheapest flow by trying every flow of every arc. Only for a handful of arcs.
fn by_trying_all(network: &Network) -> Option<i128> {
    fn go(network: &Network, arc: usize, balance: &mut Vec<i64>, cost: i128, best: &mut Option<i128>) {
        let Some(next) = network.arcs.get(arc) else {
            if balance.iter().all(|b| *b == 0) && best.is_none_or(|known| cost < known) {
                *best = Some(cost);
            }
            return;
        };
        for flow in next.lower..=next.upper.expect("bounded") {
            balance[next.from] -= flow;
            balance[next.to] += flow;
            go(
                network,
                arc + 1,
                balance,
                cost + i128::from(next.cost * flow),
                best,
            );
            balance[next.from] += flow;
            balance[next.to] -= flow;
        }
    }
    let mut best = None;
    go(network, 0, &mut network.supplies.clone(), 0, &mut best);
    best
}

fn small() -> impl Strategy<Value = Network> {
    let arc =
        (0..4_usize, 0..4_usize, -1..2_i64, 0..4_i64, -5..6_i64).prop_map(|(from, to, lower, room, cost)| {
            Arc {
                from,
                to,
                lower,
                upper: Some(lower + room),
                cost,
            }
        });
    (
        proptest::collection::vec(arc, 1..8),
        -2..3_i64,
        -2..3_i64,
        -2..3_i64,
    )
        .prop_map(|(arcs, a, b, c)| Network {
            supplies: vec![a, b, c, -(a + b + c)],
            arcs,
        })
}

/// Networks that have at least the flow they were made from.
fn large() -> impl Strategy<Value = Network> {
    let arc = (
        0..30_usize,
        0..30_usize,
        0..2_i64,
        0..60_i64,
        0..60_i64,
        -3..40_i64,
    )
        .prop_map(|(from, to, lower, below, above, cost)| {
            let arc = Arc {
                from,
                to,
                lower,
                upper: Some(lower + below + above),
                cost,
            };
            (arc, lower + below)
        });
    proptest::collection::vec(arc, 60..200).prop_map(|made| {
        let mut network = Network::new(30);
        for (arc, flow) in made {
            network.supplies[arc.from] += flow;
            network.supplies[arc.to] -= flow;
            network.arcs.push(arc);
        }
        network
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_cost_is_that_of_trying_everything(network in small()) {
        match solve(&network) {
            Ok(flow) => {
                prop_assert_eq!(Some(flow.cost), by_trying_all(&network));
                prop_assert_eq!(check_optimal(&network, &flow), Ok(()));
            }
            Err(SolveError::Infeasible) => prop_assert_eq!(by_trying_all(&network), None),
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn every_flow_of_a_larger_network_passes_the_checker(network in large()) {
        let flow = solve(&network).expect("it was made from a flow");
        prop_assert_eq!(check_optimal(&network, &flow), Ok(()));
    }
}

#[test]
fn the_checker_finds_a_flow_that_is_not_the_cheapest() {
    let mut network = Network::new(2);
    network.supplies = vec![5, -5];
    network.add(0, 1, Some(5), 7);
    network.add(0, 1, Some(5), 3);
    let mut flow = solve(&network).unwrap();
    assert_eq!(flow.cost, 15);
    flow.flows = vec![1, 4];
    flow.cost = 19;
    assert!(check_optimal(&network, &flow).is_err());
}

#[test]
fn an_unbounded_cycle_of_negative_cost_is_told() {
    let mut network = Network::new(2);
    network.add(0, 1, None, 1);
    network.add(1, 0, None, -2);
    assert_eq!(solve(&network), Err(SolveError::Unbounded));
}

#[test]
fn supplies_that_do_not_balance_are_infeasible() {
    let mut network = Network::new(2);
    network.supplies = vec![5, -4];
    network.add(0, 1, None, 1);
    assert_eq!(solve(&network), Err(SolveError::Infeasible));
}

#[test]
fn a_network_without_nodes_costs_nothing() {
    assert_eq!(solve(&Network::new(0)).unwrap().cost, 0);
}
