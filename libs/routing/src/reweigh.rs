//! Weights on the skeleton: all at once, and only those that a closure touches.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::contraction::Skeleton;
use crate::graph::RoadGraph;
use crate::{UNREACHABLE, ix, short};

/// Times along every skeleton arc, upward and downward, over roads and triangles.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    pub(crate) up: Vec<u32>,
    pub(crate) down: Vec<u32>,
}

/// The arcs of the road graph that lie on each skeleton arc.
#[derive(Debug, Clone)]
pub(crate) struct Roads {
    /// Arc of the graph from the lower to the higher end, or none.
    pub(crate) up: Vec<u32>,
    /// Arc of the graph from the higher to the lower end, or none.
    pub(crate) down: Vec<u32>,
    /// Skeleton arc of each arc of the graph.
    pub(crate) on: Vec<u32>,
}

/// No arc.
pub(crate) const NO_ARC: u32 = u32::MAX;

impl Roads {
    /// Lays the graph's arcs onto the skeleton.
    pub(crate) fn new(graph: &RoadGraph, skeleton: &Skeleton) -> Self {
        let mut roads = Self {
            up: vec![NO_ARC; skeleton.head.len()],
            down: vec![NO_ARC; skeleton.head.len()],
            on: vec![NO_ARC; graph.arcs()],
        };
        for arc in 0..graph.arcs() {
            let (tail, head) = (
                skeleton.rank[ix(graph.tail[arc])],
                skeleton.rank[ix(graph.head[arc])],
            );
            if let Some(on) = skeleton.arc(tail.min(head), tail.max(head)) {
                let side = if tail < head {
                    &mut roads.up
                } else {
                    &mut roads.down
                };
                side[on] = short(arc);
                roads.on[arc] = short(on);
            }
        }
        roads
    }

    fn own(&self, times: &[u32], arc: usize) -> (u32, u32) {
        let time = |road: u32| {
            if road == NO_ARC {
                UNREACHABLE
            } else {
                times[ix(road)]
            }
        };
        (time(self.up[arc]), time(self.down[arc]))
    }
}

impl Weights {
    /// Weighs everything, lowest ranks first.
    pub(crate) fn new(skeleton: &Skeleton, roads: &Roads, times: &[u32]) -> Self {
        let arcs = skeleton.head.len();
        let (up, down) = (0..arcs).map(|arc| roads.own(times, arc)).unzip();
        let mut weights = Self { up, down };
        // Slot of each upward neighbour of the node whose arcs are being shortened.
        let mut slot = vec![NO_ARC; skeleton.node.len()];
        for rank in 0..short(skeleton.node.len()) {
            weights.relax_through(skeleton, rank, &mut slot);
        }
        weights
    }

    /// Shortens the arcs between the upward neighbours of a node by the way through it.
    fn relax_through(&mut self, skeleton: &Skeleton, rank: u32, slot: &mut [u32]) {
        let range = skeleton.up(rank);
        for low in range.clone() {
            let middle = skeleton.head[low];
            for arc in skeleton.up(middle) {
                slot[ix(skeleton.head[arc])] = short(arc);
            }
            for high in low + 1..range.end {
                let arc = ix(slot[ix(skeleton.head[high])]);
                let upward = self.down[low] + self.up[high];
                let downward = self.down[high] + self.up[low];
                if let Some(weight) = self.up.get_mut(arc) {
                    *weight = upward.min(*weight);
                }
                if let Some(weight) = self.down.get_mut(arc) {
                    *weight = downward.min(*weight);
                }
            }
        }
    }

    /// Re-weighs what changed when some arcs of the graph got other times.
    ///
    /// Goes up by rank: an arc's weight is its road or its best lower triangle. An arc above is looked at when the triangle
    /// may have been its best until now, or is better than its best now. The result is the same as weighing everything.
    pub(crate) fn renew(&mut self, skeleton: &Skeleton, roads: &Roads, times: &[u32], changed: &[u32]) {
        let mut queue = Queue {
            queued: vec![false; skeleton.head.len()],
            heap: BinaryHeap::new(),
        };
        for &arc in changed {
            if let Some(&on) = roads.on.get(ix(arc)).filter(|on| **on != NO_ARC) {
                queue.push(skeleton, ix(on));
            }
        }
        while let Some(Reverse((tail, arc))) = queue.heap.pop() {
            let arc = ix(arc);
            let before = (self.up[arc], self.down[arc]);
            let after = self.weigh(skeleton, roads.own(times, arc), arc);
            if before == after {
                continue;
            }
            (self.up[arc], self.down[arc]) = after;
            let head = skeleton.head[arc];
            for other in skeleton.up(tail) {
                let end = skeleton.head[other];
                if other != arc
                    && let Some(above) = skeleton.arc(end.min(head), end.max(head))
                    && self.concerns(above, (before, after), other, head < end)
                {
                    queue.push(skeleton, above);
                }
            }
        }
    }

    /// Whether an arc that changed, taken with `other`, was or becomes the best way along the arc above both.
    fn concerns(
        &self,
        above: usize,
        (before, after): ((u32, u32), (u32, u32)),
        other: usize,
        is_lower: bool,
    ) -> bool {
        let along = |arc: (u32, u32)| {
            let (there, back) = (arc.1 + self.up[other], self.down[other] + arc.0);
            if is_lower { (there, back) } else { (back, there) }
        };
        let (was, is) = (along(before), along(after));
        let (up, down) = (self.up[above], self.down[above]);
        was.0 <= up || was.1 <= down || is.0 < up || is.1 < down
    }

    fn weigh(&self, skeleton: &Skeleton, own: (u32, u32), arc: usize) -> (u32, u32) {
        let (mut up, mut down) = own;
        skeleton.lower_triangles(arc, |to_tail, to_head| {
            up = up.min(self.down[to_tail] + self.up[to_head]);
            down = down.min(self.down[to_head] + self.up[to_tail]);
        });
        (up.min(UNREACHABLE), down.min(UNREACHABLE))
    }
}

/// Skeleton arcs to be looked at, the lowest tail first, each once.
struct Queue {
    queued: Vec<bool>,
    heap: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Queue {
    fn push(&mut self, skeleton: &Skeleton, arc: usize) {
        if !std::mem::replace(&mut self.queued[arc], true) {
            self.heap.push(Reverse((skeleton.tail[arc], short(arc))));
        }
    }
}
