//! The order of contraction: nested dissection by inertial flow (Schild and Sommer 2015).
//!
//! Nodes are sorted along four directions; the first and the last quarter become source and sink, and the least set of
//! edges between them parts the graph. Its ends on the smaller side come last in the order, then both sides in turn.

use std::collections::VecDeque;

use crate::graph::RoadGraph;
use crate::{ix, short};

/// Parts smaller than this are ordered by degree.
const LEAF: usize = 24;
/// No node.
const NONE: u32 = u32::MAX;

/// Undirected neighbours of each node, without repetition.
pub(crate) fn neighbours(graph: &RoadGraph) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); graph.nodes()];
    for (&tail, &head) in graph.tail.iter().zip(&graph.head) {
        all[ix(tail)].push(head);
        all[ix(head)].push(tail);
    }
    for list in &mut all {
        list.sort_unstable();
        list.dedup();
    }
    all
}

/// Nodes in the order in which they are contracted.
pub(crate) fn dissect(graph: &RoadGraph) -> Vec<u32> {
    let mut work = Dissection {
        neighbours: neighbours(graph),
        graph,
        local: vec![NONE; graph.nodes()],
        backwards: Vec::with_capacity(graph.nodes()),
    };
    let mut parts = vec![(0..short(graph.nodes())).collect::<Vec<u32>>()];
    while let Some(part) = parts.pop() {
        if part.len() <= LEAF {
            work.finish(part);
            continue;
        }
        let pieces = work.connected(&part);
        if pieces.len() > 1 {
            parts.extend(pieces);
            continue;
        }
        let (separator, left, right) = work.split(&part);
        work.backwards.extend(separator);
        parts.extend([left, right]);
    }
    work.backwards.reverse();
    work.backwards
}

struct Dissection<'g> {
    neighbours: Vec<Vec<u32>>,
    graph: &'g RoadGraph,
    /// Number of a node within the part in work.
    local: Vec<u32>,
    /// The order, last first.
    backwards: Vec<u32>,
}

impl Dissection<'_> {
    fn finish(&mut self, mut part: Vec<u32>) {
        part.sort_by_key(|&node| std::cmp::Reverse((self.neighbours[ix(node)].len(), node)));
        self.backwards.extend(part);
    }

    fn enter(&mut self, part: &[u32]) {
        for (number, &node) in part.iter().enumerate() {
            self.local[ix(node)] = short(number);
        }
    }

    fn leave(&mut self, part: &[u32]) {
        for &node in part {
            self.local[ix(node)] = NONE;
        }
    }

    fn connected(&mut self, part: &[u32]) -> Vec<Vec<u32>> {
        self.enter(part);
        let mut seen = vec![false; part.len()];
        let mut pieces = Vec::new();
        for start in 0..part.len() {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let mut piece = vec![part[start]];
            let mut next = 0;
            while let Some(&node) = piece.get(next) {
                next += 1;
                let inside = self.neighbours[ix(node)].iter().copied().filter(|&other| {
                    let number = self.local[ix(other)];
                    number != NONE && !std::mem::replace(&mut seen[ix(number)], true)
                });
                piece.extend(inside);
            }
            pieces.push(piece);
        }
        self.leave(part);
        pieces
    }

    /// Separator and the two sides, by the best of four directions.
    fn split(&mut self, part: &[u32]) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        self.enter(part);
        let flow = Network::new(part, &self.neighbours, &self.local);
        let mut best: Option<(usize, Vec<bool>)> = None;
        for direction in [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0)] {
            let sorted = self.sorted(part, direction);
            let limit = best.as_ref().map_or(usize::MAX, |(cut, _)| *cut);
            if let Some((cut, side)) = flow.cut(&sorted, limit) {
                best = Some((cut, side));
            }
        }
        let side = best.map_or_else(|| half(part.len()), |(_, side)| side);
        let parted = self.parted(part, &side);
        self.leave(part);
        parted
    }

    fn sorted(&self, part: &[u32], (x, y): (f64, f64)) -> Vec<u32> {
        let mut keyed: Vec<(f64, u32)> = part
            .iter()
            .enumerate()
            .map(|(number, &node)| {
                let position = self.graph.positions[ix(node)];
                (position.lon * x + position.lat * y, short(number))
            })
            .collect();
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        keyed.into_iter().map(|(_, number)| number).collect()
    }

    /// The ends of the cut edges on the smaller side become the separator.
    fn parted(&self, part: &[u32], side: &[bool]) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        let count = side.iter().filter(|in_first| **in_first).count();
        let small = count * 2 <= part.len();
        let (mut separator, mut left, mut right) = (Vec::new(), Vec::new(), Vec::new());
        for (number, &node) in part.iter().enumerate() {
            let on_cut = side[number] == small
                && self.neighbours[ix(node)].iter().any(|&other| {
                    let there = self.local[ix(other)];
                    there != NONE && side[ix(there)] != side[number]
                });
            if on_cut {
                separator.push(node);
            } else if side[number] {
                left.push(node);
            } else {
                right.push(node);
            }
        }
        (separator, left, right)
    }
}

