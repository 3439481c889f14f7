//! Closing roads by drawing: a line that cuts them, an area that holds them.

use crate::geometry::{Position, cross, inside};
use crate::graph::{ArcId, RoadGraph};
use crate::{ix, short};

/// The arcs that a drawn line crosses.
pub fn arcs_across(graph: &RoadGraph, line: &[Position]) -> Vec<ArcId> {
    touched(graph, line, |from, to| {
        line.windows(2)
            .any(|part| matches!(part, [a, b] if cross(*a, *b, from, to)))
    })
}

/// The arcs that lie in an area or cross its border; the area is given by its corners.
pub fn arcs_within(graph: &RoadGraph, corners: &[Position]) -> Vec<ArcId> {
    let border: Vec<Position> = corners.iter().chain(corners.first()).copied().collect();
    touched(graph, corners, |from, to| {
        inside(corners, from)
            || inside(corners, to)
            || border
                .windows(2)
                .any(|part| matches!(part, [a, b] if cross(*a, *b, from, to)))
    })
}

fn touched(
    graph: &RoadGraph,
    drawn: &[Position],
    touches: impl Fn(Position, Position) -> bool,
) -> Vec<ArcId> {
    let bounds = |of: fn(&Position) -> f64| {
        let low = drawn.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = drawn.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    };
    let (west, east) = bounds(|p| p.lon);
    let (south, north) = bounds(|p| p.lat);
    let near = |a: Position, b: Position| {
        a.lon.min(b.lon) <= east
            && a.lon.max(b.lon) >= west
            && a.lat.min(b.lat) <= north
            && a.lat.max(b.lat) >= south
    };
    (0..graph.arcs())
        .filter(|&arc| {
            let from = graph.positions[ix(graph.tail[arc])];
            let to = graph.positions[ix(graph.head[arc])];
            near(from, to) && touches(from, to)
        })
        .map(short)
        .collect()
}
