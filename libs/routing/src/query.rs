//! Ways: the quickest from one node to another, and from one to all.

use crate::contraction::{NONE, Skeleton};
use crate::graph::{ArcId, NodeId, RoadGraph};
use crate::reweigh::{NO_ARC, Roads, Weights};
use crate::{UNREACHABLE, ix, short};

/// A way along roads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Driving time, in milliseconds.
    pub millis: u32,
    /// Length, in decimetres.
    pub decimetres: u64,
    /// The nodes along it, both ends included.
    pub nodes: Vec<NodeId>,
}

/// A road graph ready for quick answers.
#[derive(Debug, Clone)]
pub struct Routes {
    pub(crate) graph: RoadGraph,
    pub(crate) skeleton: Skeleton,
    pub(crate) weights: Weights,
    roads: Roads,
    times: Vec<u32>,
}

impl Routes {
    /// Prepares a graph: orders its nodes, contracts them, weighs the hierarchy.
    pub fn new(graph: RoadGraph) -> Self {
        let skeleton = Skeleton::new(&graph);
        let roads = Roads::new(&graph, &skeleton);
        let times = graph.millis.clone();
        Self {
            weights: Weights::new(&skeleton, &roads, &times),
            graph,
            skeleton,
            roads,
            times,
        }
    }

    /// The graph.
    pub fn graph(&self) -> &RoadGraph {
        &self.graph
    }

    /// The driving times now, in milliseconds, by arc.
    pub fn times(&self) -> &[u32] {
        &self.times
    }

    /// Gives all arcs new times, in milliseconds; those beyond the list keep theirs.
    pub fn set_times(&mut self, times: &[u32]) {
        for (own, &time) in self.times.iter_mut().zip(times) {
            *own = time.min(UNREACHABLE);
        }
        self.weights = Weights::new(&self.skeleton, &self.roads, &self.times);
    }

    /// Closes arcs. Takes effect at once; only what they touch is re-weighed.
    pub fn close(&mut self, arcs: &[ArcId]) {
        self.change(arcs, |_| UNREACHABLE);
    }

    /// Opens closed arcs again.
    pub fn open(&mut self, arcs: &[ArcId]) {
        let own = self.graph.millis.clone();
        self.change(arcs, |arc| own[arc]);
    }

    fn change(&mut self, arcs: &[ArcId], time: impl Fn(usize) -> u32) {
        for &arc in arcs {
            if let Some(own) = self.times.get_mut(ix(arc)) {
                *own = time(ix(arc));
            }
        }
        self.weights.renew(&self.skeleton, &self.roads, &self.times, arcs);
    }

    /// The quickest way; `None` when there is none or a node is not there.
    pub fn route(&self, from: NodeId, to: NodeId) -> Option<Route> {
        let start = *self.skeleton.rank.get(ix(from))?;
        let end = *self.skeleton.rank.get(ix(to))?;
        let ahead = self.climb(start, &self.weights.up);
        let behind = self.climb(end, &self.weights.down);
        let (millis, top) = meet(&ahead, &behind)?;
        let mut roads = Vec::new();
        self.walk(&ahead, top, Way::Up, &mut roads);
        roads.reverse();
        let mut second = Vec::new();
        self.walk(&behind, top, Way::Down, &mut second);
        roads.extend(second);
        let mut nodes = vec![from];
        let mut decimetres = 0;
        for (arc, way) in roads {
            self.unpack(arc, way, &mut nodes, &mut decimetres);
        }
        Some(Route {
            millis,
            decimetres,
            nodes,
        })
    }

    /// Driving time from one node to another, in milliseconds.
    pub fn millis(&self, from: NodeId, to: NodeId) -> Option<u32> {
        let start = *self.skeleton.rank.get(ix(from))?;
        let end = *self.skeleton.rank.get(ix(to))?;
        let ahead = self.climb(start, &self.weights.up);
        let behind = self.climb(end, &self.weights.down);
        meet(&ahead, &behind).map(|(millis, _)| millis)
    }

    /// Driving times from one node to every node, in milliseconds; one sweep down the hierarchy.
    pub fn millis_from(&self, from: NodeId) -> Vec<u32> {
        self.sweep(from, &self.weights.up, &self.weights.down)
    }

    /// Driving times from every node to one, in milliseconds.
    pub fn millis_to(&self, to: NodeId) -> Vec<u32> {
        self.sweep(to, &self.weights.down, &self.weights.up)
    }