fn half(length: usize) -> Vec<bool> {
    (0..length).map(|number| number < length / 2).collect()
}

/// Unit-capacity flow within a part: augmenting paths by breadth-first search, until the cut is known.
struct Network {
    first: Vec<usize>,
    head: Vec<u32>,
    /// The same edge the other way.
    twin: Vec<usize>,
}

impl Network {
    fn new(part: &[u32], neighbours: &[Vec<u32>], local: &[u32]) -> Self {
        let mut first = vec![0];
        let mut head = Vec::new();
        for &node in part {
            let inside = neighbours[ix(node)].iter().map(|&other| local[ix(other)]);
            head.extend(inside.filter(|&number| number != NONE));
            first.push(head.len());
        }
        let mut network = Self {
            twin: vec![0; head.len()],
            first,
            head,
        };
        for node in 0..part.len() {
            for edge in network.edges(node) {
                let other = ix(network.head[edge]);
                let back = network.edges(other).find(|&e| ix(network.head[e]) == node);
                network.twin[edge] = back.unwrap_or(edge);
            }
        }
        network
    }

    fn edges(&self, node: usize) -> std::ops::Range<usize> {
        self.first[node]..self.first[node + 1]
    }

    /// Size of the least cut between the first and the last quarter of `sorted`, and who lies on the source's side;
    /// `None` once it would not be below `limit`.
    fn cut(&self, sorted: &[u32], limit: usize) -> Option<(usize, Vec<bool>)> {
        let quarter = (sorted.len() / 4).max(1);
        let (sources, sinks) = (&sorted[..quarter], &sorted[sorted.len() - quarter..]);
        let mut is_sink = vec![false; sorted.len()];
        for &sink in sinks {
            is_sink[ix(sink)] = true;
        }
        let mut used = vec![false; self.head.len()];
        let mut flow = 0;
        loop {
            let (from, reached) = self.search(sources, &is_sink, &used);
            let Some(mut node) = reached else {
                let side = from.iter().map(|&edge| edge != usize::MAX).collect();
                return Some((flow, side));
            };
            flow += 1;
            if flow >= limit {
                return None;
            }
            while from[node] != ROOT {
                let edge = from[node];
                let twin = self.twin[edge];
                if used[twin] {
                    used[twin] = false;
                } else {
                    used[edge] = true;
                }
                node = ix(self.head[twin]);
            }
        }
    }

    /// The edge by which each node is reached, and the first sink among them.
    fn search(&self, sources: &[u32], is_sink: &[bool], used: &[bool]) -> (Vec<usize>, Option<usize>) {
        let mut from = vec![usize::MAX; is_sink.len()];
        let mut queue: VecDeque<usize> = sources.iter().map(|&source| ix(source)).collect();
        for &source in sources {
            from[ix(source)] = ROOT;
        }
        while let Some(node) = queue.pop_front() {
            for edge in self.edges(node) {
                let other = ix(self.head[edge]);
                if used[edge] || from[other] != usize::MAX {
                    continue;
                }
                from[other] = edge;
                if is_sink[other] {
                    return (from, Some(other));
                }
                queue.push_back(other);
            }
        }
        (from, None)
    }
}

/// Reached without an edge.
const ROOT: usize = usize::MAX - 1;

/// Sizes of the strongly connected components (Tarjan, without recursion).
pub(crate) fn strong_components(graph: &RoadGraph) -> Vec<usize> {
    let nodes = graph.nodes();
    let mut index = vec![NONE; nodes];
    let mut low = vec![0_u32; nodes];
    let mut on_stack = vec![false; nodes];
    let (mut stack, mut sizes, mut counter) = (Vec::new(), Vec::new(), 0_u32);
    for root in 0..nodes {
        if index[root] != NONE {
            continue;
        }
        let mut calls = vec![(root, graph.out(short(root)))];
        while let Some((node, arcs)) = calls.last_mut() {
            let node = *node;
            if index[node] == NONE {
                index[node] = counter;
                low[node] = counter;
                counter += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(arc) = arcs.next() {
                let head = ix(graph.head[arc]);
                if index[head] == NONE {
                    calls.push((head, graph.out(short(head))));
                } else if on_stack[head] {
                    low[node] = low[node].min(index[head]);
                }
                continue;
            }
            calls.pop();
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == index[node] {
                sizes.push(pop_component(&mut stack, &mut on_stack, node));
            }
        }
    }
    sizes
}

fn pop_component(stack: &mut Vec<usize>, on_stack: &mut [bool], root: usize) -> usize {
    let mut size = 0;
    while let Some(node) = stack.pop() {
        on_stack[node] = false;
        size += 1;
        if node == root {
            break;
        }
    }
    size
}
