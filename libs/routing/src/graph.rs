//! The road graph: junctions and shape points with positions, arcs with length and time.

use crate::geometry::{Position, metres_between, whole};
use crate::{UNREACHABLE, ix, short};

/// A node of a graph, from 0.
pub type NodeId = u32;
/// An arc of a graph, from 0.
pub type ArcId = u32;

/// Roads as a directed graph, arcs sorted by the node they leave.
#[derive(Debug, Clone, Default)]
pub struct RoadGraph {
    pub(crate) positions: Vec<Position>,
    /// Id of each node in the source.
    pub(crate) source_ids: Vec<i64>,
    pub(crate) first: Vec<u32>,
    pub(crate) tail: Vec<NodeId>,
    pub(crate) head: Vec<NodeId>,
    pub(crate) millis: Vec<u32>,
    pub(crate) decimetres: Vec<u32>,
    cells: Cells,
}

/// Says why a graph was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadGraph {
    /// An arc names a node that is not there.
    #[error("an arc names node {0}, which is not there")]
    NoSuchNode(NodeId),
    /// More nodes or arcs than 32 bits count.
    #[error("the graph is too large")]
    TooLarge,
}

/// Collects nodes and arcs.
#[derive(Debug, Default)]
pub struct GraphBuilder {
    positions: Vec<Position>,
    source_ids: Vec<i64>,
    arcs: Vec<Raw>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Raw {
    tail: NodeId,
    head: NodeId,
    millis: u32,
    decimetres: u32,
}

impl GraphBuilder {
    /// Starts with nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node; `source_id` is its id where it comes from.
    pub fn node(&mut self, position: Position, source_id: i64) -> NodeId {
        self.positions.push(position);
        self.source_ids.push(source_id);
        short(self.positions.len() - 1)
    }

    /// Adds an arc driven at `speed` km/h, as long as its ends are apart.
    pub fn drive(&mut self, tail: NodeId, head: NodeId, speed: f64) {
        let (Some(&from), Some(&to)) = (self.positions.get(ix(tail)), self.positions.get(ix(head))) else {
            self.arc(tail, head, 0, 0);
            return;
        };
        let metres = metres_between(from, to);
        let millis = whole(metres * 3_600.0 / speed, UNREACHABLE - 1);
        self.arc(tail, head, millis, whole(metres * 10.0, UNREACHABLE));
    }

    /// Adds an arc of given time and length.
    pub fn arc(&mut self, tail: NodeId, head: NodeId, millis: u32, decimetres: u32) {
        self.arcs.push(Raw {
            tail,
            head,
            millis: millis.min(UNREACHABLE - 1),
            decimetres,
        });
    }

    /// Makes the graph. Of parallel arcs the quickest stays; arcs from a node to itself go.
    pub fn build(mut self) -> Result<RoadGraph, BadGraph> {
        let nodes = self.positions.len();
        let largest = ix(UNREACHABLE);
        if nodes >= largest || self.arcs.len() >= largest {
            return Err(BadGraph::TooLarge);
        }
        for arc in &self.arcs {
            for node in [arc.tail, arc.head] {
                if ix(node) >= nodes {
                    return Err(BadGraph::NoSuchNode(node));
                }
            }
        }
        self.arcs.retain(|arc| arc.tail != arc.head);
        self.arcs.sort_unstable();
        self.arcs.dedup_by_key(|arc| (arc.tail, arc.head));
        let mut first = vec![0; nodes + 1];
        for arc in &self.arcs {
            first[ix(arc.tail) + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        Ok(RoadGraph {
            cells: Cells::new(&self.positions),
            positions: self.positions,
            source_ids: self.source_ids,
            first,
            tail: self.arcs.iter().map(|arc| arc.tail).collect(),
            head: self.arcs.iter().map(|arc| arc.head).collect(),
            millis: self.arcs.iter().map(|arc| arc.millis).collect(),
            decimetres: self.arcs.iter().map(|arc| arc.decimetres).collect(),
        })
    }
}

impl RoadGraph {
    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.positions.len()
    }

    /// Number of directed arcs.
    pub fn arcs(&self) -> usize {
        self.head.len()
    }

    /// Sum of the lengths of all directed arcs, in metres.
    pub fn metres(&self) -> f64 {
        self.decimetres
            .iter()
            .map(|&length| f64::from(length) / 10.0)
            .sum()
    }

    /// Where a node lies.
    pub fn position(&self, node: NodeId) -> Option<Position> {
        self.positions.get(ix(node)).copied()
    }

    /// Id of a node in the source.
    pub fn source_id(&self, node: NodeId) -> Option<i64> {
        self.source_ids.get(ix(node)).copied()
    }

    /// Both ends of an arc.
    pub fn ends(&self, arc: ArcId) -> Option<(NodeId, NodeId)> {
        Some((*self.tail.get(ix(arc))?, *self.head.get(ix(arc))?))
    }

    /// Driving times of all arcs, in milliseconds, in the order of arcs: what closures are applied to.
    pub fn times(&self) -> &[u32] {
        &self.millis
    }

    /// Lengths of all arcs, in decimetres, in the order of arcs.
    pub fn lengths(&self) -> &[u32] {
        &self.decimetres
    }

    /// Numbers of the arcs that leave a node.
    pub fn out(&self, node: NodeId) -> std::ops::Range<usize> {
        ix(self.first[ix(node)])..ix(self.first[ix(node) + 1])
    }

    /// The node nearest to a position as the crow flies; `None` in an empty graph.
    pub fn nearest_node(&self, position: Position) -> Option<NodeId> {
        self.cells.nearest(&self.positions, position)
    }

    /// The size of the largest part in which every node reaches every other.
    pub fn largest_component(&self) -> usize {
        crate::order::strong_components(self)
            .into_iter()
            .max()
            .unwrap_or(0)
    }
}

/// A grid over the nodes, so that the nearest one is found without a look at all.
#[derive(Debug, Clone, Default)]
struct Cells {
    origin: (f64, f64),
    /// Cells along each side.
    side: u32,
    step: (f64, f64),
    first: Vec<u32>,
    nodes: Vec<NodeId>,
}

impl Cells {
    fn new(positions: &[Position]) -> Self {
        if positions.is_empty() {
            return Self::default();
        }
        let fold = |of: fn(&Position) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
            positions.iter().map(of).fold(start, pick)
        };
        let (west, east) = (
            fold(|p| p.lon, f64::min, f64::INFINITY),
            fold(|p| p.lon, f64::max, f64::NEG_INFINITY),
        );
        let (south, north) = (
            fold(|p| p.lat, f64::min, f64::INFINITY),
            fold(|p| p.lat, f64::max, f64::NEG_INFINITY),
        );
        let side = short((positions.len() / 4).isqrt().clamp(1, 2_000));
        let mut cells = Self {
            origin: (west, south),
            side,
            step: (
                ((east - west) / f64::from(side)).max(1e-9),
                ((north - south) / f64::from(side)).max(1e-9),
            ),
            first: vec![0; ix(side) * ix(side) + 1],
            nodes: vec![0; positions.len()],
        };
        for position in positions {
            let cell = cells.cell(*position);
            cells.first[cell + 1] += 1;
        }
        for cell in 1..cells.first.len() {
            cells.first[cell] += cells.first[cell - 1];
        }
        let mut next = cells.first.clone();
        for (node, position) in positions.iter().enumerate() {
            let cell = cells.cell(*position);
            cells.nodes[ix(next[cell])] = short(node);
            next[cell] += 1;
        }
        cells
    }

