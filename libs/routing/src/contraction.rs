//! The skeleton of the hierarchy: which arcs exist once nodes have been contracted in order. It knows no weights.

use crate::graph::RoadGraph;
use crate::order::{dissect, neighbours};
use crate::{ix, short};

/// No node.
pub(crate) const NONE: u32 = u32::MAX;

/// Upward arcs by rank: from each node to its neighbours of higher rank at the moment of its contraction.
#[derive(Debug, Clone)]
pub(crate) struct Skeleton {
    /// Rank of each node of the graph.
    pub(crate) rank: Vec<u32>,
    /// Node of the graph by rank.
    pub(crate) node: Vec<u32>,
    pub(crate) first: Vec<u32>,
    pub(crate) tail: Vec<u32>,
    pub(crate) head: Vec<u32>,
    /// The lowest upward neighbour: the way to the root of the elimination tree.
    pub(crate) parent: Vec<u32>,
    /// Arcs by their upper end: numbers into `head`, grouped by head, by rising tail.
    pub(crate) down_first: Vec<u32>,
    pub(crate) down: Vec<u32>,
}

impl Skeleton {
    /// Contracts a graph in the order of nested dissection.
    pub(crate) fn new(graph: &RoadGraph) -> Self {
        let node = dissect(graph);
        let nodes = node.len();
        let mut rank = vec![0; nodes];
        for (position, &n) in node.iter().enumerate() {
            rank[ix(n)] = short(position);
        }
        let up = upward(&neighbours(graph), &node, &rank);
        let mut first = vec![0];
        let (mut tail, mut head, mut parent) = (Vec::new(), Vec::new(), Vec::with_capacity(nodes));
        for (number, list) in up.into_iter().enumerate() {
            parent.push(list.first().copied().unwrap_or(NONE));
            tail.extend(std::iter::repeat_n(short(number), list.len()));
            head.extend(list);
            first.push(short(head.len()));
        }
        let (down_first, down) = downward(&head, nodes);
        Self {
            rank,
            node,
            first,
            tail,
            head,
            parent,
            down_first,
            down,
        }
    }

    /// Upward arcs of a rank.
    pub(crate) fn up(&self, rank: u32) -> std::ops::Range<usize> {
        ix(self.first[ix(rank)])..ix(self.first[ix(rank) + 1])
    }

    /// The upward arc from a rank to a higher one, if there is one.
    pub(crate) fn arc(&self, tail: u32, head: u32) -> Option<usize> {
        let range = self.up(tail);
        let found = self.head[range.clone()].binary_search(&head).ok()?;
        Some(range.start + found)
    }

    /// Upward arcs that end in a rank, by rising tail.
    pub(crate) fn below(&self, rank: u32) -> &[u32] {
        &self.down[ix(self.down_first[ix(rank)])..ix(self.down_first[ix(rank) + 1])]
    }

    /// Calls `visit` with both lower arcs (to the arc's tail, to its head) of every lower triangle of an arc.
    pub(crate) fn lower_triangles(&self, arc: usize, mut visit: impl FnMut(usize, usize)) {
        let (a, b) = (self.below(self.tail[arc]), self.below(self.head[arc]));
        let (mut i, mut j) = (0, 0);
        while let (Some(&left), Some(&right)) = (a.get(i), b.get(j)) {
            match self.tail[ix(left)].cmp(&self.tail[ix(right)]) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    visit(ix(left), ix(right));
                    i += 1;
                    j += 1;
                }
            }
        }
    }
}

/// For each rank, its upward neighbours in rising order once everything below has been contracted.
fn upward(neighbours: &[Vec<u32>], node: &[u32], rank: &[u32]) -> Vec<Vec<u32>> {
    let mut up: Vec<Vec<u32>> = vec![Vec::new(); node.len()];
    for position in 0..node.len() {
        let mut list = std::mem::take(&mut up[position]);
        let own = neighbours[ix(node[position])]
            .iter()
            .map(|&other| rank[ix(other)]);
        list.extend(own.filter(|&other| ix(other) > position));
        list.sort_unstable();
        list.dedup();
        // All upward neighbours become neighbours of each other; handing them to the lowest is enough.
        if let Some((&lowest, rest)) = list.split_first() {
            up[ix(lowest)].extend_from_slice(rest);
        }
        up[position] = list;
    }
    up
}

fn downward(head: &[u32], nodes: usize) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0; nodes + 1];
    for &end in head {
        first[ix(end) + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut down = vec![0; head.len()];
    for (arc, &end) in head.iter().enumerate() {
        down[ix(next[ix(end)])] = short(arc);
        next[ix(end)] += 1;
    }
    (first, down)
}
