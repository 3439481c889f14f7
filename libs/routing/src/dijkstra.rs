//! Plain Dijkstra: slow, simple, and the judge of the quick ways.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::{NodeId, RoadGraph};
use crate::{UNREACHABLE, ix};

/// How soon every node is reached from one.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Milliseconds to each node, [`UNREACHABLE`] where there is no way within the limit.
    pub millis: Vec<u32>,
    /// The arc by which each node is reached.
    pub by: Vec<Option<u32>>,
}

/// Reaches out from `start` over arcs with the given times until `limit` milliseconds.
pub fn reach(graph: &RoadGraph, times: &[u32], start: NodeId, limit: u32) -> Reach {
    let mut found = Reach {
        millis: vec![UNREACHABLE; graph.nodes()],
        by: vec![None; graph.nodes()],
    };
    let mut heap = BinaryHeap::from([Reverse((0, start))]);
    if let Some(first) = found.millis.get_mut(ix(start)) {
        *first = 0;
    } else {
        return found;
    }
    while let Some(Reverse((millis, node))) = heap.pop() {
        if millis > found.millis[ix(node)] {
            continue;
        }
        for arc in graph.out(node) {
            let end = graph.head[arc];
            let there = millis.saturating_add(times[arc]);
            if there < found.millis[ix(end)] && there <= limit && times[arc] < UNREACHABLE {
                found.millis[ix(end)] = there;
                found.by[ix(end)] = Some(crate::short(arc));
                heap.push(Reverse((there, end)));
            }
        }
    }
    found
}
