//! A check of a flow that trusts nobody: bounds, balances, cost, and the absence of any cheaper way round.

use crate::network::{Flow, Network};

/// Says what is wrong with a flow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// Not one flow for each arc.
    #[error("{found} flows for {expected} arcs")]
    Length {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// An arc carries too little or too much.
    #[error("arc {arc} carries {flow}, outside its bounds")]
    Bounds {
        /// Number of the arc, from 0.
        arc: usize,
        /// What it carries.
        flow: i64,
    },
    /// More leaves a node than enters it and it has, or less.
    #[error("node {node} is out of balance by {by}")]
    Balance {
        /// Number of the node, from 0.
        node: usize,
        /// What is left over.
        by: i128,
    },
    /// The stated cost is not the sum over the arcs.
    #[error("the stated cost is {stated}, the arcs sum to {summed}")]
    Cost {
        /// As stated.
        stated: i128,
        /// As summed.
        summed: i128,
    },
    /// Flow sent round a cycle would cost less.
    #[error("a cycle through node {node} would make it cheaper")]
    Cheaper {
        /// A node on or behind the cycle, from 0.
        node: usize,
    },
}

/// Checks that a flow keeps all bounds, meets all supplies, costs what it says, and that nothing cheaper exists.
///
/// Time is nodes × arcs at worst (Bellman and Ford over the residual network): meant for tests and doubts.
pub fn check_optimal(network: &Network, flow: &Flow) -> Result<(), CheckError> {
    check_feasible(network, flow)?;
    let mut residual = Vec::with_capacity(2 * network.arcs.len());
    for (arc, &carried) in network.arcs.iter().zip(&flow.flows) {
        if arc.upper.is_none_or(|upper| carried < upper) {
            residual.push((arc.from, arc.to, i128::from(arc.cost)));
        }
        if carried > arc.lower {
            residual.push((arc.to, arc.from, -i128::from(arc.cost)));
        }
    }
    let nodes = network.supplies.len();
    let mut distance = vec![0_i128; nodes];
    let mut changed = None;
    for _ in 0..=nodes {
        changed = None;
        for &(from, to, cost) in &residual {
            if distance[from] + cost < distance[to] {
                distance[to] = distance[from] + cost;
                changed = Some(to);
            }
        }
        if changed.is_none() {
            return Ok(());
        }
    }
    changed.map_or(Ok(()), |node| Err(CheckError::Cheaper { node }))
}

fn check_feasible(network: &Network, flow: &Flow) -> Result<(), CheckError> {
    if flow.flows.len() != network.arcs.len() {
        return Err(CheckError::Length {
            found: flow.flows.len(),
            expected: network.arcs.len(),
        });
    }
    let mut balance: Vec<i128> = network
        .supplies
        .iter()
        .map(|&supply| i128::from(supply))
        .collect();
    let mut summed = 0;
    for (number, (arc, &carried)) in network.arcs.iter().zip(&flow.flows).enumerate() {
        if carried < arc.lower || arc.upper.is_some_and(|upper| carried > upper) {
            return Err(CheckError::Bounds {
                arc: number,
                flow: carried,
            });
        }
        balance[arc.from] -= i128::from(carried);
        balance[arc.to] += i128::from(carried);
        summed += i128::from(arc.cost) * i128::from(carried);
    }
    if let Some((node, &by)) = balance.iter().enumerate().find(|(_, by)| **by != 0) {
        return Err(CheckError::Balance { node, by });
    }
    if summed != flow.cost {
        return Err(CheckError::Cost {
            stated: flow.cost,
            summed,
        });
    }
    Ok(())
}
