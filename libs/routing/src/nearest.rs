//! The next few of thousands of resources by road.

use crate::graph::NodeId;
use crate::query::Routes;
use crate::{UNREACHABLE, ix, short};

/// Most that can be asked for at once.
const MOST: usize = 64;

/// A resource and how soon it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nearby {
    /// Driving time to the place that was asked about, in milliseconds.
    pub millis: u32,
    /// Index of the resource in the list that [`Nearest::new`] was given.
    pub resource: u32,
}

/// Resources laid into the hierarchy: each node knows the soonest that come up to it.
#[derive(Debug, Clone)]
pub struct Nearest {
    first: Vec<u32>,
    content: Vec<Nearby>,
    resources: usize,
}

impl Nearest {
    /// Lays resources, given by the nodes they stand at, into the hierarchy.
    ///
    /// Must be made anew after roads were closed or opened.
    pub fn new(routes: &Routes, resources: &[NodeId]) -> Self {
        let nodes = routes.skeleton.node.len();
        let mut buckets: Vec<Vec<Nearby>> = vec![Vec::new(); nodes];
        for (index, &node) in resources.iter().enumerate() {
            let Some(&rank) = routes.skeleton.rank.get(ix(node)) else {
                continue;
            };
            for step in routes.climb(rank, &routes.weights.up) {
                if step.millis < UNREACHABLE {
                    keep(
                        &mut buckets[ix(step.rank)],
                        Nearby {
                            millis: step.millis,
                            resource: short(index),
                        },
                    );
                }
            }
        }
        let mut laid = Self {
            first: vec![0],
            content: Vec::new(),
            resources: resources.len(),
        };
        for mut bucket in buckets {
            bucket.sort_unstable();
            // Whoever is not among the first of a node cannot be among the first of any place reached through it.
            bucket.truncate(MOST);
            laid.content.extend(bucket);
            laid.first.push(short(laid.content.len()));
        }
        laid
    }

    /// The `count` (at most 64) resources that arrive soonest at `place`, soonest first.
    pub fn find(&self, routes: &Routes, place: NodeId, count: usize) -> Vec<Nearby> {
        let count = count.min(MOST).min(self.resources);
        let Some(&rank) = routes.skeleton.rank.get(ix(place)) else {
            return Vec::new();
        };
        let mut found: Vec<Nearby> = Vec::with_capacity(count + 1);
        for step in routes.climb(rank, &routes.weights.down) {
            let bucket = ix(self.first[ix(step.rank)])..ix(self.first[ix(step.rank) + 1]);
            for near in &self.content[bucket] {
                let millis = near.millis.saturating_add(step.millis);
                let full = found.len() >= count;
                if millis >= UNREACHABLE || (full && found.last().is_none_or(|last| millis > last.millis)) {
                    break;
                }
                insert(
                    &mut found,
                    count,
                    Nearby {
                        millis,
                        resource: near.resource,
                    },
                );
            }
        }
        found
    }
}

/// Keeps a bucket small while it is filled.
fn keep(bucket: &mut Vec<Nearby>, near: Nearby) {
    bucket.push(near);
    if bucket.len() >= 4 * MOST {
        bucket.select_nth_unstable(MOST - 1);
        bucket.truncate(MOST);
    }
}

/// Puts a resource in its place; a resource that is there already keeps its better time.
fn insert(found: &mut Vec<Nearby>, count: usize, near: Nearby) {
    if let Some(known) = found.iter().position(|other| other.resource == near.resource) {
        if found[known].millis <= near.millis {
            return;
        }
        found.remove(known);
    }
    let at = found.partition_point(|other| *other < near);
    found.insert(at, near);
    found.truncate(count);
}