    fn column(&self, position: Position) -> (u32, u32) {
        let last = self.side - 1;
        let along = |value: f64, origin: f64, step: f64| whole(((value - origin) / step).floor(), last);
        (
            along(position.lon, self.origin.0, self.step.0),
            along(position.lat, self.origin.1, self.step.1),
        )
    }

    fn cell(&self, position: Position) -> usize {
        let (column, row) = self.column(position);
        ix(row) * ix(self.side) + ix(column)
    }

    /// Searches square rings of cells until nothing nearer can come.
    fn nearest(&self, positions: &[Position], position: Position) -> Option<NodeId> {
        if positions.is_empty() {
            return None;
        }
        let (column, row) = self.column(position);
        let mut best: Option<(f64, NodeId)> = None;
        for ring in 0..=self.side {
            for node in self.ring(column, row, ring) {
                let metres = metres_between(position, positions[ix(node)]);
                if best.is_none_or(|(least, _)| metres < least) {
                    best = Some((metres, node));
                }
            }
            if let Some((least, _)) = best
                && self.beyond(position, (column, row), ring) > least
            {
                break;
            }
        }
        best.map(|(_, node)| node)
    }

    /// A lower bound of the distance from the position to any node outside the rings up to `ring`, in metres.
    fn beyond(&self, position: Position, (column, row): (u32, u32), ring: u32) -> f64 {
        let edge = |origin: f64, step: f64, index: i64| origin + step * small(index);
        let (c, r, k) = (i64::from(column), i64::from(row), i64::from(ring));
        let west = edge(self.origin.0, self.step.0, c - k);
        let east = edge(self.origin.0, self.step.0, c + k + 1);
        let south = edge(self.origin.1, self.step.1, r - k);
        let north = edge(self.origin.1, self.step.1, r + k + 1);
        let degrees_lon = (position.lon - west).min(east - position.lon).max(0.0);
        let degrees_lat = (position.lat - south).min(north - position.lat).max(0.0);
        // The narrowest a degree of longitude gets within the searched band.
        let widest_lat = position.lat.abs() + self.step.1 * f64::from(ring + 1);
        let lon_metres = 111_000.0 * widest_lat.min(89.9).to_radians().cos();
        (degrees_lon * lon_metres).min(degrees_lat * 110_500.0) * 0.99
    }

    fn ring(&self, column: u32, row: u32, ring: u32) -> impl Iterator<Item = NodeId> + '_ {
        let last = self.side - 1;
        let (top, bottom) = (row.saturating_sub(ring), (row + ring).min(last));
        (top..=bottom).flat_map(move |r| {
            let whole_row = r.abs_diff(row) == ring;
            let (left, right) = (column.saturating_sub(ring), (column + ring).min(last));
            (left..=right)
                .filter(move |c| whole_row || c.abs_diff(column) == ring)
                .flat_map(move |c| self.content(ix(r) * ix(self.side) + ix(c)))
        })
    }

    fn content(&self, cell: usize) -> impl Iterator<Item = NodeId> + '_ {
        self.nodes[ix(self.first[cell])..ix(self.first[cell + 1])]
            .iter()
            .copied()
    }
}

/// A small whole number as a float.
fn small(number: i64) -> f64 {
    i32::try_from(number).map_or(f64::MAX, f64::from)
}