    fn sweep(&self, start: NodeId, climbing: &[u32], falling: &[u32]) -> Vec<u32> {
        let skeleton = &self.skeleton;
        let mut by_rank = vec![UNREACHABLE; skeleton.node.len()];
        let Some(&rank) = skeleton.rank.get(ix(start)) else {
            return by_rank;
        };
        for step in self.climb(rank, climbing) {
            by_rank[ix(step.rank)] = step.millis;
        }
        for rank in (0..skeleton.node.len()).rev() {
            let mut best = by_rank[rank];
            for arc in skeleton.up(short(rank)) {
                best = best.min(by_rank[ix(skeleton.head[arc])] + falling[arc]);
            }
            by_rank[rank] = best;
        }
        skeleton.rank.iter().map(|&rank| by_rank[ix(rank)]).collect()
    }

    /// The way up the elimination tree from a rank, with the time to each node on it.
    pub(crate) fn climb(&self, start: u32, weight: &[u32]) -> Vec<Step> {
        let skeleton = &self.skeleton;
        let mut steps = Vec::new();
        let mut rank = start;
        while rank != NONE {
            steps.push(Step {
                rank,
                millis: UNREACHABLE,
                by: NO_ARC,
            });
            rank = skeleton.parent[ix(rank)];
        }
        steps[0].millis = 0;
        for index in 0..steps.len() {
            let Step { rank, millis, .. } = steps[index];
            if millis >= UNREACHABLE {
                continue;
            }
            // Every upward neighbour lies further up on the same way, in the same order.
            let mut at = index + 1;
            for arc in skeleton.up(rank) {
                let head = skeleton.head[arc];
                while steps[at].rank != head {
                    at += 1;
                }
                let there = millis + weight[arc];
                if there < steps[at].millis {
                    steps[at].millis = there;
                    steps[at].by = short(arc);
                }
            }
        }
        steps
    }

    /// The skeleton arcs from `top` back to the start of a climb.
    fn walk(&self, steps: &[Step], top: u32, way: Way, arcs: &mut Vec<(usize, Way)>) {
        let mut rank = top;
        loop {
            let Ok(at) = steps.binary_search_by_key(&rank, |step| step.rank) else {
                return;
            };
            let by = steps[at].by;
            if by == NO_ARC {
                return;
            }
            arcs.push((ix(by), way));
            rank = self.skeleton.tail[ix(by)];
        }
    }

    /// Turns a skeleton arc into the roads it stands for.
    fn unpack(&self, arc: usize, way: Way, nodes: &mut Vec<NodeId>, decimetres: &mut u64) {
        let mut stack = vec![(arc, way)];
        while let Some((arc, way)) = stack.pop() {
            let (weight, road) = match way {
                Way::Up => (self.weights.up[arc], self.roads.up[arc]),
                Way::Down => (self.weights.down[arc], self.roads.down[arc]),
            };
            if road != NO_ARC && self.times[ix(road)] == weight {
                *decimetres += u64::from(self.graph.decimetres[ix(road)]);
                nodes.push(self.graph.head[ix(road)]);
                continue;
            }
            let mut through = None;
            self.skeleton.lower_triangles(arc, |to_tail, to_head| {
                let (first, second) = match way {
                    Way::Up => (to_tail, to_head),
                    Way::Down => (to_head, to_tail),
                };
                if self.weights.down[first] + self.weights.up[second] == weight {
                    through = Some((first, second));
                }
            });
            if let Some((first, second)) = through {
                stack.push((second, Way::Up));
                stack.push((first, Way::Down));
            }
        }
    }
}

/// Along a skeleton arc from its lower to its higher end, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// A node on the way up the elimination tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) rank: u32,
    pub(crate) millis: u32,
    /// Skeleton arc it is reached by.
    pub(crate) by: u32,
}

/// The best node in which two climbs meet.
fn meet(ahead: &[Step], behind: &[Step]) -> Option<(u32, u32)> {
    let mut best: Option<(u32, u32)> = None;
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (ahead.get(i), behind.get(j)) {
        match a.rank.cmp(&b.rank) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                let millis = a.millis.saturating_add(b.millis);
                if millis < UNREACHABLE && best.is_none_or(|(least, _)| millis < least) {
                    best = Some((millis, a.rank));
                }
                i += 1;
                j += 1;
            }
        }
    }
    best
}
