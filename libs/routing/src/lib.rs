//! Roads: who can be where, and how soon.
//!
//! - [`read_pbf`], [`read_xml`]: a [`RoadGraph`] from OpenStreetMap data, by a [`Profile`] of speeds.
//! - [`Routes`]: customizable contraction hierarchies (Dibbelt, Strasser, Wagner 2014): the order of contraction
//!   depends on the map alone, so closing roads only re-weights it.
//! - [`Nearest`]: the next few of thousands of resources by road.
//! - [`reach`]: plain Dijkstra, for isochrones and as the judge of everything above.
//!
//! Times are whole milliseconds, lengths whole decimetres, positions degrees (WGS-84, which is CGCS2000 at this
//! accuracy). Turn restrictions are not read.

mod closure;
mod contraction;
mod dijkstra;
mod geometry;
mod graph;
mod nearest;
mod order;
mod osm;
mod profile;
mod query;
mod raw;
mod reweigh;

pub use closure::{arcs_across, arcs_within};
pub use dijkstra::{Reach, reach};
pub use geometry::{Position, metres_between};
pub use graph::{ArcId, BadGraph, GraphBuilder, NodeId, RoadGraph};
pub use nearest::{Nearby, Nearest};
pub use osm::{OsmError, read_pbf, read_xml};
pub use profile::{Profile, ProfileError};
pub use query::{Route, Routes};

/// Milliseconds of a way that does not exist. Two of them still fit a `u32`.
pub const UNREACHABLE: u32 = u32::MAX >> 1;

/// A `u32` as an index.
pub(crate) fn ix(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// An index as a `u32`; graphs of more than four thousand million arcs are refused when they are built.
pub(crate) fn short(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
